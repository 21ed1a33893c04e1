// What every browser test starts from: a running server, a signed-up owner, a signed-in page.
//
//   import { expect, test } from '../harness/fixtures.js';
//   test('…', async ({ server, owner, ownerPage }) => { … });
//
// A file that needs another server says so: test.use({ serveOptions: ['--demo'] }).
import { type BrowserContext, type Page, test as base } from '@playwright/test';
import { type Account, signUp } from './account.js';
import { type Server, startServer } from './server.js';

export { expect } from '@playwright/test';

export interface Options {
  /** What follows `frontdesk serve` besides address and data folder. */
  serveOptions: string[];
}

interface PerWorker extends Options {
  /** A server shared by the tests of a worker that use the same options. */
  server: Server;
}

interface PerTest {
  /** A new person with a new, empty business. */
  owner: Account;
  /** A page in which that person is signed in. */
  ownerPage: Page;
  /** A server of this test alone, for tests that stop or kill it. */
  ownServer: Server;
}

/**
 * E2E_SLOW=1500 holds every answer of the API back by up to that many milliseconds: what a page shows for a moment while
 * it waits then shows for long, and a test that only passes because the moment is short fails.
 */
const slowest = Number(process.env['E2E_SLOW'] ?? '0');

async function slowDown(context: BrowserContext): Promise<void> {
  await context.route('**/api/**', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * slowest));
    // The page may be gone by now.
    await route.fallback().catch(() => undefined);
  });
}

export const test = base.extend<PerTest, PerWorker>({
  serveOptions: [[], { option: true, scope: 'worker' }],

  browser: [
    async ({ browser }, use) => {
      if (slowest > 0) {
        const make = browser.newContext.bind(browser);
        browser.newContext = async (options) => {
          const context = await make(options);
          await slowDown(context);
          return context;
        };
      }
      await use(browser);
    },
    { scope: 'worker' },
  ],

  server: [
    async ({ serveOptions }, use) => {
      const server = await startServer(serveOptions);
      await use(server);
      await server.close();
    },
    { scope: 'worker', timeout: 90_000 },
  ],

  ownServer: async ({ serveOptions }, use) => {
    const server = await startServer(serveOptions);
    await use(server);
    await server.close();
  },

  baseURL: async ({ server }, use) => {
    await use(server.url);
  },

  owner: async ({ server }, use) => {
    const owner = await signUp(server);
    await use(owner);
    await owner.close();
  },

  ownerPage: async ({ browser, server, owner }, use) => {
    const context = await browser.newContext({ baseURL: server.url, storageState: owner.signedIn });
    await use(await context.newPage());
    await context.close();
  },
});
