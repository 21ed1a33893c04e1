// Templates that WhatsApp approves: written, handed in, reviewed by the simulated WhatsApp of the demo, and sent.
import type { APIRequestContext, Page } from '@playwright/test';
import { signInToDemo } from '../harness/demo.js';
import { expect, test } from '../harness/fixtures.js';
import { Handset } from '../harness/handset.js';
import { collectErrors, inspect } from '../harness/inspect.js';
import { settled } from '../harness/settled.js';

test.use({ serveOptions: ['--demo'] });

const BODY = 'Hello {{1}}, your order is ready. Come by any time.';
const card = (page: Page, name: string) => page.getByRole('article', { name: new RegExp(`^${name} `) });

/** What WhatsApp's reviewers say. */
async function review(api: APIRequestContext, name: string, status: string, reason = 'NONE'): Promise<void> {
  const answer = await api.post('/demo/sim/whatsapp/templates', { data: { name, language: 'en_US', status, reason } });
  expect(answer.status(), await answer.text()).toBe(204);
}

/** A template that is approved already. */
async function approved(api: APIRequestContext, name: string): Promise<void> {
  const made = await api.post('/api/v1/channel-templates', { data: { name, language: 'en_US', category: 'utility', body: BODY, examples: ['Ada'], submit: true } });
  expect(made.status(), await made.text()).toBe(201);
  await review(api, name, 'APPROVED');
  await api.post('/api/v1/channel-templates/sync');
}

test('a template is written, kept as a draft, handed in, and its fate is told', async ({ browser, server }) => {
  const api = await signInToDemo(server);
  const page = await (await browser.newContext({ baseURL: server.url, storageState: await api.storageState() })).newPage();
  const errors = collectErrors(page);
  await page.goto('/templates');
  await page.getByRole('link', { name: 'WhatsApp templates' }).click();
  await page.getByRole('button', { name: 'New template' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New template' });
  await dialog.getByLabel('Name', { exact: true }).fill('Order Ready');
  await expect(dialog.getByLabel('Name', { exact: true })).toHaveValue('order_ready');
  await dialog.getByLabel('Words').fill('Hello {{1}}');
  await dialog.getByRole('button', { name: 'Hand in' }).click();
  await expect(dialog.getByText('WhatsApp takes no template that begins or ends with a place.')).toBeVisible();
  await dialog.getByLabel('Words').fill(BODY);
  await dialog.getByRole('button', { name: 'Keep as draft' }).click();
  await expect(dialog.getByText('WhatsApp’s reviewers need an example.')).toBeVisible();
  await dialog.getByLabel('Example for place 1').fill('Ada');
  await dialog.getByRole('button', { name: 'Add a button' }).click();
  await dialog.getByRole('group', { name: 'Button 1' }).getByLabel('What stands on it').fill('On my way');
  await dialog.getByRole('button', { name: 'Keep as draft' }).click();
  await expect(dialog).toBeHidden();
  await expect(card(page, 'order_ready')).toContainText('Draft');
  await expect(card(page, 'order_ready')).toContainText('On my way');

  // A draft is worded anew.
  await page.getByRole('button', { name: 'Edit order_ready' }).click();
  const edit = page.getByRole('dialog', { name: 'Edit order_ready' });
  await expect(edit.getByLabel('Words')).toHaveValue(BODY);
  await expect(edit.getByLabel('Example for place 1')).toHaveValue('Ada');
  await edit.getByLabel('Words').fill(`${BODY} Bring the receipt.`);
  await edit.getByRole('button', { name: 'Keep as draft' }).click();
  await expect(edit).toBeHidden();
  await expect(card(page, 'order_ready')).toContainText('Bring the receipt.');
  await expect(card(page, 'order_ready')).toContainText('On my way');

  await page.getByRole('button', { name: 'Hand in order_ready' }).click();
  await expect(card(page, 'order_ready')).toContainText('Being reviewed');
  await review(api, 'order_ready', 'REJECTED', 'INVALID_FORMAT');
  await page.getByRole('button', { name: 'Ask WhatsApp' }).click();
  await expect(card(page, 'order_ready')).toContainText('Rejected');
  // What was refused is written again from what there was.
  await page.getByRole('button', { name: 'Copy order_ready' }).click();
  await expect(dialog.getByLabel('Name', { exact: true })).toHaveValue('order_ready_2');
  await expect(dialog.getByLabel('Words')).toHaveValue(`${BODY} Bring the receipt.`);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await review(api, 'order_ready', 'APPROVED');
  // WhatsApp tells by itself.
  await expect(card(page, 'order_ready')).toContainText('Approved', { timeout: 20_000 });

  await page.getByRole('button', { name: 'Delete order_ready' }).click();
  await expect(page.getByRole('dialog')).toContainText('30 days');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(card(page, 'order_ready')).toBeHidden();
  expect(errors).toEqual([]);
  await page.context().close();
  await api.dispose();
});

test('a template is chosen in the inbox and filled, and arrives on the phone', async ({ browser, server, page }) => {
  test.setTimeout(120_000);
  const api = await signInToDemo(server);
  await approved(api, 'aligners_ready');
  const handset = new Handset(page);
  await handset.take();
  await handset.open('WhatsApp');
  await handset.ask('Hello, are my aligners ready?');

  const team = await (await browser.newContext({ baseURL: server.url, storageState: await api.storageState() })).newPage();
  const { items } = (await (await api.get('/api/v1/conversations?channel=whatsapp')).json()) as { items: { id: string }[] };
  await team.goto(`/inbox/${items[0]?.id ?? ''}`);
  await team.getByRole('button', { name: 'Template' }).click();
  const dialog = team.getByRole('dialog', { name: 'Send a template' });
  await dialog.getByRole('button', { name: 'Send' }).click();
  await expect(dialog.getByText('Choose a template.')).toBeVisible();
  await dialog.getByRole('combobox', { name: 'Template' }).click();
  await team.getByRole('option', { name: /^aligners_ready/ }).click();
  await dialog.getByLabel('Place 1').fill('Grace');
  await expect(dialog).toContainText('Hello Grace, your order is ready.');
  await dialog.getByRole('button', { name: 'Send' }).click();
  await expect(dialog).toBeHidden();
  await expect(team.getByRole('log').first()).toContainText('Hello Grace, your order is ready.');
  await handset.hears('Hello Grace, your order is ready.');
  await team.context().close();
  await api.dispose();
});

test('everybody can use templates of WhatsApp', async ({ browser, server }) => {
  const api = await signInToDemo(server);
  await approved(api, 'visit_soon');
  const signedIn = await api.storageState();
  await inspect(browser, server.url, {
    name: 'whatsapp-templates',
    open: async (page) => {
      await page.goto('/templates/whatsapp');
      await expect(card(page, 'visit_soon')).toBeVisible();
      await settled(page);
    },
    signedIn,
  });
  await inspect(browser, server.url, {
    name: 'whatsapp-template-new',
    open: async (page) => {
      await page.goto('/templates/whatsapp');
      await page.getByRole('button', { name: 'New template' }).first().click();
      await page.getByLabel('Words').fill(BODY);
      await expect(page.getByLabel('Example for place 1')).toBeVisible();
    },
    signedIn,
  });
  await api.dispose();
});
