// Before the first paint: the theme that the address or this browser asks for; else the system's, by CSS alone.
(() => {
  let theme = new URLSearchParams(location.search).get('theme');
  try {
    theme ??= localStorage.getItem('theme');
  } catch {
    // Storage can be forbidden.
  }
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  document.documentElement.classList.add('js');
})();
