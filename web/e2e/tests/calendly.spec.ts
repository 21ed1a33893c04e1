// What one person set up at Calendly, brought over in the settings.
import type { Page } from '@playwright/test';
import { civil, DAY } from '../../booking/src/zone.js';
import { type Account, signUp } from '../harness/account.js';
import { type Calendly, startCalendly, TOKEN } from '../harness/calendly.js';
import { booked, offer } from '../harness/diary.js';
import { expect, test } from '../harness/fixtures.js';
import { collectErrors, inspect, screenshot } from '../harness/inspect.js';
import { type Server, startServer } from '../harness/server.js';
import { settled } from '../harness/settled.js';

/** A day far enough ahead that none of its times passes while the test runs. */
const SOON = civil(Date.now() + 3 * DAY, 'America/New_York').day;

let calendly: Calendly;
let server: Server;
let owner: Account;
let page: Page;

test.beforeEach(async ({ browser }) => {
  calendly = await startCalendly(SOON);
  server = await startServer([], calendly.settings);
  owner = await signUp(server);
  page = await (await browser.newContext({ baseURL: server.url, storageState: owner.signedIn })).newPage();
});
test.afterEach(async () => {
  await page.context().close();
  await owner.close();
  await server.close();
  await calendly.close();
});

test('a business is brought over from Calendly; once more brings nothing twice', async ({ browser }) => {
  test.slow();
  const errors = collectErrors(page);
  await offer(owner, { name: 'First visit' });
  const card = page.locator('main');
  const look = async (token: string) => {
    await page.goto('/settings/calendars');
    await card.getByRole('button', { name: 'Begin' }).click();
    await card.getByLabel('Personal access token').fill(token);
    await card.getByRole('button', { name: 'See what would come' }).click();
  };

  await look('mistyped');
  await expect(card.getByText('Is refused by Calendly: it is mistyped, or was withdrawn there; make a new one and try again')).toBeVisible();
  await expect(card.getByLabel('Personal access token')).toHaveValue('mistyped');
  await settled(page);
  await screenshot(page, 'calendly-refused-light-1440');
  await card.getByLabel('Personal access token').fill(TOKEN);
  await card.getByRole('button', { name: 'See what would come' }).click();

  await expect(card.getByRole('checkbox', { name: 'Intro, 30 minutes' })).toBeChecked();
  await expect(card.getByRole('checkbox', { name: 'Consultation, 60 minutes' })).toBeChecked();
  await expect(card.getByRole('checkbox', { name: 'Retreat, 2880 minutes' })).toBeDisabled();
  await expect(card.getByText('Appointments here last 5 minutes to 24 hours')).toBeVisible();
  await expect(card.getByText('2 appointments come over')).toBeVisible();
  await expect(card.getByRole('group', { name: '1 does not come over' })).toContainText('OfATeam');
  // Her hours are set here already; they stay.
  await expect(card.getByRole('checkbox', { name: 'Take over the hours “Working hours”' })).not.toBeChecked();
  await card.getByRole('button', { name: 'Bring over' }).click();
  const report = card.getByRole('status').filter({ hasText: 'Brought over' });
  await expect(report.getByRole('listitem')).toHaveText(['2 kinds of appointment made, 0 here before', 'Hours left as they are', '2 appointments booked, 0 here before']);

  await page.goto('/bookings');
  await expect(page.getByRole('link', { name: /Ann Lee|Cleo Park/ })).toHaveText([/Ann Lee/, /Cleo Park/]);

  await look(TOKEN);
  await expect(card.getByText('2 are here already and stay as they are.')).toBeVisible();
  await expect(card.getByText('Here already', { exact: true })).toHaveCount(2);
  await card.getByRole('button', { name: 'Bring over' }).click();
  await expect(report.getByRole('listitem')).toHaveText(['0 kinds of appointment made, 2 here before', 'Hours left as they are', '0 appointments booked, 2 here before']);
  const types = (await (await owner.api.get('/api/v1/booking-types')).json()) as { id: string; name: string }[];
  expect(types.map(({ name }) => name).sort()).toEqual(['Appointment', 'Consultation', 'First visit', 'Intro']);
  for (const { id, name } of types) expect(await booked(owner, id), name).toHaveLength(['Intro', 'Consultation'].includes(name) ? 1 : 0);
  // The mistyped token is an answer that the browser notes; nothing else is wrong.
  expect(errors.filter((error) => !/status of 4\d\d/.test(error))).toEqual([]);

  await inspect(browser, server.url, {
    name: 'calendly-preview',
    open: async (other) => {
      await other.goto('/settings/calendars');
      await other.getByRole('button', { name: 'Begin' }).click();
      await other.getByLabel('Personal access token').fill(TOKEN);
      await other.getByRole('button', { name: 'See what would come' }).click();
      await expect(other.getByText('Here already').first()).toBeVisible();
      await settled(other);
      await other.getByText('Kinds of appointment').first().scrollIntoViewIfNeeded();
    },
    signedIn: owner.signedIn,
  });
});
