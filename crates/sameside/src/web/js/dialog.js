// Opens and closes <dialog>s: data-opens="id" opens, data-closes closes, a click beside it closes too.
// What only works with a script is hidden until there is one: data-with-script.
for (const part of document.querySelectorAll("[data-with-script]")) part.hidden = false;

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (dialog instanceof HTMLDialogElement) {
    event.preventDefault();
    dialog.showModal();
    return;
  }
  if (event.target.closest?.("[data-closes]")) event.target.closest("dialog")?.close();
  if (event.target instanceof HTMLDialogElement) event.target.close();
});
