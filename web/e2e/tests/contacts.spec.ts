// Contacts by the file: what a CSV or a workbook becomes, what is refused, what comes back; actions on many; own fields.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import type { Account } from '../harness/account.js';
import { expect, test } from '../harness/fixtures.js';
import { collectErrors, inspect } from '../harness/inspect.js';
import { settled } from '../harness/settled.js';
import { workbook } from '../harness/workbook.js';

interface Stored {
  readonly id: string;
  readonly name: string;
  readonly phone?: string | null;
  readonly tags: readonly { readonly name: string }[];
  readonly fields: Record<string, unknown>;
}

async function contact({ api }: Account, data: Record<string, unknown>): Promise<string> {
  const answer = await api.post('/api/v1/contacts', { data });
  expect(answer.status(), await answer.text()).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}

async function contacts({ api }: Account): Promise<readonly Stored[]> {
  const answer = await api.get('/api/v1/contacts?sort=name&direction=asc&limit=100');
  return ((await answer.json()) as { items: Stored[] }).items;
}

const row = (page: Page, words: string) => page.getByRole('row').filter({ hasText: words });
const count = (page: Page, what: string) => page.locator('dl > div').filter({ hasText: what }).locator('dd');

/** Gives a file to the wizard and waits until its columns are shown. */
async function give(page: Page, name: string, buffer: Buffer): Promise<void> {
  await page.goto('/contacts/import');
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
  await expect(page.getByText('What are the columns?')).toBeVisible();
}

const CSV = [
  'Full name;Mobile;E-mail;Insurer;Shoe size;Remark',
  'Ada Byron;(201) 555-0101;ada@example.com;Aetna;38;called twice',
  'Mia Chen;201 555 0123;;Cigna;40;known already',
  'Ada again;;ADA@example.com;Cigna;41;the same mail address',
  'Bob Rowe;12;bob@example.com;;9;no such number',
  'Eve Stone;;eve@example.com;Aetna;small;a size that is none',
  '',
].join('\r\n');

test('a CSV file is looked at, its columns are named, known people stay, bad rows come back, and it is undone', async ({ owner, ownerPage: page }) => {
  const errors = collectErrors(page);
  await contact(owner, { name: 'Mia Chen', phone: '+12015550123' });
  await give(page, 'patients.csv', Buffer.from(CSV));
  const becomes = (header: string) => page.getByRole('combobox', { name: `${header} becomes` });
  // Guessed by the headers, with the first values beside them.
  await expect(becomes('Full name')).toHaveValue('Name');
  await expect(becomes('Mobile')).toHaveValue('Phone');
  await expect(becomes('E-mail')).toHaveValue('E-mail');
  await expect(page.getByText('(201) 555-0101 · 201 555 0123')).toBeVisible();
  // Other columns become fields of their own, and one says what they hold.
  await expect(becomes('Insurer')).toHaveValue('New field “Insurer”');
  await page.getByRole('listitem').filter({ hasText: 'Shoe size' }).getByText('Number', { exact: true }).click();
  await becomes('Remark').click();
  await page.getByRole('option', { name: 'Leave out' }).click();
  await page.getByRole('button', { name: 'Start import' }).click();

  await expect(page.getByText('Done', { exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(count(page, 'Added')).toHaveText('1');
  await expect(count(page, 'Known already')).toHaveText('2');
  await expect(count(page, 'Refused')).toHaveText('2');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download refused rows' }).click();
  const refused = readFileSync(await (await download).path(), 'utf8');
  expect(refused).toContain('Bob Rowe');
  expect(refused).toContain('Eve Stone');
  expect(refused).not.toContain('Ada');
  const stored = await contacts(owner);
  expect(stored.map(({ name }) => name)).toEqual(['Ada Byron', 'Mia Chen']);
  expect(stored[0]).toMatchObject({ phone: '+12015550101', fields: { Insurer: 'Aetna', 'Shoe size': 38 } });
  expect(stored[1]?.fields).toEqual({});

  await page.getByRole('link', { name: 'Show contacts' }).click();
  await expect(row(page, 'Ada Byron')).toBeVisible();
  await expect(row(page, 'Mia Chen')).toBeHidden();
  await page.goBack();
  await page.getByRole('button', { name: 'Undo import' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Undo import' }).click();
  await expect(page.getByText('Taken back', { exact: true }).first()).toBeVisible({ timeout: 30_000 });
  expect((await contacts(owner)).map(({ name }) => name)).toEqual(['Mia Chen']);
  expect(errors).toEqual([]);
});

test('a workbook is read, and a consent in its columns is on record with its words and counts', async ({ owner, ownerPage: page }) => {
  const errors = collectErrors(page);
  const words = 'Yes, send me offers by text message.';
  await give(
    page,
    'patients.xlsx',
    workbook([
      ['Name', 'Phone', 'Consent source', 'Consent text', 'Consent channel'],
      ['Ada Byron', '+12015550101', 'web form 2026', words, 'sms'],
      ['Mia Chen', '+12015550123', '', '', ''],
    ]),
  );
  await expect(page.getByRole('combobox', { name: 'Consent source becomes' })).toHaveValue('Consent: where from');
  await expect(page.getByRole('combobox', { name: 'Consent text becomes' })).toHaveValue('Consent: words');
  await page.getByRole('button', { name: 'Start import' }).click();
  await expect(page.getByText('Done', { exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(count(page, 'Added')).toHaveText('2');

  const [ada, mia] = await contacts(owner);
  await page.goto(`/compliance/consents?contact=${ada?.id ?? ''}`);
  const consents = page.getByRole('region', { name: 'Consents' });
  await expect(consents).toContainText('Text message · Advertising');
  await expect(consents).toContainText(words);
  await expect(consents).toContainText('web form 2026');
  await page.goto(`/compliance/consents?contact=${mia?.id ?? ''}`);
  await expect(page.getByRole('heading', { name: 'No consent on record' })).toBeVisible();
  expect(errors).toEqual([]);
});

test('tags are given to many at once and taken back; all that match can be chosen', async ({ owner, ownerPage: page }) => {
  const errors = collectErrors(page);
  for (const name of ['Ada Byron', 'Mia Chen', 'Bob Rowe']) await contact(owner, { name, tags: [{ name: 'old', color: 'blue' }] });
  await page.goto('/contacts?sort=name');
  await row(page, 'Ada Byron').getByRole('checkbox', { name: 'Choose Ada Byron' }).check();
  await row(page, 'Mia Chen').getByRole('checkbox', { name: 'Choose Mia Chen' }).check();
  const bar = page.getByRole('region', { name: 'With the chosen contacts' });
  await expect(bar).toContainText('2 chosen');
  await bar.getByRole('button', { name: 'Add tags' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add tags' });
  await dialog.getByLabel('Tags').fill('spring');
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Go' }).click();
  await expect(page.getByText('Adding tags: 2 contacts done')).toBeVisible({ timeout: 30_000 });
  await expect(row(page, 'Ada Byron')).toContainText('spring');
  await expect(row(page, 'Bob Rowe')).not.toContainText('spring');
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(page.getByText('Adding tags: taken back')).toBeVisible({ timeout: 30_000 });
  await expect(row(page, 'Ada Byron')).not.toContainText('spring');
  expect((await contacts(owner)).map(({ tags }) => tags.map(({ name }) => name))).toEqual([['old'], ['old'], ['old']]);

  await row(page, 'Ada Byron').getByRole('checkbox', { name: 'Choose Ada Byron' }).check();
  await bar.getByRole('button', { name: 'Choose all 3' }).click();
  await expect(bar).toContainText('All 3 that match');
  await bar.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('dialog')).toContainText('This cannot be undone.');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await bar.getByRole('button', { name: 'Set status' }).click();
  await page.getByRole('menuitem', { name: 'Qualified' }).click();
  await expect(page.getByText('Setting the status: 3 contacts done')).toBeVisible({ timeout: 30_000 });
  await expect(row(page, 'Bob Rowe')).toContainText('Qualified');
  expect(errors).toEqual([]);
});

test('own fields are made, renamed and deleted, and what they hold is fixed', async ({ owner, ownerPage: page }) => {
  const errors = collectErrors(page);
  await page.goto('/settings/fields');
  await expect(page.getByRole('heading', { name: 'No fields of your own yet' })).toBeVisible();
  await page.getByRole('button', { name: 'New field' }).click();
  const dialog = page.getByRole('dialog', { name: 'New field' });
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(dialog.getByText('Give it a name.')).toBeVisible();
  await dialog.getByLabel('What it is called').fill('Plan');
  await dialog.getByLabel('What it holds').selectOption('choice');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(dialog.getByText('Give at least one choice.')).toBeVisible();
  await dialog.getByLabel('What can be chosen').first().fill('Gold');
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Create' }).click();
  const list = page.getByRole('list', { name: 'Your own fields' });
  await expect(list).toContainText('One of several');
  await expect(list).toContainText('Gold');

  await list.getByRole('button', { name: 'Edit Plan' }).click();
  const edit = page.getByRole('dialog', { name: 'Edit Plan' });
  await expect(edit.getByLabel('What it holds')).toBeDisabled();
  await edit.getByLabel('What it is called').fill('Insurance plan');
  await edit.getByRole('button', { name: 'Save changes' }).click();
  await expect(list).toContainText('Insurance plan');

  await contact(owner, { name: 'Mia Chen', fields: { Plan: 'Gold' } });
  await list.getByRole('button', { name: 'Delete Insurance plan' }).click();
  const question = page.getByRole('dialog', { name: /^Delete the field/ });
  await expect(question).toContainText('1 contact has something in it.');
  await question.getByRole('button', { name: 'Delete the field' }).click();
  await expect(page.getByRole('heading', { name: 'No fields of your own yet' })).toBeVisible();
  expect((await contacts(owner))[0]?.fields).toEqual({ Plan: 'Gold' });
  expect(errors).toEqual([]);
});

test('own fields are filled on a contact as what they hold', async ({ owner, ownerPage: page }) => {
  const errors = collectErrors(page);
  for (const field of [
    { label: 'Plan', kind: 'choice', options: ['Gold', 'Silver'] },
    { label: 'Last visit', kind: 'date' },
    { label: 'Children', kind: 'number' },
    { label: 'Prefers mornings', kind: 'bool' },
  ]) {
    const made = await owner.api.post('/api/v1/contact-fields', { data: field });
    expect(made.status(), await made.text()).toBe(201);
  }
  const id = await contact(owner, { name: 'Mia Chen', fields: { plan: 'Gold', shoe_size: 38 } });
  const fields = async () => ((await (await owner.api.get(`/api/v1/contacts/${id}`)).json()) as Stored).fields;
  await page.goto(`/contacts/${id}`);
  const panel = page.getByRole('region', { name: 'Your own fields' });
  // The key that is there is kept, whatever its case.
  await expect(panel.getByLabel('Plan')).toHaveValue('Gold');
  await expect(panel.getByRole('button', { name: /Shoe size, Edit/ })).toContainText('38');
  await panel.getByLabel('Plan').selectOption('Silver');
  await expect.poll(fields).toMatchObject({ plan: 'Silver', shoe_size: 38 });
  await panel.getByLabel('Last visit').fill('2026-05-12');
  await panel.getByLabel('Last visit').press('Enter');
  await expect.poll(fields).toMatchObject({ 'Last visit': '2026-05-12' });
  await panel.getByLabel('Children').fill('2');
  await panel.getByLabel('Children').blur();
  await expect.poll(fields).toMatchObject({ Children: 2 });
  await panel.getByLabel('Prefers mornings').selectOption('Yes');
  await expect.poll(fields).toEqual({ plan: 'Silver', shoe_size: 38, 'Last visit': '2026-05-12', Children: 2, 'Prefers mornings': true });
  await panel.getByLabel('Plan').selectOption('–');
  await expect.poll(fields).not.toHaveProperty('plan');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(fields).toMatchObject({ plan: 'Silver' });
  expect(errors).toEqual([]);
});

test('a merge is taken back, and both are there again', async ({ owner, ownerPage: page }) => {
  const errors = collectErrors(page);
  const kept = await contact(owner, { name: 'Mia Chen', phone: '+12015550123' });
  const other = await contact(owner, { name: 'M. Chen', email: 'mia@example.com' });
  const merged = await owner.api.post(`/api/v1/contacts/${kept}/merge`, { data: { other_id: other } });
  expect(merged.status(), await merged.text()).toBe(200);
  await page.goto(`/contacts/${kept}`);
  const panel = page.getByRole('region', { name: 'Merged contacts' });
  await expect(panel).toContainText('M. Chen');
  await panel.getByRole('button', { name: 'Take the merge with M. Chen back' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click();
  await expect(panel).toBeHidden();
  expect((await contacts(owner)).map(({ name }) => name)).toEqual(['M. Chen', 'Mia Chen']);
  expect(errors).toEqual([]);
});

test('everybody can import and set fields up', async ({ browser, server, owner }) => {
  // Three places, each on two screens in two colours.
  test.slow();
  const made = await owner.api.post('/api/v1/contact-fields', { data: { label: 'Plan', kind: 'choice', options: ['Gold', 'Silver'] } });
  expect(made.status(), await made.text()).toBe(201);
  await inspect(browser, server.url, {
    name: 'contact-fields',
    open: async (page) => {
      await page.goto('/settings/fields');
      await expect(page.getByText('Gold · Silver')).toBeVisible();
      await settled(page);
    },
    signedIn: owner.signedIn,
  });
  const id = await contact(owner, { name: 'Mia Chen', fields: { Plan: 'Gold', shoe_size: 38 } });
  await inspect(browser, server.url, {
    name: 'contact-own-fields',
    open: async (page) => {
      await page.goto(`/contacts/${id}`);
      await expect(page.getByRole('combobox', { name: 'Plan', exact: true })).toHaveValue('Gold');
      await settled(page);
    },
    signedIn: owner.signedIn,
  });
  await inspect(browser, server.url, { name: 'import-columns', open: (page) => give(page, 'patients.csv', Buffer.from(CSV)), signedIn: owner.signedIn });
});
