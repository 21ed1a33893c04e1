// Every page as people with different screens and abilities meet it: axe, no sideways scrolling, no error, a screenshot.
import { type Page, request } from '@playwright/test';
import { expect, test } from '../harness/fixtures.js';
import { SAME_SITE_HEADER } from '../harness/account.js';
import { inspect } from '../harness/inspect.js';

/** Nothing is being fetched and no skeleton stands in for it. */
async function settled(page: Page): Promise<void> {
  await expect(page.locator('main, [role=main]').first()).toBeVisible();
  await expect(page.getByRole('heading').first()).toBeVisible();
  await expect(page.locator('.mantine-Skeleton-root, [aria-busy=true]')).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready);
}

test.describe('before signing in', () => {
  for (const [name, path] of [
    ['sign-in', '/sign-in'],
    ['sign-up', '/sign-up'],
    ['forgot', '/forgot-password'],
    ['reset', '/reset-password/none'],
    ['invitation', '/invitation/none'],
  ] as const) {
    test(name, async ({ browser, server }) => {
      const open = async (page: Page) => {
        await page.goto(path);
        await expect(page.getByRole('heading').first()).toBeVisible();
      };
      await inspect(browser, server.url, { name, open });
    });
  }
});

test.describe('an empty business', () => {
  for (const [name, path] of [
    ['empty-home', '/'],
    ['empty-inbox', '/inbox'],
    ['empty-contacts', '/contacts'],
    ['empty-leads', '/leads'],
    ['empty-knowledge', '/knowledge'],
    ['onboarding', '/onboarding'],
    ['not-found', '/nowhere'],
  ] as const) {
    test(name, async ({ browser, server, owner }) => {
      const open = async (page: Page) => {
        await page.goto(path);
        await settled(page);
      };
      await inspect(browser, server.url, { name, open, signedIn: owner.signedIn });
    });
  }
});

test.describe('the demo business', () => {
  test.use({ serveOptions: ['--demo'] });

  for (const [name, path] of [
    ['home', '/'],
    ['inbox', '/inbox'],
    ['conversation', '/inbox/{conversation}'],
    ['contacts', '/contacts'],
    ['contact', '/contacts/{contact}'],
    ['leads', '/leads'],
    ['lead', '/leads/{lead}'],
    ['agents', '/agents'],
    ['agent', '/agents/{agent}'],
    ['knowledge', '/knowledge'],
    ['source', '/knowledge/{source}'],
    ['team', '/team'],
    ['settings', '/settings'],
    ['settings-business', '/settings/business'],
    ['settings-widget', '/settings/widget'],
    ['settings-models', '/settings/models'],
    ['settings-keys', '/settings/keys'],
    ['settings-replies', '/settings/replies'],
    ['settings-audit', '/settings/audit'],
    ['settings-profile', '/settings/profile'],
  ] as const) {
    test(name, async ({ browser, server }) => {
      const [, email] = /Sign in as\s+(\S+)/.exec(server.log()) ?? [];
      const [, password] = /Password\s+(\S.*\S)/.exec(server.log()) ?? [];
      const api = await request.newContext({
        baseURL: server.url,
        extraHTTPHeaders: { ...SAME_SITE_HEADER, Origin: server.url },
      });
      const login = await api.post('/api/v1/auth/login', { data: { email, password } });
      expect(login.status(), `${email}: ${await login.text()}`).toBe(200);
      const first = async (list: string) => {
        const page = (await (await api.get(`/api/v1/${list}`)).json()) as { items: { id: string }[] } | { id: string }[];
        return (Array.isArray(page) ? page : page.items)[0]?.id ?? '';
      };
      const lists: Record<string, string> = {
        conversation: 'conversations', contact: 'contacts', lead: 'leads', agent: 'agents', source: 'knowledge/sources',
      };
      const [, thing] = /\{(\w+)\}/.exec(path) ?? [];
      const address = thing ? path.replace(`{${thing}}`, await first(lists[thing] ?? '')) : path;
      const open = async (page: Page) => {
        await page.goto(address);
        await settled(page);
      };
      await inspect(browser, server.url, { name, open, signedIn: await api.storageState() });
      await api.dispose();
    });
  }

  test('the business’s own page with the chat', async ({ browser, server }) => {
    const open = async (page: Page) => {
      await page.goto('/demo');
      await page.locator('.launch').click();
      await expect(page.getByRole('textbox', { name: 'Write a message' })).toBeVisible();
    };
    await inspect(browser, server.url, { name: 'demo', open });
  });
});
