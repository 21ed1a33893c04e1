import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import './styles.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { startI18n } from './i18n';

// After an upgrade of the server the files of the old pages are gone: the page is loaded anew, once.
window.addEventListener('vite:preloadError', (event) => {
  const KEY = 'frontdesk-reloaded-at';
  const before = Number(sessionStorage.getItem(KEY) ?? 0);
  if (Date.now() - before < 60_000) return;
  sessionStorage.setItem(KEY, String(Date.now()));
  event.preventDefault();
  location.reload();
});

await startI18n();

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no #root');

createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
