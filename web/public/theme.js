// Before the first paint, so that a light page never flashes dark. A file of its own because the content security
// policy allows no inline script.
(() => {
  try {
    const { theme } = JSON.parse(localStorage.getItem('ironbark.preferences') ?? '{}');
    if (theme !== 'light' && theme !== 'contrast') return;
    document.documentElement.dataset.theme = theme;
    document.documentElement.dataset.mantineColorScheme = theme === 'light' ? 'light' : 'dark';
  } catch {
    // Storage is off or holds something else: the default stands.
  }
})();
