/// <reference types="vitest/config" />
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { mockServer } from './dev/mock-server.ts';

// `npm run dev` answers from the mock in dev/; `FRONTDESK_URL=http://127.0.0.1:8080 npm run dev` from a real server.
const server = process.env['FRONTDESK_URL'];

/** The server takes changes from its own pages only, so the pages pose as such. */
function toServer(target: string) {
  return { target, changeOrigin: true, headers: { origin: target } };
}

export default defineConfig({
  plugins: [react(), ...(server === undefined ? [mockServer()] : [])],
  server: server === undefined ? {} : { proxy: { '/api': { ...toServer(server), ws: true }, '/widget.js': toServer(server), '/widget-panel.js': toServer(server) } },
  // What the server sends with the page, so that a preview shows what it would break.
  preview: {
    headers: {
      'Content-Security-Policy':
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'",
    },
  },
  build: {
    target: 'es2023',
    // The page's policy lets no inline script run and no data: script load.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
    manifest: true,
    // Every page's list of files names dozens; in one chunk they share one list, which makes the first screen a fifth lighter.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'pages', test: /src\/features\/[^/]+\/routes\.ts$/ }] } } },
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'] },
});
