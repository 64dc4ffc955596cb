// Light, dark, or as the system says. Runs before the first paint, so that nothing flashes: keep it this small.
// The choice stays in this browser; it is nobody's business but the reader's.
(() => {
  const root = document.documentElement;

  const applyTheme = (choice) => {
    if (choice === "light" || choice === "dark") root.dataset.theme = choice;
    else delete root.dataset.theme;
  };

  const storedTheme = () => {
    try {
      return localStorage.getItem("theme") ?? "system";
    } catch {
      return "system"; // Storage can be forbidden; then the system decides.
    }
  };

  applyTheme(storedTheme());

  document.addEventListener("DOMContentLoaded", () => {
    const buttons = document.querySelectorAll("[data-theme-choice]");
    const show = () => buttons.forEach((button) => button.setAttribute("aria-pressed", button.dataset.themeChoice === storedTheme()));
    for (const button of buttons) {
      button.addEventListener("click", () => {
        const choice = button.dataset.themeChoice;
        try {
          localStorage.setItem("theme", choice);
        } catch {
          // It holds for this page at least.
        }
        applyTheme(choice);
        show();
      });
    }
    show();
  });
})();
