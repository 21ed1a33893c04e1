// Every page of a business with data, in all four modes; see pages.spec.ts.
import type { Page } from '@playwright/test';
import { signInToDemo } from '../harness/demo.js';
import { expect, test } from '../harness/fixtures.js';
import { inspect } from '../harness/inspect.js';
import { settled } from '../harness/settled.js';

test.use({ serveOptions: ['--demo'] });

for (const [name, path] of [
  ['home', '/'],
  ['inbox', '/inbox'],
  ['conversation', '/inbox/{conversation}'],
  ['contacts', '/contacts'],
  ['contact', '/contacts/{contact}'],
  ['leads', '/leads'],
  ['lead', '/leads/{lead}'],
  ['demo-calendar', '/calendar'],
  ['demo-calendar-month', '/calendar?mode=month'],
  ['demo-bookings', '/bookings'],
  ['demo-waiting-list', '/waiting-list'],
  ['agents', '/agents'],
  ['agent', '/agents/{agent}'],
  ['knowledge', '/knowledge'],
  ['source', '/knowledge/{source}'],
  ['team', '/team'],
  ['settings-business', '/settings/business'],
  ['settings-widget', '/settings/widget'],
  ['settings-models', '/settings/models'],
  ['settings-keys', '/settings/keys'],
  ['settings-replies', '/settings/replies'],
  ['settings-audit', '/settings/audit'],
  ['settings-profile', '/settings/profile'],
] as const) {
  test(name, async ({ browser, server }) => {
    const api = await signInToDemo(server);
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
