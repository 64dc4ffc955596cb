// Two keys in a row go somewhere or begin something; "/" finds, "?" lists them. Never while somebody writes, and
// never with a modifier, so that no key of the browser or of a screen reader is taken away.
const PAIRS = {
  "g t": "/", "g d": "/deals", "g c": "/companies", "g p": "/contacts", "g k": "/tasks", "g i": "/import",
  "n d": "/deals/new", "n c": "/companies/new", "n p": "/contacts/new", "n t": "/tasks/new",
};
const PAIR_MS = 1200;
let first = "";
let forget;

const isWriting = (element) => element.closest?.("input, textarea, select, [contenteditable], dialog[open]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isWriting(event.target)) return;
  if (event.key === "?") return document.getElementById("shortcuts")?.showModal();
  if (event.key === "/") {
    const find = document.querySelector("[data-opens-palette]");
    if (find) event.preventDefault();
    return find?.focus();
  }
  const address = PAIRS[`${first} ${event.key}`];
  clearTimeout(forget);
  first = event.key;
  forget = setTimeout(() => { first = "" }, PAIR_MS);
  const isOffered = address && document.querySelector(`header a[href="${address}"]`);
  if (isOffered) {
    event.preventDefault();
    location.assign(address);
  }
});
