// A filter form sends itself when something is chosen, and shortly after something is typed.
const TYPING_MS = 300;
let typing;

const send = (form) => {
  clearTimeout(typing);
  form.requestSubmit();
};

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-filters]") && !event.target.matches("[type=search], [type=text]")) send(form);
});

// Typing sends only where htmx changes the page in place: a page that loads anew would take the caret away.
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!window.htmx || !form?.matches("[data-filters][hx-get]") || !event.target.matches("[type=search], [type=text]")) return;
  clearTimeout(typing);
  typing = setTimeout(() => send(form), TYPING_MS);
});
