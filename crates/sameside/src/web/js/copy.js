// Copies what a field holds: data-copies names the field. Says so on the button itself, where the reader looks.
const SAID_MS = 2500;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  const field = button && document.getElementById(button.dataset.copies);
  if (!field) return;
  const label = button.textContent;
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    button.textContent = "Copied";
  } catch {
    // Without an encrypted address a browser keeps the clipboard to itself; what is selected can be copied by hand.
    button.textContent = "Press Ctrl C";
  }
  setTimeout(() => (button.textContent = label), SAID_MS);
});
