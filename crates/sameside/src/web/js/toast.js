// Says something without moving the page: dispatch "toast" with the sentence as detail (htmx does so for a
// response header HX-Trigger: {"toast": "Saved"}). A screen reader hears it from the live region.
const SHOWN_MS = 6000;
const toasts = document.getElementById("toasts");

document.addEventListener("toast", (event) => {
  const text = typeof event.detail === "string" ? event.detail : event.detail?.value;
  if (!toasts || !text) return;
  const toast = document.createElement("p");
  toast.className = "toast";
  const path = event.detail?.path;
  if (path) {
    const link = document.createElement("a");
    link.href = path;
    link.textContent = text;
    toast.append(link);
  } else toast.textContent = text;
  toasts.append(toast);
  setTimeout(() => toast.remove(), SHOWN_MS);
});
