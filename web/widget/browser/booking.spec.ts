// The picker in a conversation: a card under the agent's message opens it, what is booked shows on the card.

import { AxeBuilder } from '@axe-core/playwright';
import { expect, test as base, type Page } from '@playwright/test';
import { FakeServer as FakeBooking, TYPE } from '../../booking/browser/server';
import type { BookingAction } from '../src/protocol';
import { FakeServer } from './server';

const NOW = Date.parse('2026-10-13T16:20:00Z');
const ACTION: BookingAction = { type: 'booking', type_id: TYPE.id, workspace: 'harbor-dental', slug: TYPE.slug, name: TYPE.name };

const test = base.extend<{ server: FakeServer; booking: FakeBooking }>({
  booking: async ({}, use) => {
    const booking = new FakeBooking();
    booking.now = () => NOW;
    booking.types = [{ ...TYPE, questions: [] }];
    await use(booking);
  },
  server: async ({ booking }, use) => {
    const server = new FakeServer();
    server.booking = booking;
    await server.listen();
    await use(server);
    await server.close();
  },
});

const card = (page: Page) => page.getByRole('button', { name: /New patient exam/ });
const picker = (page: Page) => page.getByRole('dialog', { name: 'New patient exam' });

async function offered(page: Page, server: FakeServer): Promise<string[]> {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (/Content Security Policy|Uncaught|TrustedScript|TrustedHTML/.test(message.text())) errors.push(message.text());
  });
  await page.clock.setFixedTime(NOW);
  await page.goto(server.origin);
  await page.locator('.launch').click();
  await expect.poll(() => server.sockets.size).toBeGreaterThan(0);
  server.store({ author: 'ai', author_name: 'Ava', text: 'Gladly! Here are our free times.', actions: [ACTION, { type: 'of a later version' }] });
  await expect(card(page)).toBeVisible();
  return errors;
}

test('the picker loads when it is wanted, books, and the card says what was booked', async ({ page, server, booking }) => {
  const files: string[] = [];
  page.on('request', (request) => files.push(new URL(request.url()).pathname));
  const errors = await offered(page, server);
  expect(files).not.toContain('/widget-booking.js');
  await card(page).click();
  await expect(picker(page)).toBeVisible();
  await picker(page).locator('.times .slot').first().click();
  await picker(page).getByLabel('Name').fill('Ada Lindqvist');
  await picker(page).getByLabel('E-mail').fill('ada@example.com');
  await picker(page).getByRole('button', { name: 'Book', exact: true }).click();
  await expect(picker(page).getByRole('heading', { name: 'You are booked' })).toBeFocused();
  await expect(picker(page).getByRole('link', { name: /Move or cancel/ })).toHaveAttribute('href', `${server.origin}/book/manage/manage-1`);
  // The booking finds its conversation by the visitor's session.
  expect(booking.log.find(({ line }) => line.endsWith('/bookings'))?.authorization).toBe(`Bearer ${server.token}`);
  await picker(page).getByRole('button', { name: 'Close' }).click();
  await expect(page.getByText(/Booked: Tue, Oct 13/)).toBeVisible();
  await expect(card(page)).toHaveCount(0);
  await expect(page.getByRole('textbox', { name: 'Write a message' })).toBeFocused();
  await page.reload();
  await expect(page.getByText(/Booked: Tue, Oct 13/)).toBeVisible();
  expect(errors).toEqual([]);
});

test('Escape closes the picker, not the chat, and what was held is given back', async ({ page, server, booking }) => {
  await offered(page, server);
  await card(page).focus();
  await page.keyboard.press('Enter');
  await picker(page).locator('.times .slot').first().click();
  await expect(picker(page).getByLabel('Name')).toBeVisible();
  expect(booking.holds.size).toBe(1);
  await page.keyboard.press('Escape');
  await expect(picker(page)).toHaveCount(0);
  await expect(card(page)).toBeFocused();
  await expect.poll(() => booking.holds.size).toBe(0);
  await expect(page.getByRole('textbox', { name: 'Write a message' })).toBeVisible();
});

test('a message that arrives while the picker is open disturbs nothing', async ({ page, server }) => {
  await offered(page, server);
  await card(page).click();
  await picker(page).locator('.times .slot').first().click();
  await picker(page).getByLabel('Name').fill('Ada');
  server.say('Take your time.');
  await expect(page.locator('.log').getByText('Take your time.')).toBeAttached();
  await expect(picker(page).getByLabel('Name')).toHaveValue('Ada');
  await expect(picker(page).getByLabel('Name')).toBeFocused();
});

test('when the picker cannot load the chat says so, and the next try works', async ({ page, server }) => {
  await offered(page, server);
  await page.route('**/widget-booking.js*', (route) => route.abort());
  await card(page).click();
  await expect(page.getByRole('alert')).toContainText('That did not work');
  await page.unroute('**/widget-booking.js*');
  await card(page).click();
  await expect(picker(page).locator('.times .slot').first()).toBeVisible();
});

for (const [mode, width, height] of [['desk', 1280, 860], ['phone', 360, 740]] as const) {
  test(`the card and the picker look right and have no finding (${mode})`, async ({ browser, server }) => {
    const context = await browser.newContext({ viewport: { width, height }, hasTouch: mode === 'phone', timezoneId: 'America/Los_Angeles', locale: 'en-US', reducedMotion: 'reduce', colorScheme: 'light' });
    const page = await context.newPage();
    await offered(page, server);
    const look = async (name: string): Promise<void> => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: `../../target/booking/screens/widget-${name}-${colorScheme}-${width}.png` });
        const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
        expect(violations.flatMap((v) => v.nodes.map((n) => `${name} ${v.id}: ${n.html.slice(0, 140)} ${n.failureSummary ?? ''}`))).toEqual([]);
      }
    };
    await look('card');
    await card(page).click();
    await expect(picker(page).locator('.times .slot').first()).toBeVisible();
    await look('pick');
    await picker(page).locator('.times .slot').first().click();
    await expect(picker(page).getByLabel('Name')).toBeVisible();
    await look('form');
    await context.close();
  });
}
