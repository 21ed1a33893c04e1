// Messages, Channels and what the inbox shows of deliveries, as far as no vendor has to answer.
import { type Page } from '@playwright/test';
import type { Account } from '../harness/account.js';
import { expect, test } from '../harness/fixtures.js';
import { collectErrors, inspect } from '../harness/inspect.js';
import { settled } from '../harness/settled.js';

const NUMBER = '+12015550123';
const row = (page: Page, name: string) => page.getByRole('row', { name: new RegExp(name) });

/** A connection for text messages whose vendor nobody asks: what is sent here leaves later, or never. */
async function connectTexts({ api }: Pick<Account, 'api'>): Promise<void> {
  const answer = await api.post('/api/v1/connections', {
    data: { vendor: 'twilio', name: 'Texts', settings: { account_sid: `AC${'0'.repeat(32)}`, numbers: ['+19735550142'] }, secret: 'not asked' },
  });
  expect(answer.status(), await answer.text()).toBe(201);
}

async function contact({ api }: Pick<Account, 'api'>, data: object): Promise<string> {
  const answer = await api.post('/api/v1/contacts', { data });
  expect(answer.status(), await answer.text()).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}

/** Opens the dialog from the empty list, by keyboard, and chooses a number that is no contact. */
async function writeTo(page: Page, number: string) {
  await expect(page.getByRole('heading', { name: 'No messages yet' })).toBeVisible();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'Write a message' });
  await expect(dialog.getByRole('combobox', { name: 'To', exact: true })).toBeFocused();
  await page.keyboard.type(number);
  await page.getByRole('option', { name: /^Write to/ }).click();
  return dialog;
}

test('without a provider nothing is sent, and it says what to do', async ({ ownerPage: page }) => {
  const errors = collectErrors(page);
  await page.goto('/messages');
  const dialog = await writeTo(page, '+1 (201) 555-0123');
  const text = dialog.getByLabel('Message', { exact: true });
  await text.fill('See you tomorrow at 3!');
  await expect(dialog.getByRole('alert')).toContainText('Nothing is connected for text messages');
  await expect(dialog.getByRole('button', { name: 'Send now' })).toBeDisabled();
  await expect(text).toHaveValue('See you tomorrow at 3!');
  await dialog.getByRole('link', { name: 'Open Channels' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Channels' })).toBeVisible();
  expect(errors).toEqual([]);
});

test('a channel is connected, and shows the address that the provider calls', async ({ server, ownerPage: page }) => {
  await page.goto('/channels');
  const card = page.getByRole('region', { name: 'Text messages' });
  await expect(card).toContainText('Not connected');
  await card.getByRole('button', { name: 'Connect: Text messages' }).click();
  const dialog = page.getByRole('dialog', { name: 'Connect Twilio' });
  await dialog.getByLabel('Account SID').fill(`AC${'0'.repeat(32)}`);
  await dialog.getByLabel('Phone numbers').fill('+19735550142');
  await dialog.getByLabel('Phone numbers').press('Enter');
  await dialog.getByLabel('Auth token').fill('kept under lock');
  await dialog.getByRole('button', { name: 'Connect' }).click();
  await expect(dialog).toBeHidden();
  await expect(card).toContainText('Not tested');
  await expect(card).toContainText(`${server.url}/webhooks/twilio/cxn_`);
  await expect(card.getByRole('button', { name: 'Copy: webhook address for Twilio' })).toBeVisible();
});

test('a message is written, scheduled and called off; the conversation shows each step', async ({ owner, ownerPage: page }) => {
  const errors = collectErrors(page);
  await connectTexts(owner);
  await page.goto('/messages');
  const dialog = await writeTo(page, NUMBER);
  await dialog.getByLabel('Message', { exact: true }).fill('Hello from ');
  await dialog.getByRole('button', { name: 'Insert' }).click();
  await dialog.getByRole('menuitem', { name: /Name of your business/ }).click();
  const preview = dialog.getByRole('region', { name: 'How it arrives' });
  await expect(preview).toContainText(`Hello from ${owner.business}`);
  await expect(preview).toContainText('+1 973 555 0142');
  await expect(preview).toContainText('1 part');
  await dialog.getByText('Later', { exact: true }).click();
  await dialog.getByRole('button', { name: 'Schedule' }).click();
  await expect(dialog).toBeHidden();

  await expect(row(page, 'Hello from')).toContainText('Waiting');
  await expect(row(page, 'Hello from')).toContainText('Leaves');
  await row(page, 'Hello from').click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('link', { name: 'Open conversation' }).click();
  const said = page.getByRole('article').filter({ hasText: `Hello from ${owner.business}` });
  await expect(said).toContainText('Leaves');

  await page.goBack();
  await drawer.getByRole('button', { name: 'Call off' }).click();
  await page.getByRole('button', { name: 'Call it off' }).click();
  await expect(drawer.getByRole('button', { name: 'Send after all' })).toBeVisible();
  await page.keyboard.press('Escape');
  // The list behind has heard of it by itself.
  await expect(row(page, 'Hello from')).toContainText('Called off');
  await page.getByRole('link', { name: /^Called off/ }).click();
  await expect(page).toHaveURL(/status=cancelled/);
  await expect(row(page, 'Hello from')).toBeVisible();
  expect(errors).toEqual([]);
});

test('from a contact, the channel that reaches them is chosen', async ({ owner, ownerPage: page }) => {
  const id = await contact(owner, { name: 'Mia Chen', email: 'mia@example.com' });
  await page.goto(`/contacts/${id}`);
  await page.getByRole('button', { name: 'Message' }).click();
  const dialog = page.getByRole('dialog', { name: 'Write a message' });
  await expect(dialog.getByLabel('Channel')).toHaveValue('email');
  await expect(dialog.getByLabel('Subject')).toBeVisible();
  await dialog.getByLabel('Channel').selectOption('sms');
  await expect(dialog.getByRole('alert')).toContainText('Mia Chen has no phone number');
});

test('what was refused because they opted out says what would change that, before it offers to try again', async ({ browser, server, owner, ownerPage: page }) => {
  const errors = collectErrors(page);
  await connectTexts(owner);
  const id = await contact(owner, { name: 'Mia Chen', phone: NUMBER });
  const sent = await owner.api.post('/api/v1/messages', {
    data: { contact_id: id, channel: 'sms', text: 'See you tomorrow at 3!', send_at: new Date(Date.now() + 3_600_000).toISOString(), client_id: 'one' },
  });
  expect(sent.status(), await sent.text()).toBe(201);
  const message = `/api/v1/messages/${((await sent.json()) as { id: string }).id}`;
  const listed = await owner.api.post('/api/v1/compliance/suppressions', { data: { addresses: [NUMBER], list: 'opt-out', reason: 'said so on the phone' } });
  expect(listed.ok(), await listed.text()).toBe(true);
  const now = await owner.api.post(`${message}/reschedule`, { data: { send_at: new Date().toISOString() } });
  expect(now.ok(), await now.text()).toBe(true);
  await expect.poll(async () => ((await (await owner.api.get(message)).json()) as { status: string }).status, { timeout: 20_000 }).toBe('failed');

  const open = async (other: Page) => {
    await other.goto('/messages');
    await settled(other);
    await other.getByText('Mia Chen').first().click();
    await expect(other.getByRole('dialog').getByText('What would change it')).toBeVisible();
  };
  await open(page);
  const drawer = page.getByRole('dialog');
  await expect(drawer).toContainText('write START');
  await expect(drawer.getByRole('button', { name: 'Edit and send' })).toHaveCount(0);
  await expect(drawer.getByRole('button', { name: 'Try again' })).toBeVisible();
  await inspect(browser, server.url, { name: 'message-refused', open, signedIn: owner.signedIn });
  await drawer.getByRole('link', { name: 'Open Do not contact' }).click();
  await expect(row(page, '201 555 0123')).toContainText('said so on the phone');
  expect(errors).toEqual([]);
});

test('figures tell how messages fared, and how they are handled is set there', async ({ browser, server, owner, ownerPage: page }) => {
  const errors = collectErrors(page);
  await connectTexts(owner);
  const sent = await owner.api.post('/api/v1/messages', {
    data: { to: NUMBER, channel: 'sms', text: 'See you tomorrow at 3!', send_at: new Date(Date.now() + 3_600_000).toISOString(), client_id: 'one' },
  });
  expect(sent.status(), await sent.text()).toBe(201);
  await page.goto('/messages');
  await page.getByRole('link', { name: 'Figures' }).click();
  await expect(row(page, 'Text message').getByRole('cell').nth(1)).toHaveText('1');
  await page.getByText('7 days', { exact: true }).click();
  await expect(page).toHaveURL(/days=7/);
  await expect(row(page, 'Text message')).toContainText('Without a template');
  await page.getByLabel('Short links in advertising').click();
  await expect(page.getByLabel('Short links in advertising')).toBeChecked();
  await page.getByLabel('Days a short link works').fill('30');
  await page.getByLabel('Days a short link works').blur();
  const stored = async () => (await (await owner.api.get('/api/v1/message-settings')).json()) as Record<string, unknown>;
  await expect.poll(stored).toMatchObject({ short_links: true, short_link_days: 30, read_receipts: true, track_opens: false });
  await page.getByLabel('Note when advertising by e-mail is opened').click();
  await expect.poll(stored).toMatchObject({ short_links: true, track_opens: true });
  await expect(page.getByLabel('Try three times more, a minute apart')).toBeChecked();
  await page.getByLabel('Keep trying for a day').click();
  await expect(page.getByLabel('Keep trying for a day')).toBeChecked();
  await expect.poll(stored).toMatchObject({ short_links: true, retry: 'exponential' });
  expect(errors).toEqual([]);
  await inspect(browser, server.url, {
    name: 'message-figures',
    open: async (other) => {
      await other.goto('/message-figures');
      await settled(other);
    },
    signedIn: owner.signedIn,
  });
});

test('everybody can read and write messages', async ({ browser, server, owner }) => {
  // Four places, each on two screens in two colours.
  test.slow();
  await connectTexts(owner);
  const sent = await owner.api.post('/api/v1/messages', {
    data: { to: NUMBER, channel: 'sms', text: 'See you tomorrow at 3!', send_at: new Date(Date.now() + 3_600_000).toISOString(), client_id: 'one' },
  });
  expect(sent.status(), await sent.text()).toBe(201);
  const signedIn = owner.signedIn;
  const list = async (page: Page) => {
    await page.goto('/messages');
    await settled(page);
    await expect(page.getByText('See you tomorrow at 3!')).toBeVisible();
  };
  await inspect(browser, server.url, { name: 'messages', open: list, signedIn });
  await inspect(browser, server.url, {
    name: 'message',
    open: async (page) => {
      await list(page);
      await page.getByText('+1 201 555 0123').first().click();
      await expect(page.getByRole('button', { name: 'Call off' })).toBeVisible();
    },
    signedIn,
  });
  await inspect(browser, server.url, {
    name: 'write-message',
    open: async (page) => {
      await list(page);
      await page.getByRole('button', { name: 'Write a message' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('combobox', { name: 'To', exact: true }).click();
      await page.keyboard.type(NUMBER);
      await page.getByRole('option', { name: /^Write to/ }).click();
      await dialog.getByLabel('Message', { exact: true }).fill('It’s tomorrow at 3!');
      await expect(dialog.getByText('This message may be sent.')).toBeVisible();
    },
    signedIn,
  });
  await inspect(browser, server.url, {
    name: 'channels-connected',
    open: async (page) => {
      await page.goto('/channels');
      await settled(page);
      await expect(page.getByText('/webhooks/twilio/')).toBeVisible();
    },
    signedIn,
  });
});
