// The whole way of an appointment: a stranger in a browser, the owner's own calendar, the customer's mail, the team's screen.
import { signUp } from '../harness/account.js';
import { booked, offer } from '../harness/diary.js';
import { expect, test } from '../harness/fixtures.js';
import { type Letter, startMailbox } from '../harness/mailbox.js';
import { PASSWORD, startRadicale, USER } from '../harness/radicale.js';
import { startServer } from '../harness/server.js';
import { civil, DAY } from '../../booking/src/zone.js';

const ZONE = 'America/Los_Angeles';
const GUEST = 'grace@example.com';

test('an appointment is made, moved and cancelled, and page, calendar, mail and dashboard agree', async ({ browser }) => {
  test.setTimeout(120_000);
  const [radicale, mailbox] = await Promise.all([startRadicale(), startMailbox()]);
  const server = await startServer([], mailbox.settings);
  const owner = await signUp(server);
  const exam = await offer(owner, { name: 'New patient exam' });
  const connected = await owner.api.post('/api/v1/calendars/caldav', {
    data: { url: radicale.url, username: USER, password: PASSWORD, staff_id: exam.staff.id },
  });
  expect(connected.ok(), await connected.text()).toBe(true);

  const team = await browser.newPage({ baseURL: server.url, storageState: owner.signedIn, timezoneId: ZONE });
  await team.goto('/bookings');
  await expect(team.getByRole('heading', { level: 1 })).toBeVisible();
  const line = team.getByRole('row').filter({ hasText: 'Grace Hopper' });
  await expect(line).toHaveCount(0);

  const page = await browser.newPage({ baseURL: server.url, timezoneId: ZONE });
  await page.goto(`${exam.path}?date=${civil(Date.now() + 3 * DAY, ZONE).day}`);
  await page.locator('.times .slot').nth(1).click();
  await page.getByLabel('Name').fill('Grace Hopper');
  await page.getByLabel('E-mail').fill(GUEST);
  await page.getByRole('button', { name: 'Book', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'You are booked' })).toBeFocused();

  const start = async () => (await booked(owner, exam.id))[0]?.start.replace(/\.\d+/, '') ?? '';
  // Without the folds of RFC 5545, 3.1.
  const events = () => radicale.files().map((file) => file.replace(/\r?\n[ \t]/g, ''));
  const inCalendar = (at: string) => `DTSTART:${at.replace(/[-:]/g, '')}`;
  const letter = async (method: string): Promise<Letter> => {
    const find = () => mailbox.lettersTo(GUEST).find(({ invitation }) => invitation?.method === method && (method === 'CANCEL' || invitation.start === now));
    await expect.poll(find, { message: `a letter with METHOD:${method}`, timeout: 20_000 }).toBeDefined();
    return find() as Letter;
  };

  let now = await start();
  await expect(line).toContainText('New patient exam');
  await expect.poll(() => events()).toEqual([expect.stringContaining(inCalendar(now))]);
  expect(events()[0]).toContain('SUMMARY:Grace Hopper: New patient exam');
  const confirmed = await letter('REQUEST');
  expect(confirmed.invitation).toMatchObject({ start: now, sequence: 0 });
  expect(confirmed.text).toContain('New patient exam');
  expect(confirmed.html).toContain('New patient exam');

  // The customer moves it by the link in their mail.
  const link = /https?:\/\/\S+\/book\/manage\/[^\s)>\]]+/.exec(confirmed.text)?.[0] ?? '';
  expect(link).toContain(server.url);
  await page.goto(link);
  await page.getByRole('button', { name: 'Move to another time' }).click();
  await page.locator('.times .slot').last().click();
  await page.getByRole('button', { name: 'Move it' }).click();
  await expect(page.getByRole('heading', { name: 'Your booking was moved' })).toBeFocused();
  const before = now;
  now = await start();
  expect(now).not.toBe(before);
  await expect.poll(() => events()).toEqual([expect.stringContaining(inCalendar(now))]);
  const moved = await letter('REQUEST');
  expect(moved.invitation).toMatchObject({ uid: confirmed.invitation?.uid, start: now });
  expect(moved.invitation?.sequence).toBeGreaterThan(0);

  await page.getByRole('button', { name: 'Cancel it' }).click();
  await page.getByRole('button', { name: 'Yes, cancel it' }).click();
  await expect(page.getByRole('heading', { name: 'Your booking is cancelled' })).toBeFocused();
  await expect(line).toContainText('Cancelled');
  await expect.poll(() => events()).toEqual([]);
  const cancelled = await letter('CANCEL');
  expect(cancelled.invitation).toMatchObject({ uid: confirmed.invitation?.uid });
  expect(cancelled.invitation?.sequence).toBeGreaterThan(moved.invitation?.sequence ?? 0);

  await Promise.all([team.close(), page.close(), owner.close()]);
  await Promise.all([server.close(), radicale.close(), mailbox.close()]);
});
