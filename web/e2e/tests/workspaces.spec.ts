// A person with two businesses: the list of bookings goes from one to the other, with the filters that mean the same there.
import { request } from '@playwright/test';
import { civil, DAY, HOUR, startOfDay } from '../../booking/src/zone.js';
import { type Account, SAME_SITE_HEADER } from '../harness/account.js';
import { offer } from '../harness/diary.js';
import { expect, test } from '../harness/fixtures.js';
import { collectErrors, inspect } from '../harness/inspect.js';
import { settled } from '../harness/settled.js';
import type { Server } from '../harness/server.js';

const ZONE = 'America/New_York';
const SOON = civil(Date.now() + 3 * DAY, ZONE).day;

/** The person's second business, as the API is asked about it. */
async function secondBusiness(server: Server, { api, signedIn }: Account, name: string): Promise<Pick<Account, 'api'>> {
  const made = await api.post('/api/v1/workspaces', { data: { name, zone: ZONE } });
  expect(made.status(), await made.text()).toBe(201);
  const { id } = (await made.json()) as { id: string };
  return {
    api: await request.newContext({
      baseURL: server.url,
      storageState: signedIn,
      extraHTTPHeaders: { ...SAME_SITE_HEADER, Origin: server.url, 'X-Workspace': id },
    }),
  };
}

/** A kind of appointment beside the one every business begins with, and a booking for everybody named. */
async function diary(owner: Pick<Account, 'api'>, kind: string, names: readonly string[]): Promise<void> {
  const type = await offer(owner, { name: kind });
  for (const [index, name] of names.entries()) {
    const start = new Date(startOfDay(SOON, ZONE) + 10 * HOUR + index * (HOUR / 2)).toISOString();
    const made = await owner.api.post('/api/v1/bookings', { data: { type_id: type.id, start, name, email: 'someone@example.com', notify: false } });
    expect(made.status(), await made.text()).toBe(201);
  }
}

test('the list of bookings goes to the person’s other business', async ({ server, owner, ownerPage: page }) => {
  const errors = collectErrors(page);
  await page.goto('/bookings');
  await settled(page);
  // With one business there is nothing to choose.
  await expect(page.getByLabel('When')).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Workspace' })).toHaveCount(0);

  const studio = await secondBusiness(server, owner, 'Lakeside Studio');
  await diary(owner, 'First visit', ['Grace Hopper', 'Ada Byron']);
  await diary(studio, 'Portrait', ['Grace Murray', 'Alan Turing']);
  await studio.api.dispose();

  await page.goto('/bookings?q=grace&when=%22all%22');
  const rows = page.getByRole('link', { name: /Grace|Ada|Alan/ });
  await expect(rows).toHaveText([/Grace Hopper/]);
  await page.getByRole('combobox', { name: 'Any type' }).click();
  await page.getByRole('option', { name: 'First visit', exact: true }).click();
  await expect(page).toHaveURL(/type=/);

  await page.getByRole('combobox', { name: 'Workspace' }).selectOption('Lakeside Studio');
  await expect(rows).toHaveText([/Grace Murray/]);
  // What was looked for is kept; the kind of appointment was the other business's.
  const { searchParams } = new URL(page.url());
  expect([...searchParams.keys()].sort()).toEqual(['q', 'when']);
  await expect(page.getByRole('searchbox', { name: 'Search bookings' })).toHaveValue('grace');
  await expect(page.getByRole('combobox', { name: 'Workspace' })).toHaveValue(/^ws_/);
  await page.getByRole('combobox', { name: 'Any type' }).click();
  await expect(page.getByRole('listbox').getByRole('option')).toHaveText(['Appointment', 'Portrait']);
  await page.keyboard.press('Escape');

  // What is saved here is not offered there.
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('menuitem', { name: 'Save these filters…' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('All the Graces');
  await page.getByRole('dialog').getByRole('button', { name: 'Save view' }).click();
  await expect(page.getByRole('button', { name: 'All the Graces' })).toBeVisible();
  await page.getByRole('combobox', { name: 'Workspace' }).selectOption(owner.business);
  await expect(rows).toHaveText([/Grace Hopper/]);
  await page.getByRole('button', { name: 'Views' }).click();
  await expect(page.getByText('No saved views yet')).toBeVisible();
  expect(errors).toEqual([]);
});

test('the list of bookings of a person with two businesses', async ({ server, owner, browser }) => {
  const studio = await secondBusiness(server, owner, 'Lakeside Photography and Framing Studio');
  await studio.api.dispose();
  await diary(owner, 'First visit', ['Grace Hopper', 'Ada Byron', 'Alan Turing']);
  await inspect(browser, server.url, {
    name: 'bookings-of-two',
    open: async (page) => {
      await page.goto('/bookings');
      await expect(page.getByText('Grace Hopper').first()).toBeVisible();
      await settled(page);
    },
    signedIn: owner.signedIn,
  });
});
