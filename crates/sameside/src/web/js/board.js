// Cards move between the columns of a board by dragging: what is sent is the card's own move form, the same that
// its menu sends. The answer is the board again; the card and the columns' heads are taken from it.
const ids = (root) => root.querySelectorAll(".deal-card[id], .column-head[id]");

const takeFrom = (page) => {
  for (const fresh of ids(page)) {
    const old = document.getElementById(fresh.id);
    if (old && !old.isEqualNode(fresh)) old.replaceWith(document.importNode(fresh, true));
  }
};

const move = async (card, column) => {
  const form = card.querySelector("form[data-move]");
  const sent = new URLSearchParams(new FormData(form));
  sent.set("stage", column.dataset.stage);
  try {
    const answer = await fetch(form.action, { method: "POST", body: sent });
    if (!answer.ok) throw new Error(String(answer.status));
    if (answer.redirected && new URL(answer.url).pathname.endsWith("/proposal/early")) {
      // Something is asked first.
      location.assign(answer.url);
      return;
    }
    takeFrom(new DOMParser().parseFromString(await answer.text(), "text/html"));
    const name = column.closest(".column").querySelector("h2").firstChild.textContent.trim();
    document.getElementById("live").textContent = `Moved to ${name}`;
  } catch {
    // Somebody else was first, or the line is down: show what is true now.
    location.reload();
  }
};

const start = (board) => {
  board.dataset.draggingWorks = "";
  for (const column of board.querySelectorAll(".column-cards")) {
    window.Sortable.create(column, {
      group: "board",
      handle: ".handle",
      draggable: ".deal-card",
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 140,
      ghostClass: "deal-card--ghost",
      chosenClass: "deal-card--held",
      onEnd: ({ item, from, to }) => {
        if (from !== to) move(item, to);
      },
    });
  }
};

const startAll = () => document.querySelectorAll("[data-board]:not([data-dragging-works])").forEach(start);

// Sortable is fetched only by pages that have a board, and not at all in a build without it.
const source = document.body.dataset.sortable;
if (source && document.querySelector("[data-board]")) {
  const script = document.createElement("script");
  script.src = source;
  script.addEventListener("load", startAll);
  document.head.append(script);
  document.addEventListener("htmx:after:swap", () => window.Sortable && startAll());
}
