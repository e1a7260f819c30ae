// Before the first paint, so that nobody who chose dark sees a flash of white.
try {
  const theme = localStorage.getItem("studio.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden: the system's theme is shown.
}
