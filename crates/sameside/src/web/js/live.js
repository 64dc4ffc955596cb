// An open page hears when something happened, and shows it without being loaded again. The element names the stream:
// <live-page href="/live?...">. What follows the words "changed" or "notices" is fetched as the page itself; each part
// marked data-live that differs takes the place of the old one, but none in which somebody is writing. While the page
// is not in sight it does not listen: browsers give few connections to one site.
const isBusy = (part) => {
  const at = document.activeElement;
  if (at && part.contains(at) && at.matches("input, textarea, select")) return true;
  const fields = part.querySelectorAll("input:not([type=hidden]), textarea, select");
  return Array.from(fields).some((field) =>
    field.matches("[type=radio], [type=checkbox]") ? field.checked !== field.defaultChecked
      : field.matches("select") ? field.selectedIndex > 0 && !field.selectedOptions[0]?.defaultSelected
        : field.value !== field.defaultValue);
};

// Takes over what differs; answers with whether anything did.
const merge = (old, fresh) => {
  if (old.outerHTML === fresh.outerHTML || isBusy(old)) return false;
  const open = Array.from(old.querySelectorAll("details"), (one) => one.open);
  const copy = document.importNode(fresh, true);
  copy.querySelectorAll("details").forEach((one, n) => (one.open = open[n] ?? one.open));
  old.replaceWith(copy);
  globalThis.htmx?.process(copy);
  return true;
};

const mergeChildren = (old, fresh) => {
  let changed = false;
  const ids = new Set(Array.from(fresh.children, (part) => part.id));
  for (const part of Array.from(old.children)) if (part.id && !ids.has(part.id) && !isBusy(part)) { part.remove(); changed = true; }
  let before = null;
  for (const part of Array.from(fresh.children)) {
    const known = part.id && document.getElementById(part.id);
    if (known) changed = merge(known, part) || changed;
    else { old.insertBefore(document.importNode(part, true), before ? before.nextSibling : old.firstChild); changed = true; }
    before = document.getElementById(part.id) ?? before;
  }
  return changed;
};

let under = null;
const refresh = () => (under ??= fetch(location.href, { headers: { accept: "text/html" } }).then(async (answer) => {
  under = null;
  if (answer.status === 404 || answer.status === 410) return location.reload();
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  let changed = false;
  for (const fresh of page.querySelectorAll("[data-live][id]")) {
    const old = document.getElementById(fresh.id);
    if (!old) continue;
    changed = (fresh.dataset.live === "children" ? mergeChildren(old, fresh) : merge(old, fresh)) || changed;
  }
  const said = document.getElementById("live-said");
  if (changed && said) said.hidden = false;
}).catch(() => (under = null)));

const ring = ({ count, words, path }) => {
  for (const bell of document.querySelectorAll("[data-bell]")) {
    bell.textContent = count > 99 ? "99+" : String(count);
    bell.parentElement.hidden = count === 0;
  }
  if (words) document.dispatchEvent(new CustomEvent("toast", { detail: { value: words, path } }));
};

customElements.define("live-page", class extends HTMLElement {
  connectedCallback() {
    this.turn = () => (document.visibilityState === "visible" ? this.listen() : this.rest());
    document.addEventListener("visibilitychange", this.turn);
    addEventListener("pagehide", () => this.rest());
    addEventListener("pageshow", this.turn);
    this.turn();
  }
  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.turn);
    this.rest();
  }
  listen() {
    if (this.source) return;
    const address = new URL(this.getAttribute("href"), location.href);
    if (this.last) address.searchParams.set("since", this.last);
    this.source = new EventSource(address);
    const heard = (does) => (event) => {
      this.last = event.lastEventId || this.last;
      does(event);
    };
    this.source.addEventListener("changed", heard(refresh));
    this.source.addEventListener("ended", heard(() => { this.rest(); location.reload(); }));
    this.source.addEventListener("notices", heard((event) => {
      const said = JSON.parse(event.data);
      address.searchParams.set("unread", said.count);
      this.setAttribute("href", address.pathname + address.search);
      ring(said);
      if (document.querySelector("[data-live]")) refresh();
    }));
  }
  rest() {
    this.source?.close();
    this.source = null;
  }
});
