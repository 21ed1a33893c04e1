import { defineConfig } from '@playwright/test';
import tests from './playwright.config.js';

// `npm run bench`: what is measured in a real browser. Figures are JSON objects on lines of their own.
export default defineConfig(tests, {
  testDir: 'bench',
  testMatch: '*.bench.ts',
  timeout: 600_000,
  reporter: [['dot']],
  use: { trace: 'off', screenshot: 'off' },
});
