// Files dropped on a dropzone go into its file input, and their names are shown. Without a script the input
// itself serves.
const zoneOf = (event) => event.target.closest?.("[data-dropzone]");

const size = (bytes) => {
  const units = ["bytes", "KB", "MB", "GB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  return `${(bytes / 1000 ** power).toFixed(power > 1 ? 1 : 0)} ${units[power]}`;
};

const showFiles = (zone) => {
  const names = [...zone.querySelector("input[type=file]").files].map((file) => {
    const line = document.createElement("li");
    line.textContent = `${file.name}, ${size(file.size)}`;
    return line;
  });
  zone.querySelector(".dropzone-files").replaceChildren(...names);
};

for (const kind of ["dragenter", "dragover"]) {
  document.addEventListener(kind, (event) => {
    const zone = zoneOf(event);
    if (!zone) return;
    event.preventDefault();
    zone.dataset.over = "";
  });
}
document.addEventListener("dragleave", (event) => {
  const zone = zoneOf(event);
  if (zone && !zone.contains(event.relatedTarget)) delete zone.dataset.over;
});
document.addEventListener("drop", (event) => {
  const zone = zoneOf(event);
  if (!zone) return;
  event.preventDefault();
  delete zone.dataset.over;
  const input = zone.querySelector("input[type=file]");
  if (!input.multiple && event.dataTransfer.files.length > 1) {
    const first = new DataTransfer();
    first.items.add(event.dataTransfer.files[0]);
    input.files = first.files;
  } else {
    input.files = event.dataTransfer.files;
  }
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
document.addEventListener("change", (event) => {
  const zone = event.target.matches?.("input[type=file]") && zoneOf(event);
  if (zone) showFiles(zone);
});
