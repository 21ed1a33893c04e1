// A calendar of somebody's own, connected by consent: away to the vendor's page and back, or not.
import type { Page } from '@playwright/test';
import { civil, DAY } from '../../booking/src/zone.js';
import { type Account, signUp } from '../harness/account.js';
import { offer } from '../harness/diary.js';
import { expect, test } from '../harness/fixtures.js';
import { ACCOUNT, type Google, HOLIDAYS, startGoogle } from '../harness/google.js';
import { collectErrors, inspect, screenshot } from '../harness/inspect.js';
import { type Server, startServer } from '../harness/server.js';
import { settled } from '../harness/settled.js';
import { bookLast } from '../harness/visitor.js';

const ZONE = 'America/New_York';
/** A day far enough ahead that none of its times passes while the test runs. */
const SOON = civil(Date.now() + 3 * DAY, ZONE).day;

let google: Google;
let server: Server;
let owner: Account;
let page: Page;
let errors: string[];

test.beforeEach(async ({ browser }) => {
  google = await startGoogle();
  server = await startServer([], google.settings);
  owner = await signUp(server);
  page = await (await browser.newContext({ baseURL: server.url, storageState: owner.signedIn })).newPage();
  errors = collectErrors(page);
});
test.afterEach(async () => {
  await page.context().close();
  await owner.close();
  await server.close();
  await google.close();
});

/** From the settings to the vendor's page. */
async function goToGoogle(): Promise<void> {
  await page.getByRole('button', { name: /Google Calendar/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Connect Google Calendar' });
  await dialog.getByRole('button', { name: 'Go to Google Calendar' }).click();
  await expect(page.getByRole('heading', { name: `Frontdesk wants access to ${ACCOUNT}` })).toBeVisible();
}

test('a calendar is connected by consent, its calendars are chosen, and it is given up; a refusal says so', async ({ browser }) => {
  const visit = await offer(owner, { name: 'First visit', hours: [9 * 60, 11 * 60] });
  // In the zone of the business, whatever the season: Google is told instants.
  const at = (clock: string) => `${SOON}T${clock}:00${new Date(`${SOON}T12:00:00Z`).toLocaleString('en-US', { timeZone: ZONE, timeZoneName: 'longOffset' }).split('GMT').at(-1) ?? ''}`;
  google.put('Dentist of my own', at('10:00'), at('10:30'));

  await page.goto('/settings/calendars');
  await goToGoogle();
  await page.getByRole('link', { name: 'Cancel' }).click();
  const refusal = page.getByRole('alert').filter({ hasText: 'Nothing was connected' });
  await expect(refusal).toContainText('The vendor gave no access; connect the calendar again and allow it');
  await expect(page.getByText('No calendar connected')).toBeVisible();
  expect(google.isOpen()).toBe(false);
  await settled(page);
  await screenshot(page, 'consent-refused-light-1440');

  await goToGoogle();
  await page.getByRole('link', { name: 'Allow' }).click();
  await expect(page.getByRole('status').filter({ hasText: `${ACCOUNT} is connected` })).toBeVisible();
  const account = page.getByRole('region', { name: ACCOUNT });
  await expect(account.getByText('In step')).toBeVisible({ timeout: 20_000 });
  await expect(account.getByRole('switch', { name: `${ACCOUNT} blocks times` })).toBeChecked();
  await expect(account.getByRole('switch', { name: `${ACCOUNT} takes appointments` })).toBeChecked();
  // A reload shows what is connected, and the address can be used again.
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(page).toHaveURL(/\/settings\/calendars$/);

  // The calendar one only reads may block times, and can take no appointments.
  await account.getByRole('button', { name: '1 more calendar' }).click();
  const holidays = account.getByRole('listitem').filter({ hasText: HOLIDAYS });
  await expect(holidays.getByText('Read-only')).toBeVisible();
  await expect(holidays.getByRole('switch', { name: `${HOLIDAYS} takes appointments` })).toBeDisabled();
  await holidays.getByRole('combobox', { name: `Whose calendar is ${HOLIDAYS}?` }).click();
  await page.getByRole('option', { name: visit.staff.name }).click();
  await holidays.getByRole('switch', { name: `${HOLIDAYS} blocks times` }).click();
  await expect(holidays.getByRole('switch', { name: `${HOLIDAYS} blocks times` })).toBeChecked();

  // What is busy there is offered to nobody, and what is booked here is written there.
  await bookLast(browser, server, visit, { day: SOON, zone: ZONE, times: ['9:00 AM', '9:30 AM', '10:30 AM'], name: 'Grace Hopper' });
  await expect.poll(() => google.titles().filter((title) => title.includes('Grace Hopper')).length, { timeout: 20_000 }).toBe(1);

  await account.getByRole('button', { name: 'Disconnect' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click();
  await expect(page.getByText('No calendar connected')).toBeVisible();
  // The access is given back; what was written stays.
  await expect.poll(() => google.isOpen()).toBe(false);
  expect(google.titles()).toHaveLength(2);
  expect(errors).toEqual([]);
});

test('the settings after coming back from the vendor’s page', async ({ browser }) => {
  await offer(owner, { name: 'First visit' });
  await page.goto('/settings/calendars');
  await goToGoogle();
  await page.getByRole('link', { name: 'Allow' }).click();
  const account = page.getByRole('region', { name: ACCOUNT });
  await expect(account.getByText('In step')).toBeVisible({ timeout: 20_000 });
  const [connected, refused] = [page.url(), '/settings/calendars?error=the+vendor+gave+no+access%3B+connect+the+calendar+again+and+allow+it'];
  for (const [name, path] of [
    ['consent-given', connected],
    ['consent-refused', refused],
  ] as const) {
    await inspect(browser, server.url, {
      name,
      open: async (other) => {
        await other.goto(path);
        await expect(other.getByText('In step')).toBeVisible();
        await settled(other);
      },
      signedIn: owner.signedIn,
    });
  }
});
