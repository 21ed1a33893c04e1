// Runs before the first paint, so that a dark page never flashes white. Its own file, because the page's policy lets
// no inline script run. The key is the one Mantine keeps the choice under.
(function () {
  var scheme = 'auto';
  try {
    scheme = localStorage.getItem('mantine-color-scheme-value') || 'auto';
  } catch (_) {
    /* storage may be closed to us; the system's choice stands */
  }
  var dark = scheme === 'dark' || (scheme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
