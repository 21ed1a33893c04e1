// The team's calendar against the real server: book, drag, agree, undo, cancel; by mouse and by keyboard alone.
import { type Locator, type Page } from '@playwright/test';
import { civil, DAY } from '../../booking/src/zone.js';
import type { Account } from '../harness/account.js';
import { type Bookable, booked, offer } from '../harness/diary.js';
import { expect, test } from '../harness/fixtures.js';
import { collectErrors, inspect } from '../harness/inspect.js';
import { settled } from '../harness/settled.js';

/** Where the business is, as `signUp` makes it. */
const ZONE = 'America/New_York';
/** A day far enough ahead that none of its times passes while the test runs. */
const SOON = civil(Date.now() + 3 * DAY, ZONE).day;
const HOUR = 3_600_000;

const block = (page: Page, name: RegExp) => page.locator('[data-booking]').and(page.getByRole('button', { name }));

async function openDay(page: Page): Promise<void> {
  await page.goto(`/calendar?mode=day&date=%22${SOON}%22`);
  await expect(page.getByRole('group', { name: /^Maria Lopez/ })).toBeVisible();
  await settled(page);
}

/** Books somebody new at a time of that day, in the dashboard. */
async function bookByHand(page: Page, what: string, name: string, time: string): Promise<void> {
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'New booking' });
  await dialog.getByRole('button', { name: 'New', exact: true }).click();
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('E-mail').fill('grace@example.com');
  await dialog.getByRole('combobox', { name: 'What' }).click();
  await page.getByRole('option', { name: what, exact: true }).click();
  await dialog.getByText('Any time').click();
  await dialog.getByLabel('Day').fill(SOON);
  await dialog.getByLabel('Time', { exact: true }).fill(time);
  await dialog.getByRole('button', { name: 'Book', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText(new RegExp(`^Booked: ${name}`))).toBeVisible();
}

/** Books through the API; the time is the business's. */
async function book({ api }: Pick<Account, 'api'>, type: Bookable, name: string, hour: number): Promise<void> {
  const { slots } = (await (
    await api.get(`/api/v1/availability?type=${type.id}&from=${new Date(Date.now() + DAY).toISOString()}&to=${new Date(Date.now() + 5 * DAY).toISOString()}`)
  ).json()) as { slots: { slot: string; start: string }[] };
  const wanted = slots.find(({ start }) => {
    const at = civil(Date.parse(start), ZONE);
    return at.day === SOON && at.hour === hour && at.minute === 0;
  });
  const answer = await api.post('/api/v1/bookings', { data: { slot: wanted?.slot, type_id: type.id, name, email: 'someone@example.com' } });
  expect(answer.status(), await answer.text()).toBe(201);
}

/** Drags something down by so many hours of the calendar, in steps as a hand does. */
async function dragDown(page: Page, what: Locator, hours: number): Promise<void> {
  const box = await what.boundingBox();
  if (box === null) throw new Error('nothing to drag');
  const [x, y] = [box.x + box.width / 2, box.y + 8];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y + 60 * hours, { steps: 8 });
  await page.mouse.up();
}

test('somebody is booked, dragged to another time, put back, and called off', async ({ owner, ownerPage: page }) => {
  const errors = collectErrors(page);
  const type = await offer(owner, { name: 'Check-up', hours: [8 * 60, 18 * 60] });
  await openDay(page);
  await bookByHand(page, 'Check-up', 'Grace Hopper', '10:00');
  const [made] = await booked(owner, type.id);
  expect(made).toMatchObject({ name: 'Grace Hopper', status: 'confirmed', source: 'dashboard' });
  const start = Date.parse(made?.start ?? '');

  await dragDown(page, block(page, /Grace Hopper, Check-up, 10:00/), 2);
  const question = page.getByRole('dialog', { name: 'Move this booking?' });
  await expect(question).toContainText('12:00 – 12:30 PM');
  await expect(question).toContainText('grace@example.com');
  expect((await booked(owner, type.id))[0]?.start, 'nothing moves before the person agrees').toBe(made?.start);
  await question.getByRole('button', { name: 'Move booking' }).click();
  await expect(block(page, /Grace Hopper, Check-up, 12:00/)).toBeVisible();
  const [moved] = await booked(owner, type.id);
  expect(moved).toMatchObject({ id: made?.id, status: 'rescheduled' });
  expect(Date.parse(moved?.start ?? '')).toBe(start + 2 * HOUR);

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(block(page, /Grace Hopper, Check-up, 10:00/)).toBeVisible();
  await expect.poll(async () => Date.parse((await booked(owner, type.id))[0]?.start ?? '')).toBe(start);

  await block(page, /Grace Hopper/).click();
  const drawer = page.getByRole('dialog', { name: /Grace Hopper/ });
  await expect(drawer.getByText(/Moved from .+ to /).first()).toBeVisible();
  await drawer.getByRole('button', { name: 'Cancel', exact: true }).click();
  const asked = page.getByRole('dialog', { name: 'Cancel Grace Hopper’s booking?' });
  await asked.getByLabel('Reason').fill('The dentist is ill');
  await asked.getByRole('button', { name: 'Show the message they get' }).click();
  await expect(asked.frameLocator('iframe').getByText('The dentist is ill')).toBeVisible();
  await asked.getByRole('button', { name: 'Cancel booking' }).click();
  await expect(drawer.getByText('You cancelled')).toBeVisible();
  expect(await booked(owner, type.id)).toMatchObject([{ id: made?.id, status: 'cancelled', cancellation: { by: 'business', reason: 'The dentist is ill' } }]);
  await drawer.getByRole('button', { name: 'Close' }).click();
  await expect(block(page, /Grace Hopper/)).toHaveCount(0);
  // Looking into the message's frame from here is refused, as it should be: nothing runs in there.
  expect(errors.filter((text) => !text.includes('about:srcdoc'))).toEqual([]);
});

test('a time is drawn, and what speaks against it is said', async ({ owner, ownerPage: page }) => {
  const type = await offer(owner, { name: 'Check-up', hours: [8 * 60, 12 * 60] });
  await book(owner, type, 'Ada Lovelace', 9);
  await openDay(page);
  await expect(block(page, /Ada Lovelace/)).toBeVisible();
  const column = page.getByRole('group', { name: /^Maria Lopez/ });
  const box = await column.boundingBox();
  const ada = await block(page, /Ada Lovelace/).boundingBox();
  if (box === null || ada === null) throw new Error('no column');
  // From 13:00, an hour after the doors close, to 13:30.
  const [x, y] = [box.x + box.width / 2, ada.y + 4 * 60];
  await page.mouse.move(x, y + 2);
  await page.mouse.down();
  await page.mouse.move(x, y + 29, { steps: 5 });
  await page.mouse.up();
  const dialog = page.getByRole('dialog', { name: 'New booking' });
  await expect(dialog.getByLabel('Time', { exact: true })).toHaveValue('13:00');
  await expect(dialog.getByText('This time is not on offer')).toBeVisible();
  await expect(dialog.getByText(/Outside of working hours/)).toBeVisible();
  await dialog.getByLabel('Time', { exact: true }).fill('09:00');
  await expect(dialog.getByText('This time cannot be booked')).toBeVisible();
  await expect(dialog.getByText(/Booked until/)).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Book', exact: true })).toBeDisabled();
});

test('the keyboard alone walks, moves and opens', async ({ owner, ownerPage: page }) => {
  const type = await offer(owner, { name: 'Check-up', hours: [8 * 60, 18 * 60] });
  await book(owner, type, 'Ada Lovelace', 9);
  await book(owner, type, 'Edsger Dijkstra', 11);
  await openDay(page);
  await expect(block(page, /Ada Lovelace/)).toBeVisible();
  await page.keyboard.press('r');
  await expect(block(page, /Ada Lovelace/)).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(block(page, /Edsger Dijkstra/)).toBeFocused();
  await page.keyboard.press('r');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Enter');
  const question = page.getByRole('dialog', { name: 'Move this booking?' });
  await expect(question).toContainText('12:00 – 12:30 PM');
  await page.keyboard.press('Enter');
  await expect(block(page, /Edsger Dijkstra, Check-up, 12:00/)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: /Edsger Dijkstra/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('m');
  await expect(page).toHaveURL(/mode=month/);
  await page.keyboard.press('w');
  await expect(page).not.toHaveURL(/mode=/);
});

for (const [name, path] of [
  ['calendar-week', `/calendar?date=%22${SOON}%22`],
  ['calendar-day', `/calendar?mode=day&date=%22${SOON}%22`],
  ['calendar-month', `/calendar?mode=month&date=%22${SOON}%22`],
  ['bookings', '/bookings'],
] as const) {
  test(`everybody can use ${name}`, async ({ browser, server, owner }) => {
    const type = await offer(owner, { name: 'Check-up', hours: [8 * 60, 18 * 60] });
    await book(owner, type, 'Ada Lovelace', 9);
    await book(owner, type, 'Edsger Dijkstra', 11);
    const open = async (page: Page) => {
      await page.goto(path);
      await settled(page);
    };
    await inspect(browser, server.url, { name, open, signedIn: owner.signedIn });
  });
}

test('everybody can use a booking’s details', async ({ browser, server, owner }) => {
  const type = await offer(owner, { name: 'Check-up', hours: [8 * 60, 18 * 60] });
  await book(owner, type, 'Ada Lovelace', 9);
  const [first] = await booked(owner, type.id);
  const open = async (page: Page) => {
    await page.goto(`/bookings/${first?.id ?? ''}`);
    await settled(page);
    await expect(page.getByRole('dialog', { name: /Ada Lovelace/ })).toBeVisible();
  };
  await inspect(browser, server.url, { name: 'booking', open, signedIn: owner.signedIn });
});
