// What every browser test starts from: a running server, a signed-up owner, a signed-in page.
//
//   import { expect, test } from '../harness/fixtures.js';
//   test('…', async ({ server, owner, ownerPage }) => { … });
//
// A file that needs another server says so: test.use({ serveOptions: ['--demo'] }).
import { type Page, test as base } from '@playwright/test';
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

export const test = base.extend<PerTest, PerWorker>({
  serveOptions: [[], { option: true, scope: 'worker' }],

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
