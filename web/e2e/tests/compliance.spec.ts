// Compliance: rules and the business's own limits, lists not to write to, consents, what is on record, and the question
// whether something may be sent.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import type { Account } from '../harness/account.js';
import { expect, test } from '../harness/fixtures.js';
import { collectErrors, inspect } from '../harness/inspect.js';
import { settled } from '../harness/settled.js';

const row = (page: Page, words: string) => page.getByRole('row').filter({ hasText: words });

async function contact({ api }: Account, data: Record<string, unknown>): Promise<string> {
  const answer = await api.post('/api/v1/contacts', { data });
  expect(answer.status(), await answer.text()).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}

async function suppress({ api }: Account, data: Record<string, unknown>): Promise<void> {
  const answer = await api.post('/api/v1/compliance/suppressions', { data });
  expect(answer.status(), await answer.text()).toBe(201);
}

test('a rule is found, made stricter, and loosened only with a reason; then it holds as written again', async ({ owner, ownerPage: page }) => {
  const errors = collectErrors(page);
  await page.goto('/compliance');
  await expect(page.getByRole('alert').filter({ hasText: 'Not legal advice' })).toBeVisible();
  await page.getByRole('searchbox', { name: 'Search rules, places and sources' }).fill('us-fl');
  await expect(page.getByRole('status').filter({ hasText: '1 set of rules' })).toBeVisible();
  const rules = page.getByRole('list', { name: 'Rules of Florida' });
  await expect(rules).toContainText('At most 3 messages in 24 hours');

  await rules.getByRole('button', { name: 'Change us-fl-cap' }).click();
  const dialog = page.getByRole('dialog', { name: 'Florida: At most 3 messages in 24 hours' });
  await dialog.getByLabel('Most messages in 24 hours').fill('5');
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  // The server says that this allows more than the law; what was typed stays.
  await expect(dialog.getByRole('alert')).toContainText("law or a channel's terms");
  await expect(dialog.getByLabel('Most messages in 24 hours')).toHaveValue('5');
  await dialog.getByLabel('I know that this allows more').check();
  await dialog.getByLabel('Why it is allowed').fill('too short');
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await expect(dialog.getByText('Give a reason of at least 10 characters.')).toBeVisible();
  await dialog.getByLabel('Most messages in 24 hours').fill('1');
  await dialog.getByLabel('I know that this allows more').uncheck();
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await expect(dialog).toBeHidden();
  await expect(rules).toContainText('At most 1 message in 24 hours');
  await expect(rules).toContainText('As written: At most 3 messages in 24 hours');
  await expect(rules).toContainText('us-fl-cap/2021-07+own');

  await page.goto('/compliance/rules?show=changed');
  await expect(page.getByRole('status').filter({ hasText: '1 set of rules' })).toBeVisible();
  await page.getByRole('button', { name: 'Change us-fl-cap' }).click();
  await page.getByLabel('Most messages in 24 hours').fill('3');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByRole('heading', { name: 'You have changed no rule' })).toBeVisible();
  const { settings } = (await (await owner.api.get('/api/v1/compliance/rules')).json()) as { settings: { changes: unknown[] } };
  expect(settings.changes).toEqual([]);
  expect(errors).toEqual([]);
});

test('the business sets its own hours and limits; leaving with something unsaved is asked about', async ({ owner, ownerPage: page }) => {
  await page.goto('/compliance/settings');
  await page.getByLabel('Only at hours of our own').check();
  await page.getByRole('group', { name: 'Hours for advertising' }).getByLabel('Friday', { exact: false }).first().uncheck();
  await page.getByRole('button', { name: 'Add a limit' }).click();
  const limit = page.getByRole('group', { name: 'Limit 1' });
  await limit.getByLabel('Most messages').fill('2');
  await limit.getByLabel('In hours').fill('72');
  await limit.getByLabel('Telegram').uncheck();
  await page.getByLabel('The rules of all its states hold at once').check();
  await page.getByRole('link', { name: 'Do not contact' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByRole('region', { name: 'Unsaved changes' })).toBeHidden();
  const { settings } = (await (await owner.api.get('/api/v1/compliance/rules')).json()) as { settings: Record<string, unknown> };
  expect(settings).toMatchObject({
    unknown_region: 'strictest',
    hours: ['mon 09:00-17:00', 'tue 09:00-17:00', 'wed 09:00-17:00', 'thu 09:00-17:00'],
    caps: [{ max: 2, hours: 72, purposes: ['marketing'], channels: ['sms', 'whatsapp', 'email'] }],
  });
});

test('addresses go on a list, are found by how they begin, and come off with a reason', async ({ owner, ownerPage: page }) => {
  const errors = collectErrors(page);
  await page.goto('/compliance/lists');
  await expect(page.getByRole('heading', { name: 'No address is on a list' })).toBeVisible();
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Add to a list' });
  await dialog.getByLabel('Phone numbers and e-mail addresses').fill('+1 (201) 555-0123\nSam@Example.com, nobody');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog.getByText('nobody is neither an e-mail address nor a phone number')).toBeVisible();
  await dialog.getByLabel('Phone numbers and e-mail addresses').fill('+1 (201) 555-0123\nSam@Example.com');
  await dialog.getByLabel('Reason').fill('Asked at the desk');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(row(page, '+1 201 555 0123')).toContainText('Your own list');
  await expect(row(page, 'sam@example.com')).toContainText('Asked at the desk');

  await page.getByRole('searchbox', { name: 'How a number or address begins' }).fill('+1 (201) 555');
  await expect(row(page, 'sam@example.com')).toBeHidden();
  await row(page, '+1 201 555 0123').getByRole('button', { name: 'Take +1 201 555 0123 off the list' }).click();
  const question = page.getByRole('dialog', { name: /^Take \+1 201 555 0123/ });
  await question.getByRole('button', { name: 'Take off the list' }).click();
  await expect(question.getByText('Say why, in a few words.')).toBeVisible();
  await question.getByLabel('Why').fill('Typed by mistake');
  await question.getByRole('button', { name: 'Take off the list' }).click();
  await expect(page.getByRole('heading', { name: 'Nothing begins with this' })).toBeVisible();
  const log = await owner.api.get('/api/v1/audit?action=compliance.unsuppress');
  expect(await log.text()).toContain('Typed by mistake');
  expect(errors).toEqual([]);
});

test('a file is put on a list; what is no address is refused with its line, and lists are told apart', async ({ owner, ownerPage: page }) => {
  await suppress(owner, { addresses: ['+12015550199'] });
  await page.goto('/compliance/lists');
  await page.getByRole('button', { name: 'Import a file' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import a list' });
  const lines = ['name;phone', ...Array.from({ length: 1200 }, (_, index) => `P${index};+1973555${String(1000 + index)}`), 'X;+15555555555555555', 'Y;none', 'Z;+19735551000'];
  await dialog.locator('input[type=file]').setInputFiles({ name: 'registry-nj.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) });
  await expect(dialog.getByText('1,201 addresses found')).toBeVisible();
  await expect(dialog.getByText('1 line without an address is left out:')).toBeVisible();
  await expect(dialog.getByText('1 stands there more than once')).toBeVisible();
  await expect(dialog.getByRole('combobox', { name: 'List' })).toHaveValue('registry-nj');
  await dialog.getByLabel('Where the list comes from').fill('Registry of November');
  await dialog.getByRole('button', { name: 'Put 1,201 on the list' }).click();
  await expect(dialog.getByText('1,200 addresses are new on the list.')).toBeVisible();
  await expect(dialog.getByText('1 address was refused')).toBeVisible();
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Download the refused lines' }).click();
  expect(readFileSync(await (await download).path(), 'utf8')).toContain('1202,"+15555555555555555"');
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();

  await page.getByRole('combobox', { name: 'List', exact: true }).fill('registry-nj');
  await page.keyboard.press('Enter');
  await expect(row(page, '+1 201 555 0199')).toBeHidden();
  await expect(row(page, '+1 973 555 1000')).toContainText('Registry of November');
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(row(page, '+1 973 555 1050')).toBeVisible();
  await page.goBack();
  await expect(row(page, '+1 973 555 1000')).toBeVisible();
});

test('a consent is recorded, decides what may be sent, and stands in the evidence, which is a file', async ({ owner, ownerPage: page }) => {
  const errors = collectErrors(page);
  const id = await contact(owner, { name: 'Mia Chen', phone: '+12015550123', email: 'mia@example.com' });
  await page.goto('/compliance/check');
  await page.getByRole('combobox', { name: 'Contact' }).fill('Mia');
  await page.getByRole('option', { name: /Mia Chen/ }).click();
  const answer = page.getByRole('region', { name: 'What the rules say' });
  await expect(answer.getByRole('alert')).toContainText('This message may not be sent');
  await expect(answer).toContainText('us-tcpa-consent/2013-10');
  await expect(answer).toContainText('The customer has agreed to it in writing');
  await page.getByLabel('What it is about').selectOption('transactional');
  await expect(answer.getByRole('alert')).toContainText('This message may be sent.');

  await page.getByRole('link', { name: 'Consents' }).click();
  await expect(page.getByRole('heading', { name: 'No consent on record' })).toBeVisible();
  await page.getByRole('button', { name: 'Record a consent' }).click();
  const dialog = page.getByRole('dialog', { name: 'Consent of Mia Chen' });
  await dialog.getByRole('button', { name: 'Record a consent' }).click();
  await expect(dialog.getByText('Without the words nobody can tell what they agreed to.')).toBeVisible();
  await dialog.getByLabel('How it was given').fill('Paper form');
  await dialog.getByLabel('The words they agreed to').fill('Yes, send me offers by text message.');
  await dialog.getByLabel('What proves it').fill('Folder 12');
  await dialog.getByRole('button', { name: 'Record a consent' }).click();
  await expect(dialog).toBeHidden();
  const consents = page.getByRole('region', { name: 'Consents' });
  await expect(consents).toContainText('Yes, send me offers by text message.');
  await expect(consents).toContainText('Folder 12');
  await page.getByLabel('Channel').selectOption('email');
  await expect(page.getByRole('heading', { name: 'No consent fits these filters' })).toBeVisible();

  await page.goto(`/contacts/${id}`);
  await page.getByRole('link', { name: 'What is on record' }).click();
  await expect(page.getByRole('region', { name: 'Consents' })).toContainText('Paper form');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download' }).click();
  const kept = JSON.parse(readFileSync(await (await download).path(), 'utf8')) as { contact_id: string; consents: { evidence: string }[] };
  expect([kept.contact_id, kept.consents[0]?.evidence]).toEqual([id, 'Folder 12']);
  expect(errors).toEqual([]);
});

test.describe('everybody can use', () => {
  for (const [name, path, words] of [
    ['rules', '/compliance', 'Not legal advice'],
    ['rules-open', '/compliance?q=us-fl', 'At most 3 messages in 24 hours'],
    ['own-rules', '/compliance/settings', 'No limits of your own'],
    ['lists', '/compliance/lists', '+1 201 555 0188'],
    ['consents', '/compliance/consents', 'Yes, send me offers.'],
    ['evidence', '/compliance/evidence', 'Folder 12'],
    ['may-i-send', '/compliance/check', 'nothing against it'],
  ] as const) {
    test(name, async ({ browser, server, owner }) => {
      const id = await contact(owner, { name: 'Mia Chen', phone: '+12015550123', email: 'mia@example.com' });
      await suppress(owner, { addresses: ['mia@example.com', '+12015550188'], reason: 'Asked at the desk' });
      const consent = await owner.api.post(`/api/v1/contacts/${id}/consents`, { data: { channel: 'sms', purpose: 'marketing', source: 'Paper form', shown: 'Yes, send me offers.', evidence: 'Folder 12' } });
      expect(consent.status(), await consent.text()).toBe(201);
      await inspect(browser, server.url, {
        name: `compliance-${name}`,
        open: async (page) => {
          await page.goto(`${path}${path.includes('?') ? '&' : '?'}contact=${id}`);
          await expect(page.getByText(words).first()).toBeVisible();
          await settled(page);
        },
        signedIn: owner.signedIn,
      });
    });
  }
});
