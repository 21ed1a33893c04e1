import { defineConfig } from '@playwright/test';

// Runs against Debian's Chromium; `CHROMIUM` names another one.
export default defineConfig({
  testDir: 'browser',
  workers: 1,
  forbidOnly: true,
  timeout: 30_000,
  expect: { timeout: 8000 },
  outputDir: 'test-results',
  use: {
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
    timezoneId: 'America/Los_Angeles',
    locale: 'en-US',
    reducedMotion: 'reduce',
  },
});
