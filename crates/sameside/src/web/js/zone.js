// Chooses the reader's own time zone where a form asks for one: data-own-zone.
for (const select of document.querySelectorAll("[data-own-zone] select")) {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...select.options].some((option) => option.value === own)) select.value = own;
}
