// Every state of the page, looked at on a phone and a desk, in light and in dark: axe, no sideways scroll, a picture.

import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { CLASS, FakeServer, TYPE } from './server';

const NOW = Date.parse('2026-10-13T16:20:00Z');
const COLOURS = ['color-contrast', 'link-in-text-block'];
const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface State {
  name: string;
  path?: string;
  /** Another width of the narrow screen; 320 is where content must still reflow (WCAG 1.4.10). */
  narrow?: number;
  server?: (server: FakeServer) => void;
  open?: (page: Page, server: FakeServer) => Promise<void>;
}

const firstSlot = (page: Page) => page.locator('.times .slot').first();
async function toForm(page: Page): Promise<void> {
  await firstSlot(page).click();
  await expect(page.getByLabel('Name')).toBeVisible();
}
async function fill(page: Page): Promise<void> {
  await page.getByLabel('Name').fill('Ada Lindqvist');
  await page.getByLabel('E-mail').fill('ada@example.com');
  await page.getByLabel('Who is your insurer?').selectOption('Cigna');
  await page.getByLabel('I have read the practice rules').check();
}
const offer = (server: FakeServer, change: object = {}): void => {
  server.offer = { state: 'open', business: server.business, type: TYPE, start: '2026-10-15T14:30:00Z', end: '2026-10-15T15:15:00Z', staff: [], name: 'Ada', zone: 'America/Los_Angeles', expires_at: new Date(NOW + 47 * 60_000).toISOString(), booking: null, ...change };
};
const made = (server: FakeServer, change: object = {}): void =>
  void server.make({ start: '2026-10-15T14:30:00Z', end: '2026-10-15T15:15:00Z', staff: [], seats: 1, slot: '' }, change);

const STATES: State[] = [
  { name: 'types', path: '/book/harbor-dental' },
  { name: 'no-types', path: '/book/harbor-dental', server: (s) => (s.types = []) },
  { name: 'pick' },
  { name: 'pick-class', path: '/book/harbor-dental/yoga' },
  {
    name: 'pick-long',
    narrow: 320,
    server(s) {
      const long = 'Donaudampfschifffahrtsgesellschaftskapitänspatentverlängerung und alles, was sonst noch dazugehört';
      s.business = { ...s.business, name: long };
      s.staff = Array.from({ length: 12 }, (_, i) => ({ id: `staff_${i}`, name: `${long} ${i}`, title: 'Hygienist' }));
      s.types = [{ ...TYPE, name: long, description: `${long}. `.repeat(12), location_text: long, durations: [15, 30, 45, 60, 75, 90, 120, 1440] }];
      s.week = Object.fromEntries([0, 1, 2, 3, 4, 5, 6].map((day) => [day, Array.from({ length: 64 }, (_, i) => 7 + i / 4)]));
    },
  },
  { name: 'pick-clock-change', path: '/book/harbor-dental/new-patient-exam?date=2026-10-30&zone=Europe/Berlin' },
  { name: 'zones', open: async (page) => page.locator('.zone > button').click() },
  {
    name: 'taken',
    open: async (page, server) => {
      server.gone.add(Date.parse((await firstSlot(page).getAttribute('data-slot')) ?? '') || Number(await firstSlot(page).getAttribute('data-slot')));
      await firstSlot(page).click();
      await expect(page.getByRole('alert')).toContainText('just taken');
    },
  },
  { name: 'nothing', server: (s) => (s.week = {}) },
  { name: 'nothing-no-list', server: (s) => Object.assign(s, { week: {}, waits: false }) },
  { name: 'form', open: toForm },
  {
    name: 'form-errors',
    open: async (page) => {
      await toForm(page);
      await page.getByLabel('E-mail').fill('ada@');
      await page.getByRole('button', { name: 'Book' }).click();
      await expect(page.getByLabel('Name')).toBeFocused();
    },
  },
  {
    name: 'form-taken',
    open: async (page, server) => {
      await toForm(page);
      await fill(page);
      server.gone.add(Date.parse([...server.holds.values()][0]?.slot.start ?? ''));
      await page.getByRole('button', { name: 'Book' }).click();
      await expect(page.getByRole('alert')).toContainText('just taken');
    },
  },
  {
    name: 'done',
    open: async (page) => {
      await toForm(page);
      await fill(page);
      await page.getByRole('button', { name: 'Book' }).click();
      await expect(page.getByRole('heading', { name: 'You are booked' })).toBeFocused();
    },
  },
  {
    name: 'done-pending',
    server: (s) => (s.types = [{ ...TYPE, confirmation_required: true, questions: [] }]),
    open: async (page) => {
      await toForm(page);
      await page.getByLabel('Name').fill('Ada Lindqvist');
      await page.getByLabel('E-mail').fill('ada@example.com');
      await page.getByRole('button', { name: 'Request this time' }).click();
      await expect(page.getByRole('heading', { name: 'Request sent' })).toBeFocused();
    },
  },
  {
    name: 'waiting',
    server: (s) => (s.week = {}),
    open: async (page) => {
      await page.getByRole('button', { name: 'Join the waiting list' }).click();
      await expect(page.getByRole('heading', { name: 'Waiting list' })).toBeFocused();
    },
  },
  { name: 'manage', path: '/book/manage/manage-1', server: made },
  { name: 'manage-late', path: '/book/manage/manage-1', server: (s) => made(s, { may_change: false }) },
  { name: 'manage-cancelled', path: '/book/manage/manage-1', server: (s) => made(s, { may_change: false, status: 'cancelled' }) },
  {
    name: 'manage-move',
    path: '/book/manage/manage-1',
    server: made,
    open: async (page) => {
      await page.getByRole('button', { name: 'Move to another time' }).click();
      await expect(firstSlot(page)).toBeVisible();
    },
  },
  {
    name: 'manage-sure',
    path: '/book/manage/manage-1',
    server: made,
    open: async (page) => {
      await page.getByRole('button', { name: 'Move to another time' }).click();
      await firstSlot(page).click();
      await expect(page.getByRole('heading', { name: 'Move it to this time?' })).toBeVisible();
    },
  },
  { name: 'manage-cancel', path: '/book/manage/manage-1', server: made, open: (page) => page.getByRole('button', { name: 'Cancel it' }).click() },
  { name: 'offer', path: '/book/offer/o1', server: offer },
  { name: 'offer-over', path: '/book/offer/o1', server: (s) => offer(s, { state: 'expired' }) },
  { name: 'missing', path: '/book/manage/nothing' },
  { name: 'pick-de', path: '/book/harbor-dental/new-patient-exam?lang=de', server: (s) => (s.business = { ...s.business, zone: 'Europe/Berlin', theme: { accent: '#facc15', scheme: 'auto' } }) },
];

for (const state of STATES) {
  test(`${state.name} looks right and has no finding`, async ({ browser }) => {
    for (const viewport of [{ width: 1280, height: 860 }, { width: state.narrow ?? 360, height: 740 }]) {
      const server = new FakeServer();
      server.now = () => NOW;
      server.types = [TYPE, CLASS];
      state.server?.(server);
      await server.listen();
      const context = await browser.newContext({ viewport, hasTouch: viewport.width < 500, colorScheme: 'light', timezoneId: 'America/Los_Angeles', locale: 'en-US', reducedMotion: 'reduce' });
      const page = await context.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) errors.push(message.text());
      });
      await page.clock.setFixedTime(NOW);
      await page.goto(server.origin + (state.path ?? '/book/harbor-dental/new-patient-exam'));
      await expect(page.locator('.sheet')).toBeVisible();
      await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
      await state.open?.(page, server);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: `../../target/booking/screens/${state.name}-${colorScheme}-${viewport.width}.png`, fullPage: true });
        const axe = new AxeBuilder({ page });
        // Only colours differ in the dark.
        const { violations } = await (colorScheme === 'dark' ? axe.withRules(COLOURS) : axe.withTags(RULES)).analyze();
        expect(violations.flatMap((v) => v.nodes.map((n) => `${v.id} ${colorScheme} ${viewport.width}: ${n.html.slice(0, 140)} ${n.failureSummary ?? ''}`))).toEqual([]);
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      expect(errors).toEqual([]);
      await context.close();
      await server.close();
    }
  });
}
