// Somebody's own calendar, on a real CalDAV server: connected in the settings, it blocks times and takes appointments.
import { civil, DAY } from '../../booking/src/zone.js';
import { offer } from '../harness/diary.js';
import { expect, test } from '../harness/fixtures.js';
import { collectErrors, inspect } from '../harness/inspect.js';
import { PASSWORD, type Radicale, startRadicale, USER } from '../harness/radicale.js';
import { settled } from '../harness/settled.js';
import { bookLast } from '../harness/visitor.js';

const ZONE = 'America/New_York';
/** A day far enough ahead that none of its times passes while the test runs. */
const SOON = civil(Date.now() + 3 * DAY, ZONE).day;

let calendar: Radicale;
test.beforeEach(async () => {
  calendar = await startRadicale();
});
test.afterEach(() => calendar.close());

test('a calendar is connected, blocks times, takes an appointment, loses its access and is given up', async ({ owner, ownerPage: page, browser, server }) => {
  test.slow();
  const errors = collectErrors(page);
  const visit = await offer(owner, { name: 'First visit', hours: [9 * 60, 11 * 60] });
  const day = SOON.replaceAll('-', '');
  // On the clocks of the business, whatever the season.
  await calendar.put('private', 'Dentist of my own', `${day}T100000`, `${day}T103000`);

  await page.goto('/settings/calendars');
  await page.getByRole('button', { name: /CalDAV/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Connect CalDAV' });
  await dialog.getByRole('button', { name: 'Connect' }).click();
  await expect(dialog.getByText('Needed to connect.')).toHaveCount(3);
  await dialog.getByLabel('Address', { exact: true }).fill(`${calendar.url}/`);
  await dialog.getByLabel('User name').fill(USER);
  await dialog.getByLabel('Password', { exact: true }).fill('wrong');
  await dialog.getByRole('button', { name: 'Connect' }).click();
  await expect(dialog.getByText('Is refused by the server')).toBeVisible();
  // What was typed is kept.
  await expect(dialog.getByLabel('User name')).toHaveValue(USER);
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Connect' }).click();
  await expect(dialog).toBeHidden();

  const account = page.getByRole('region', { name: new RegExp(`^${USER} `) });
  await expect(account.getByText('In step')).toBeVisible({ timeout: 20_000 });
  await expect(account.getByText('Last read')).toBeVisible();
  await expect(account.getByRole('switch', { name: 'Work blocks times' })).toBeChecked();
  await expect(account.getByRole('switch', { name: 'Work takes appointments' })).toBeChecked();

  // Customers are not offered what is busy there, and what they book is written there.
  await bookLast(browser, server, visit, { day: SOON, zone: ZONE, times: ['9:00 AM', '9:30 AM', '10:30 AM'], name: 'Grace Hopper' });
  await expect.poll(() => calendar.files().filter((file) => file.includes('Grace Hopper')).length, { timeout: 20_000 }).toBe(1);

  calendar.lockOut();
  await account.getByRole('button', { name: 'Read now' }).click();
  await expect(account.getByText('Access lost')).toBeVisible({ timeout: 20_000 });
  await account.getByRole('button', { name: 'Connect again' }).click();
  await expect(dialog.getByLabel('User name')).toHaveValue(USER);
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  await account.getByRole('button', { name: 'Disconnect' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click();
  await expect(page.getByText('No calendar connected')).toBeVisible();
  // What was written stays.
  expect(calendar.files()).toHaveLength(2);
  // The wrong password is an answer that the browser notes; nothing else is wrong.
  expect(errors.filter((error) => !/status of 4\d\d/.test(error))).toEqual([]);
});

test('the page of calendars', async ({ owner, browser, server }) => {
  const { staff } = await offer(owner, { name: 'First visit' });
  const data = { url: `${calendar.url}/`, username: USER, password: PASSWORD, staff_id: staff.id };
  const made = await owner.api.post('/api/v1/calendars/caldav', { data });
  expect(made.status(), await made.text()).toBe(201);
  await inspect(browser, server.url, {
    name: 'settings-calendars',
    open: async (page) => {
      await page.goto('/settings/calendars');
      await expect(page.getByText('In step')).toBeVisible({ timeout: 20_000 });
      await settled(page);
    },
    signedIn: owner.signedIn,
  });
});
