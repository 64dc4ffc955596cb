// The palette asks the plain search page and shows its data-result links as a listbox. Without an answer, Enter
// still opens the search page itself.
const palette = document.getElementById("palette");
const input = palette?.querySelector("input");
const list = palette?.querySelector("[role=listbox]");
const WAIT_MS = 120;
const RESULTS_MAX = 12;
let waiting;
let asking;

const options = () => [...list.querySelectorAll("[role=option]")];
const chosen = () => list.querySelector("[aria-selected=true]");

const choose = (option) => {
  chosen()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
};

const show = (links) => {
  list.replaceChildren(...links);
  options().forEach((option, place) => {
    option.id = `palette-${place}`;
  });
  input.setAttribute("aria-expanded", String(links.length > 0));
  choose(options()[0]);
};

// The pages of the navigation and of the New menu answer at once, before the server does.
const actions = (words) => {
  const found = document.querySelectorAll(".nav > ul a, .new .menu-list a, .account .menu-list a");
  return [...found]
    .map((link) => {
      const name = (link.closest(".new") ? "New " : "") + (link.querySelector("span") ?? link.childNodes[1]).textContent.trim();
      return { link, name: link.closest(".new") ? name.toLowerCase().replace("new", "New") : name };
    })
    .filter(({ name }) => words !== "" && name.toLowerCase().includes(words.toLowerCase()))
    .map(({ link, name }) => {
      const option = document.createElement("a");
      option.className = "result";
      option.href = link.href;
      const text = document.createElement("span");
      text.className = "result-text";
      text.textContent = name;
      const kind = document.createElement("small");
      kind.textContent = "Go to";
      option.append(link.querySelector("svg").cloneNode(true), text, kind);
      return option;
    });
};

const asOptions = (links) =>
  links.slice(0, RESULTS_MAX).map((link) => {
    link.setAttribute("role", "option");
    link.setAttribute("aria-selected", "false");
    link.tabIndex = -1;
    return link;
  });

const ask = async () => {
  const words = input.value.trim();
  asking?.abort();
  const own = actions(words);
  show(asOptions(own));
  if (words === "") return;
  asking = new AbortController();
  try {
    const answer = await fetch(`/search?q=${encodeURIComponent(words)}`, { signal: asking.signal });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const links = [...page.querySelectorAll("[data-result]")].map((link) => document.importNode(link, true));
    show(asOptions([...links, ...own]));
  } catch (problem) {
    if (problem.name !== "AbortError") list.replaceChildren();
  }
};

const open = (words = "") => {
  if (palette.open) return;
  input.value = words;
  palette.showModal();
  input.focus();
  ask();
};

if (palette) {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  for (const field of document.querySelectorAll("[data-opens-palette]")) {
    field.addEventListener("input", () => {
      open(field.value);
      field.value = "";
    });
  }
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, WAIT_MS);
  });
  input.addEventListener("keydown", (event) => {
    const all = options();
    const place = all.indexOf(chosen());
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && all.length > 0) {
      event.preventDefault();
      choose(all[(place + step + all.length) % all.length]);
    } else if (event.key === "Escape") {
      // A search field would only empty itself.
      event.preventDefault();
      palette.close();
    } else if (event.key === "Enter" && chosen()) {
      event.preventDefault();
      chosen().click();
    }
  });
}
