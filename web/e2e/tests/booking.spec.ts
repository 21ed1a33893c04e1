// The public booking page against the real server: book, move, cancel, race, clocks that change, keyboard alone, frames.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, get } from 'node:http';
import { type Page } from '@playwright/test';
import { civil, DAY, shiftBetween } from '../../booking/src/zone.js';
import { booked, offer } from '../harness/diary.js';
import { expect, test } from '../harness/fixtures.js';
import { collectErrors, inspect } from '../harness/inspect.js';
import { widgetKey } from '../harness/shop.js';

const slots = (page: Page) => page.locator('.times .slot');
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name });

/** A day far enough ahead that none of its times passes while the test runs, whatever day it is. */
const SOON = civil(Date.now() + 3 * DAY, 'America/Los_Angeles').day;

async function choose(page: Page, path: string): Promise<void> {
  await page.goto(`${path}?date=${SOON}`);
  await slots(page).nth(1).click();
  await expect(page.getByLabel('Name')).toBeVisible();
}

async function introduce(page: Page, name = 'Grace Hopper'): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('E-mail').fill(`${name.split(' ')[0]?.toLowerCase()}@example.com`);
}

const book = (page: Page) => page.getByRole('button', { name: 'Book', exact: true });

test('a stranger books, moves and cancels, and the team sees it', async ({ owner, page }) => {
  const errors = collectErrors(page);
  const exam = await offer(owner, {
    name: 'New patient exam',
    settings: {
      price: { minor: 12_000, currency: 'USD' },
      questions: [
        { key: 'insurer', label: 'Who is your insurer?', kind: 'select', required: true, choices: ['Aetna', 'Cigna'] },
        { key: 'worries', label: 'What shall we look at?', kind: 'multi_select', required: false, choices: ['Pain', 'Whitening', 'Check-up'] },
        { key: 'age', label: 'Your age', kind: 'number', required: false, choices: [] },
        { key: 'rules', label: 'I have read the rules', kind: 'checkbox', required: true, choices: [] },
      ],
    },
  });
  await choose(page, exam.path);
  await introduce(page);
  await page.getByLabel('Phone').fill('+1 617 555 0134');
  await page.getByLabel('Who is your insurer?').selectOption('Cigna');
  await page.getByLabel('Pain').check();
  await page.getByLabel('Check-up').check();
  await page.getByLabel('Your age').fill('41');
  await page.getByLabel('I have read the rules').check();
  await book(page).click();
  await expect(heading(page, 'You are booked')).toBeFocused();
  const [first] = await booked(owner, exam.id);
  expect(first).toMatchObject({ status: 'confirmed', name: 'Grace Hopper', source: 'page', answers: { insurer: 'Cigna', worries: 'Pain\nCheck-up', age: '41', rules: 'true' } });

  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: /Calendar file/ }).click();
  const file = await readFile(await (await download).path(), 'utf8');
  expect(file).toMatch(/^BEGIN:VCALENDAR\r\n/);
  expect(file).toContain(`DTSTART:${first?.start.replace(/[-:]|\.\d+/g, '')}`);

  await page.getByRole('link', { name: 'Move or cancel' }).click();
  await expect(heading(page, 'Your booking')).toBeVisible();
  await page.getByRole('button', { name: 'Move to another time' }).click();
  await page.getByRole('button', { name: 'Next month' }).click();
  await page.locator('.day.free').first().click();
  await slots(page).last().click();
  await page.getByRole('button', { name: 'Move it' }).click();
  await expect(heading(page, 'Your booking was moved')).toBeFocused();
  const [moved] = await booked(owner, exam.id);
  expect(moved).toMatchObject({ id: first?.id, status: 'rescheduled' });
  expect(moved?.start).not.toBe(first?.start);

  await page.getByRole('button', { name: 'Cancel it' }).click();
  await page.getByLabel(/Reason/).fill('I am ill');
  await page.getByRole('button', { name: 'Yes, cancel it' }).click();
  await expect(heading(page, 'Your booking is cancelled')).toBeFocused();
  expect(await booked(owner, exam.id)).toMatchObject([{ id: first?.id, status: 'cancelled' }]);
  // The link of a cancelled booking says so, and a wrong one that it leads nowhere.
  await page.reload();
  await expect(heading(page, 'Your booking is cancelled')).toBeVisible();
  const wrong = await page.goto(`${page.url().slice(0, -1)}_`);
  expect(wrong?.status()).toBe(404);
  await expect(heading(page, 'We cannot find this page')).toBeVisible();
  expect(errors).toEqual([]);
});

test('of two visitors who want one time, one gets it and the other one is offered others', async ({ browser, server, owner, page }) => {
  const exam = await offer(owner, { name: 'Cleaning' });
  const other = await (await browser.newContext({ baseURL: server.url })).newPage();
  for (const visitor of [page, other]) {
    await visitor.goto(`${exam.path}?date=${SOON}`);
    await expect(slots(visitor).first()).toBeVisible();
  }
  const wanted = await slots(page).nth(3).getAttribute('data-slot');
  await Promise.all([page, other].map((visitor) => visitor.locator(`[data-slot="${wanted}"]`).click()));
  const outcome = (visitor: Page) => visitor.getByLabel('Name').or(visitor.getByRole('alert')).first();
  await Promise.all([page, other].map((visitor) => expect(outcome(visitor)).toBeVisible()));
  const [winner, loser] = (await page.getByLabel('Name').isVisible()) ? [page, other] : [other, page];
  await expect(winner.getByLabel('Name')).toBeVisible();
  await expect(loser.getByRole('alert')).toContainText('That time was just taken');
  await expect(loser.getByRole('alert').getByRole('button')).toHaveCount(3);
  await loser.getByRole('alert').getByRole('button').first().click();
  for (const [visitor, name] of [[winner, 'Ada Lovelace'], [loser, 'Grace Hopper']] as const) {
    await introduce(visitor, name);
    await book(visitor).click();
    await expect(heading(visitor, 'You are booked')).toBeVisible();
  }
  const made = await booked(owner, exam.id);
  expect(made).toHaveLength(2);
  expect(made.find(({ name }) => name === 'Ada Lovelace')?.start).toBe(new Date(Number(wanted)).toISOString());
  expect(new Set(made.map(({ start }) => start)).size).toBe(2);
  await other.context().close();
});

test('in the night in which clocks go back, both of the hours are there and each can be booked', async ({ owner, page }) => {
  const zone = 'America/New_York';
  let shift = shiftBetween(Date.now() + 2 * DAY, Date.now() + 300 * DAY, zone);
  if (shift && shift.minutes > 0) shift = shiftBetween(shift.at + DAY, shift.at + 300 * DAY, zone);
  if (!shift) throw new Error('no night of change found');
  const { day } = civil(shift.at, zone);
  const watch = await offer(owner, { name: 'Night watch', hours: [0, 4 * 60], settings: { horizon_days: 730, durations: [60], slot_step: 60 } });
  await page.goto(`${watch.path}?date=${day}&zone=${zone}`);
  await expect(slots(page).locator('b')).toHaveText(['12:00 AM', '1:00 AM EDT', '1:00 AM EST', '2:00 AM', '3:00 AM']);
  await slots(page).nth(2).click();
  await introduce(page);
  await book(page).click();
  await expect(heading(page, 'You are booked')).toBeVisible();
  // The second one o'clock begins when clocks go back.
  expect(await booked(owner, watch.id)).toMatchObject([{ start: new Date(shift.at).toISOString() }]);
});

test('a booking by keyboard alone', async ({ owner, page }) => {
  const exam = await offer(owner, { name: 'Consultation' });
  await page.goto(exam.path);
  await expect(slots(page).first()).toBeVisible();
  const focused = page.locator(':focus');
  await page.locator('.month table [tabindex="0"]').focus();
  // A month on is within the sixty days that can be booked.
  await page.keyboard.press('PageDown');
  await expect(focused).toHaveAccessibleName(/\d times$/);
  await page.keyboard.press('Enter');
  await expect(page.locator('.times > h2')).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(heading(page, 'Your details')).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.type('Grace Hopper');
  await page.keyboard.press('Tab');
  await page.keyboard.type('grace@example.com');
  await page.keyboard.press('Enter');
  await expect(heading(page, 'You are booked')).toBeFocused();
  expect(await booked(owner, exam.id)).toHaveLength(1);
});

test('a booking that somebody has to confirm says so', async ({ owner, page }) => {
  const exam = await offer(owner, { name: 'Surgery', settings: { confirmation_required: true } });
  await choose(page, exam.path);
  await introduce(page);
  await page.getByRole('button', { name: 'Request this time' }).click();
  await expect(heading(page, 'Request sent')).toBeFocused();
  expect(await booked(owner, exam.id)).toMatchObject([{ status: 'pending' }]);
});

test('seats of a class are counted down', async ({ owner, page }) => {
  const yoga = await offer(owner, { name: 'Yoga', settings: { capacity: 3, durations: [60], slot_step: 60 } });
  await page.goto(`${yoga.path}?date=${SOON}`);
  await expect(slots(page).first()).toContainText('3 places left');
  await page.getByLabel('How many people?').selectOption('2');
  await slots(page).first().click();
  await introduce(page);
  await book(page).click();
  await expect(heading(page, 'You are booked')).toBeVisible();
  await page.goto(`${yoga.path}?date=${SOON}`);
  await expect(slots(page).first()).toContainText('1 place left');
});

test('one answer of less than 60 kB shows the first times, and nothing comes from elsewhere', async ({ server, owner, page }) => {
  const exam = await offer(owner, { name: 'Exam' });
  const size = await new Promise<number>((done, failed) => {
    get(server.url + exam.path, { headers: { 'accept-encoding': 'gzip' } }, (answer) => {
      let bytes = 0;
      expect(answer.headers['content-encoding']).toBe('gzip');
      answer.on('data', (part: Buffer) => (bytes += part.length));
      answer.on('end', () => done(bytes));
    }).on('error', failed);
  });
  expect(size).toBeLessThan(60_000);
  await page.route('**/api/**', (route) => route.abort());
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(exam.path);
  await expect(slots(page).first()).toBeVisible();
  expect(asked.filter((url) => !url.startsWith(server.url) && !url.startsWith('data:'))).toEqual([]);
});

test('any site may frame the page, none the dashboard, and the page lets only its own script run', async ({ server, owner, request }) => {
  const exam = await offer(owner, { name: 'Exam' });
  const headers = (await request.get(server.url + exam.path)).headers();
  expect(headers['content-security-policy']).toContain('frame-ancestors *');
  expect(headers['content-security-policy']).not.toContain('unsafe');
  expect(headers['x-frame-options']).toBeUndefined();
  const dashboard = (await request.get(`${server.url}/`)).headers();
  expect(dashboard['x-frame-options']).toBe('DENY');
  expect(dashboard['content-security-policy']).toContain("frame-ancestors 'none'");
});

test('on another site the page stands in place and books, and a picker there may call the API', async ({ server, owner, page }) => {
  const exam = await offer(owner, { name: 'Exam' });
  const [, , business = '', type = ''] = exam.path.split('/');
  const site = createServer((_, answer) => {
    answer.setHeader('content-type', 'text/html; charset=utf-8');
    answer.end(`<!doctype html><html lang="en"><title>Shop</title><body><h1>Shop</h1>
      <script src="${server.url}/book.js" data-workspace="${business}" data-type="${type}" data-mode="inline" data-date="${SOON}"></script></body></html>`);
  });
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  site.unref();
  const address = site.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  await page.goto(`http://localhost:${address.port}/`);
  const frame = page.frameLocator('frontdesk-booking iframe');
  await frame.locator('.times .slot').first().click();
  await frame.getByLabel('Name').fill('Grace Hopper');
  await frame.getByLabel('E-mail').fill('grace@example.com');
  await frame.getByRole('button', { name: 'Book', exact: true }).click();
  await expect(frame.getByRole('heading', { name: 'You are booked' })).toBeVisible();
  expect(await booked(owner, exam.id)).toHaveLength(1);
  const statuses = await page.evaluate(async (base) => {
    const held = await fetch(`${base}/holds/nothing`, { method: 'DELETE', credentials: 'omit' });
    const made = await fetch(`${base}/nobody/nothing/bookings`, { method: 'POST', credentials: 'omit', headers: { 'content-type': 'application/json', 'idempotency-key': 'k', authorization: 'Bearer x' }, body: '{}' });
    return [held.ok, made.status >= 400];
  }, `${server.url}/api/v1/public/booking`);
  expect(statuses).toEqual([true, true]);
});

test('a booking made with the picker in a chat belongs to its conversation; a session that is over keeps nobody from booking', async ({ server, owner, request }) => {
  const exam = await offer(owner, { name: 'Exam' });
  const key = await widgetKey(owner);
  const session = (await (await request.post(`${server.url}/api/v1/widget/sessions`, { data: { key } })).json()) as { token: string; conversation_id: string };
  const base = `${server.url}/api/v1/public/booking/${exam.path.replace('/book/', '')}`;
  const page = (await (await request.get(base)).json()) as { slots: { slot: string }[] };
  for (const [index, token] of [session.token, 'of nobody'].entries()) {
    const held = await request.post(`${base}/holds`, { data: { slot: page.slots[index]?.slot } });
    const { token: hold } = (await held.json()) as { token: string };
    const made = await request.post(`${base}/bookings`, {
      data: { hold, name: 'Grace Hopper', email: 'grace@example.com', zone: 'UTC' },
      headers: { authorization: `Bearer ${token}` },
    });
    expect(made.status(), await made.text()).toBe(201);
  }
  expect(await booked(owner, exam.id)).toMatchObject([
    { source: 'widget', conversation_id: session.conversation_id },
    { source: 'page', conversation_id: null },
  ]);
});

test.describe('looks right and has no finding', () => {
  test('list, times, form, confirmation, booking, cancelling, nothing there', async ({ browser, server, owner }) => {
    test.setTimeout(240_000);
    const exam = await offer(owner, { name: 'New patient exam', settings: { description: 'A first look at your teeth.', price: { minor: 12_000, currency: 'USD' }, durations: [30, 60] } });
    await inspect(browser, server.url, { name: 'book-list', open: async (page) => {
      await page.goto(`/book/${exam.business}`);
      await expect(page.getByRole('link', { name: /New patient exam/ })).toBeVisible();
    } });
    await inspect(browser, server.url, { name: 'book-times', open: async (page) => {
      await page.goto(exam.path);
      await expect(slots(page).first()).toBeVisible();
      await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
    } });
    await inspect(browser, server.url, { name: 'book-form', open: (page) => choose(page, exam.path) });
    await inspect(browser, server.url, { name: 'book-done', open: async (page) => {
      await choose(page, exam.path);
      await introduce(page);
      await book(page).click();
      await expect(heading(page, 'You are booked')).toBeVisible();
    } });
    await inspect(browser, server.url, { name: 'book-manage', open: async (page) => {
      await choose(page, exam.path);
      await introduce(page);
      await book(page).click();
      await page.getByRole('link', { name: 'Move or cancel' }).click();
      await expect(heading(page, 'Your booking')).toBeVisible();
    } });
    await inspect(browser, server.url, { name: 'book-missing', open: async (page) => {
      await page.goto('/book/manage/nothing');
      await expect(heading(page, 'We cannot find this page')).toBeVisible();
    } });
  });
});
