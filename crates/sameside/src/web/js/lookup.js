// A lookup field offers names while one types; without this it takes the name as typed.
const LOOKUP_WAIT_MS = 150;
let lookupWaiting;
let lookupAsking;

const offer = async (field) => {
  lookupAsking?.abort();
  lookupAsking = new AbortController();
  try {
    const address = `${field.dataset.lookup}?q=${encodeURIComponent(field.value.trim())}`;
    const answer = await fetch(address, { signal: lookupAsking.signal });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    field.list?.replaceChildren(...page.querySelectorAll("option"));
  } catch (problem) {
    if (problem.name !== "AbortError") field.list?.replaceChildren();
  }
};

document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-lookup]")) return;
  clearTimeout(lookupWaiting);
  lookupWaiting = setTimeout(() => offer(event.target), LOOKUP_WAIT_MS);
});

document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-lookup]") && !event.target.list?.options.length) offer(event.target);
});
