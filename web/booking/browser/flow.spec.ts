// What customers do and what goes wrong for them, in a real browser against the page as built.

import { expect, test as base, type Page } from '@playwright/test';
import { CLASS, FakeServer, TYPE } from './server';

const NOW = Date.parse('2026-10-13T16:20:00Z');
const PLAIN = { ...TYPE, questions: [], durations: [45] };

const test = base.extend<{ server: FakeServer; errors: string[] }>({
  server: async ({}, use) => {
    const server = new FakeServer();
    server.now = () => NOW;
    server.types = [PLAIN, CLASS];
    await server.listen();
    await use(server);
    await server.close();
  },
  errors: [
    async ({ page }, use) => {
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('console', (message) => {
        if (/Content Security Policy|Uncaught/.test(message.text())) errors.push(message.text());
      });
      await use(errors);
      expect(errors).toEqual([]);
    },
    { auto: true },
  ],
});

const slots = (page: Page) => page.locator('.times .slot');
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name });
const lines = (server: FakeServer, pattern: RegExp): string[] => server.log.map(({ line }) => line).filter((line) => pattern.test(line));

async function open(page: Page, server: FakeServer, query = ''): Promise<void> {
  await page.clock.setFixedTime(NOW);
  await page.goto(`${server.origin}/book/harbor-dental/new-patient-exam${query}`);
  await expect(slots(page).first()).toBeVisible();
}

async function fill(page: Page): Promise<void> {
  await page.getByLabel('Name').fill('Ada Lindqvist');
  await page.getByLabel('E-mail').fill('ada@example.com');
}

test('the first times come with the page, without another request', async ({ page, server }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.route('**/api/**', (route) => route.abort());
  await open(page, server);
  await expect(slots(page)).toHaveCount(4);
  const [document, ...others] = asked.filter((url) => !url.startsWith('data:'));
  expect(document).toContain('/book/');
  // What follows are the rest of the month and the month ahead.
  expect(others.filter((url) => !url.startsWith(`${server.origin}/api/v1/public/booking/harbor-dental/new-patient-exam?from=`))).toEqual([]);
});

test('without the first answer inside, the page asks for it', async ({ page, server }) => {
  server.inlined = false;
  await open(page, server);
  await page.goto(`${server.origin}/book/harbor-dental`);
  await expect(page.getByRole('link', { name: /New patient exam/ })).toBeVisible();
  await page.goto(`${server.origin}/book/nobody`);
  await expect(heading(page, 'We cannot find this page')).toBeVisible();
});

test('a booking by keyboard alone, from the calendar to the confirmation', async ({ page, server }) => {
  await open(page, server);
  const focused = page.locator(':focus');
  await page.getByRole('grid').getByRole('button', { name: /Tuesday, October 13/ }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(focused).toHaveAccessibleName('Wednesday, October 14, 2026, 8 times');
  await page.keyboard.press('End');
  await expect(focused).toHaveAccessibleName('Saturday, October 17, 2026, no times');
  // A day without times may be reached and says so, but is not chosen.
  await page.keyboard.press('Enter');
  await expect(heading(page, 'Tuesday, October 13')).toBeVisible();
  await page.keyboard.press('PageDown');
  await expect(focused).toHaveAccessibleName(/^Tuesday, November 17, 2026/);
  await expect(heading(page, 'November 2026')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(heading(page, 'Tuesday, November 17')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(focused).toHaveText(/6:00 AM/);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(focused).toHaveText(/7:30 AM/);
  await page.keyboard.press('Enter');
  await expect(heading(page, 'Your details')).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.type('Ada Lindqvist');
  await page.keyboard.press('Tab');
  await page.keyboard.type('ada@example.com');
  await page.keyboard.press('Enter');
  await expect(heading(page, 'You are booked')).toBeFocused();
  expect([...server.bookings.values()].map(({ start }) => start)).toEqual(['2026-11-17T15:30:00.000Z']);
});

test('the grid has one stop for Tab, and so has the list of times', async ({ page, server }) => {
  await open(page, server);
  expect(await page.locator('.month table [tabindex="0"]').count()).toBe(1);
  expect(await page.locator('.times .slot[tabindex="0"]').count()).toBe(1);
});

test('a time that somebody else took offers others, and the form is kept', async ({ page, server }) => {
  await open(page, server);
  await slots(page).first().click();
  await fill(page);
  await page.getByLabel('Anything we should know?').fill('My tooth hurts');
  server.gone.add(Date.parse([...server.holds.values()][0]?.slot.start ?? ''));
  await page.getByRole('button', { name: 'Book', exact: true }).click();
  const alert = page.getByRole('alert');
  await expect(alert).toBeFocused();
  await expect(alert).toContainText('That time was just taken');
  await expect(alert.getByRole('button')).toHaveCount(3);
  await alert.getByRole('button').first().click();
  await expect(page.getByLabel('Anything we should know?')).toHaveValue('My tooth hurts');
  await expect(alert).toHaveCount(0);
  await page.getByRole('button', { name: 'Book', exact: true }).click();
  await expect(heading(page, 'You are booked')).toBeVisible();
  expect(server.bookings.size).toBe(1);
});

test('a time is held at once and given back on the way back, by our button or the browser\u2019s', async ({ page, server }) => {
  await open(page, server);
  await slots(page).first().click();
  await expect(page.getByText('Held for you for 10:00')).toBeVisible();
  expect(server.holds.size).toBe(1);
  await page.getByRole('button', { name: 'Choose another time' }).click();
  await expect(slots(page).first()).toBeVisible();
  await expect.poll(() => server.holds.size).toBe(0);
  await slots(page).first().click();
  await fill(page);
  await page.goBack();
  await expect(slots(page).first()).toBeVisible();
  await expect.poll(() => server.holds.size).toBe(0);
  await slots(page).first().click();
  await expect(page.getByLabel('Name')).toHaveValue('Ada Lindqvist');
});

test('a visitor who leaves the page gives back what was held', async ({ page, server }) => {
  await open(page, server);
  await slots(page).first().click();
  await expect(page.getByLabel('Name')).toBeVisible();
  await page.goto('about:blank');
  await expect.poll(() => server.holds.size).toBe(0);
});

test('an answer lost on the way neither loses nor doubles the booking', async ({ page, server }) => {
  await open(page, server);
  await slots(page).first().click();
  await fill(page);
  server.loseNext = /bookings$/;
  await page.getByRole('button', { name: 'Book', exact: true }).click();
  await expect(heading(page, 'You are booked')).toBeVisible();
  expect(server.bookings.size).toBe(1);
  const sent = server.log.filter(({ line }) => line.endsWith('/bookings'));
  expect(sent.length).toBe(2);
  expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
});

test('without a network the form waits and is sent when it is back', async ({ page, context, server }) => {
  await open(page, server);
  await slots(page).first().click();
  await fill(page);
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Book', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('There is no connection');
  await expect(page.getByLabel('Name')).toHaveValue('Ada Lindqvist');
  await context.setOffline(false);
  await expect(heading(page, 'You are booked')).toBeVisible();
  expect(server.bookings.size).toBe(1);
});

test('the server\u2019s words stand at the field they are about', async ({ page, server }) => {
  await open(page, server);
  await slots(page).first().click();
  await fill(page);
  server.refuse.push([/bookings$/, 422, { type: 'x/validation', errors: [{ field: '/email', message: 'is not an e-mail address' }] }]);
  await page.getByRole('button', { name: 'Book', exact: true }).click();
  const email = page.getByLabel('E-mail');
  await expect(email).toBeFocused();
  await expect(email).toHaveAccessibleDescription('Is not an e-mail address');
  await page.getByRole('button', { name: 'Book', exact: true }).click();
  await expect(heading(page, 'You are booked')).toBeVisible();
});

test('an error that appears does not move the button from under the pointer', async ({ page, server }) => {
  await open(page, server);
  await slots(page).first().click();
  await page.getByLabel('Name').fill('Ada');
  await page.getByLabel('E-mail').fill('ada@');
  await page.getByRole('button', { name: 'Book', exact: true }).click();
  await expect(page.getByLabel('E-mail')).toBeFocused();
  await expect(page.getByLabel('E-mail')).toHaveAccessibleDescription(/does not look like/);
});

test('another zone shows the same times on the days they have there', async ({ page, server }) => {
  await open(page, server, '?zone=America/New_York');
  await expect(slots(page).first()).toHaveText(/1:00 PM/);
  await page.getByRole('button', { name: /Time zone/ }).click();
  const search = page.getByRole('combobox', { name: 'Search city or time zone' });
  await expect(search).toBeFocused();
  await search.fill('auck');
  await expect(page.getByRole('listbox', { name: 'Time zone' }).getByRole('option')).toHaveText([/Auckland/]);
  await search.press('Enter');
  await expect(page.getByRole('button', { name: /Time zone/ })).toBeFocused();
  await expect(heading(page, 'Wednesday, October 14')).toBeVisible();
  await expect(slots(page).first()).toHaveText(/6:00 AM/);
  await page.getByRole('button', { name: /Time zone/ }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: /Time zone/ })).toBeFocused();
});

test('in the hour that comes twice both times can be told apart, and both can be booked', async ({ page, server }) => {
  server.business = { ...server.business, zone: 'Etc/GMT' };
  server.week = { 0: [5.5, 6.5, 7.5] };
  await open(page, server, '?zone=America/New_York&date=2026-11-01');
  await expect(heading(page, 'Sunday, November 1')).toBeVisible();
  await expect(slots(page).locator('b')).toHaveText(['1:30 AM EDT', '1:30 AM EST', '2:30 AM']);
  await expect(page.getByText('Clocks change in New York on')).toBeVisible();
  // Near a change the business's time stands beside the visitor's.
  await expect(slots(page).nth(1)).toContainText('6:30 AM in GMT');
  await slots(page).nth(1).click();
  await fill(page);
  await page.getByRole('button', { name: 'Book', exact: true }).click();
  await expect(heading(page, 'You are booked')).toBeVisible();
  expect([...server.bookings.values()][0]?.start).toBe('2026-11-01T06:30:00.000Z');
});

test('a month without times leads to the next one that has some', async ({ page, server }) => {
  const everything = server.slots(PLAIN, NOW, NOW + 40 * 86_400_000, 45, null);
  for (const { start } of everything) if (start < '2026-11-10') server.gone.add(Date.parse(start));
  await page.clock.setFixedTime(NOW);
  await page.goto(`${server.origin}/book/harbor-dental/new-patient-exam`);
  await expect(heading(page, 'November 2026')).toBeVisible();
  await expect(heading(page, 'Tuesday, November 10')).toBeVisible();
  await page.getByRole('button', { name: 'Previous month' }).click();
  await expect(heading(page, 'October 2026')).toBeVisible();
});

test('where nothing is free the waiting list takes a name', async ({ page, server }) => {
  server.week = {};
  await page.clock.setFixedTime(NOW);
  await page.goto(`${server.origin}/book/harbor-dental/new-patient-exam`);
  await page.getByRole('button', { name: 'Join the waiting list' }).click();
  await fill(page);
  await page.getByLabel('To', { exact: true }).fill('2026-11-30');
  await page.getByRole('button', { name: 'Join the waiting list' }).click();
  await expect(heading(page, 'You are on the waiting list')).toBeFocused();
  expect(server.waiting).toMatchObject([{ name: 'Ada Lindqvist', from: new Date(NOW).toISOString(), to: '2026-12-01T08:00:00.000Z' }]);
});

test('length, person and seats change what is asked for', async ({ page, server }) => {
  server.types = [{ ...TYPE, questions: [] }, CLASS];
  await open(page, server);
  await page.getByRole('radio', { name: '1 hr' }).check();
  await page.getByRole('radio', { name: /Maria Lopez/ }).check();
  await expect(slots(page).first()).toBeVisible();
  await slots(page).first().click();
  await expect(page.getByText('Maria Lopez, Dentist')).toBeVisible();
  expect((server.log.find(({ line }) => line.endsWith('/holds'))?.body as { slot: string }).slot).toContain('.60');
  await page.goto(`${server.origin}/book/harbor-dental/yoga`);
  await expect(page.getByText(/places? left/).first()).toBeVisible();
  await page.getByLabel('How many people?').selectOption('3');
  await slots(page).first().click();
  await expect(page.getByLabel('Name')).toBeVisible();
  expect(server.log.findLast(({ line }) => line.endsWith('/holds'))?.body).toMatchObject({ seats: 3 });
});

test('a booking is moved and cancelled by its link', async ({ page, server }) => {
  server.make({ start: '2026-10-15T14:30:00Z', end: '2026-10-15T15:15:00Z', staff: [], seats: 1, slot: '' }, { type: PLAIN });
  await page.clock.setFixedTime(NOW);
  await page.goto(`${server.origin}/book/manage/manage-1`);
  await page.getByRole('button', { name: 'Move to another time' }).click();
  await expect(heading(page, 'Choose a new time')).toBeFocused();
  await slots(page).nth(1).click();
  await expect(heading(page, 'Move it to this time?')).toBeFocused();
  await page.getByRole('button', { name: 'Move it' }).click();
  await expect(heading(page, 'Your booking was moved')).toBeFocused();
  expect(server.bookings.get('manage-1')).toMatchObject({ status: 'rescheduled', start: '2026-10-13T17:45:00.000Z' });
  await page.getByRole('button', { name: 'Cancel it' }).click();
  await page.getByLabel(/Reason/).fill('I am ill');
  await page.getByRole('button', { name: 'Yes, cancel it' }).click();
  await expect(heading(page, 'Your booking is cancelled')).toBeFocused();
  expect(server.log.findLast(({ line }) => line.endsWith('/cancel'))?.body).toEqual({ reason: 'I am ill' });
  await expect(page.getByRole('link', { name: 'Book a new time' })).toHaveAttribute('href', '/book/harbor-dental/new-patient-exam');
});

test('a move to a time that was just taken offers others', async ({ page, server }) => {
  server.make({ start: '2026-10-15T14:30:00Z', end: '2026-10-15T15:15:00Z', staff: [], seats: 1, slot: '' }, { type: PLAIN });
  await page.clock.setFixedTime(NOW);
  await page.goto(`${server.origin}/book/manage/manage-1`);
  await page.getByRole('button', { name: 'Move to another time' }).click();
  await slots(page).first().click();
  server.gone.add(Date.parse('2026-10-13T17:00:00Z'));
  await page.getByRole('button', { name: 'Move it' }).click();
  await expect(page.getByRole('alert')).toContainText('just taken');
  await page.getByRole('alert').getByRole('button').first().click();
  await page.getByRole('button', { name: 'Move it' }).click();
  await expect(heading(page, 'Your booking was moved')).toBeVisible();
});

test('an offer is accepted, declined, and runs out', async ({ page, server }) => {
  const offer = { state: 'open' as const, business: server.business, type: PLAIN, start: '2026-10-15T14:30:00Z', end: '2026-10-15T15:15:00Z', staff: [], name: 'Ada', zone: 'America/Los_Angeles', expires_at: new Date(NOW + 60_000).toISOString(), booking: null };
  server.offer = offer;
  await page.clock.install({ time: NOW });
  await page.goto(`${server.origin}/book/offer/o1`);
  await page.getByRole('button', { name: 'Take this time' }).click();
  await expect(heading(page, 'You are booked')).toBeFocused();
  server.offer = offer;
  await page.reload();
  await page.getByRole('button', { name: 'No, thank you' }).click();
  await expect(heading(page, /we offer it to the next person/)).toBeFocused();
  server.offer = offer;
  await page.reload();
  await expect(heading(page, 'A time has become free')).toBeVisible();
  await page.clock.fastForward(61_000);
  await expect(heading(page, 'This offer is over')).toBeVisible();
});

test('another language keeps what was typed', async ({ page, server }) => {
  await open(page, server);
  await slots(page).first().click();
  await fill(page);
  await page.getByLabel('Language').selectOption('de');
  await expect(page.getByText('Zeitzone')).toBeVisible();
  expect(await page.locator('html').getAttribute('lang')).toBe('de');
  await slots(page).first().click();
  await expect(page.getByLabel('E-Mail')).toHaveValue('ada@example.com');
  expect(lines(server, /DELETE holds/).length).toBe(1);
});

test.describe('on another web site', () => {
  test.beforeEach(async ({ page }) => page.clock.setFixedTime(NOW));

  const site = (server: FakeServer, mode: string, body = ''): void => {
    server.host = `<!doctype html><html lang="en"><title>Shop</title><body><h1>Shop</h1>${body}<script src="${server.origin.replace('127.0.0.1', 'localhost')}/book.js" data-workspace="harbor-dental" data-type="new-patient-exam" data-mode="${mode}"></script></body></html>`;
  };

  test('the page stands in place, as tall as it is, and books', async ({ page, server }) => {
    site(server, 'inline');
    await page.goto(server.origin);
    const frame = page.frameLocator('frontdesk-booking iframe');
    await expect(frame.locator('.slot').first()).toBeVisible();
    const element = page.locator('frontdesk-booking iframe');
    const fits = async (): Promise<number> => Math.abs((await element.evaluate((e) => e.getBoundingClientRect().height)) - (await frame.locator('body').evaluate((b) => b.getBoundingClientRect().height)));
    await expect.poll(fits).toBeLessThan(2);
    await page.screenshot({ path: '../../target/booking/screens/embed-inline.png', fullPage: true });
    await frame.locator('.slot').first().click();
    await frame.getByLabel('Name').fill('Ada');
    await frame.getByLabel('E-mail').fill('ada@example.com');
    await page.evaluate(() => window.FrontdeskBooking?.on('booked', (detail) => (document.title = JSON.stringify(detail))));
    await frame.getByRole('button', { name: 'Book', exact: true }).click();
    await expect(frame.getByRole('heading', { name: 'You are booked' })).toBeVisible();
    await expect(page).toHaveTitle(/"reference":"K7QF2M"/);
    await expect.poll(fits).toBeLessThan(2);
  });

  test('the dialog opens by button and link, keeps the focus, and closes by Escape wherever the focus is', async ({ page, server }) => {
    site(server, 'button', '<a href="#" data-frontdesk-book="yoga">Yoga</a>');
    await page.goto(server.origin);
    const button = page.getByRole('button', { name: 'Book an appointment' });
    await button.click();
    const dialog = page.getByRole('dialog');
    const frame = page.frameLocator('frontdesk-booking iframe');
    await expect(frame.locator('.slot').first()).toBeVisible();
    await page.screenshot({ path: '../../target/booking/screens/embed-dialog.png' });
    await frame.locator('.slot').first().click();
    await expect(frame.getByLabel('Name')).toBeVisible();
    await frame.getByLabel('Name').press('Escape');
    await expect(dialog).toHaveCount(0);
    await expect(button).toBeFocused();
    await expect.poll(() => server.holds.size).toBe(0);
    await page.getByRole('link', { name: 'Yoga' }).click();
    await expect(frame.getByText(/places? left/).first()).toBeVisible();
    await page.getByRole('button', { name: 'Close' }).click();
    await expect(dialog).toHaveCount(0);
  });
});
