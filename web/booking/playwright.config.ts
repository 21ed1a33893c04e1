import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';

const chromium = execFileSync(fileURLToPath(new URL('../../scripts/find-chromium', import.meta.url)), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

export default defineConfig({
  testDir: 'browser',
  workers: 1,
  forbidOnly: true,
  retries: process.env['CI'] ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  outputDir: 'test-results',
  use: {
    launchOptions: {
      executablePath: chromium.trim(),
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
    timezoneId: 'America/Los_Angeles',
    locale: 'en-US',
    reducedMotion: 'reduce',
  },
});
