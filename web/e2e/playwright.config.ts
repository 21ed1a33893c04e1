import { defineConfig } from '@playwright/test';
import type { Options } from './harness/fixtures.js';
import { findChromium } from './harness/chromium.js';

// Results go to the build folder of the repository, which nobody commits.
const results = '../../target/e2e';

export default defineConfig<Record<never, never>, Options>({
  testDir: 'tests',
  outputDir: `${results}/results`,
  // One server per worker, and two cores are shared by the server, the browser and this runner.
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env['CI']),
  // A machine that does ten other things is slow, not wrong: what fails once in continuous integration is tried once more,
  // and named as flaky in the report, which is a fault to mend.
  retries: process.env['CI'] ? 1 : 0,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: `${results}/report.json` }]],
  use: {
    launchOptions: {
      executablePath: findChromium(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
    locale: 'en-US',
    timezoneId: 'America/Los_Angeles',
    contextOptions: { reducedMotion: 'reduce' },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
  },
});
