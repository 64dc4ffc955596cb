// Asks before leaving a form whose words are not saved.
const state = (form) => new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string")).toString();
const saved = new WeakMap();

const remember = () => {
  for (const form of document.querySelectorAll("form[data-guard]")) {
    if (!saved.has(form)) saved.set(form, state(form));
  }
};

remember();
document.addEventListener("htmx:after:swap", remember);
document.addEventListener("submit", (event) => saved.delete(event.target));
addEventListener("beforeunload", (event) => {
  for (const form of document.querySelectorAll("form[data-guard]")) {
    if (saved.has(form) && saved.get(form) !== state(form)) return event.preventDefault();
  }
});
