// The waiting list against the real server: a stranger joins, is offered a time by mail, takes it, and is in the calendar.
import { type Page } from '@playwright/test';
import { civil, DAY } from '../../booking/src/zone.js';
import type { Account } from '../harness/account.js';
import { type Bookable, booked, offer } from '../harness/diary.js';
import { expect, test } from '../harness/fixtures.js';
import { collectErrors, inspect } from '../harness/inspect.js';
import { mailed } from '../harness/outbox.js';
import { settled } from '../harness/settled.js';

const SOON = civil(Date.now() + 3 * DAY, 'America/New_York').day;

const row = (page: Page, name: string) => page.getByRole('row', { name: new RegExp(name) });
const OFFER = /\/book\/offer\/[\w-]+/;

/** Puts somebody on the list through the API. */
async function waits({ api }: Pick<Account, 'api'>, type: Bookable, name: string, email: string): Promise<void> {
  const answer = await api.post('/api/v1/waiting-list', {
    data: { type_id: type.id, name, email, from: new Date().toISOString(), to: new Date(Date.now() + 10 * DAY).toISOString() },
  });
  expect(answer.status(), await answer.text()).toBe(201);
}

/** Offers somebody the first time of a day, in the dashboard. */
async function offerTime(page: Page, name: string, day: string): Promise<void> {
  await page.getByRole('button', { name: `Offer a time to ${name}` }).click();
  const dialog = page.getByRole('dialog', { name: `Offer a time to ${name}` });
  const wanted = new Intl.DateTimeFormat('en-US', { weekday: 'long', month: 'long', day: 'numeric', timeZone: 'UTC' }).format(Date.parse(day));
  // The day may be in the week after the one that is shown first.
  const button = dialog.getByRole('button', { name: new RegExp(`^${wanted}`) });
  await expect(dialog.getByRole('group', { name: 'Free times' })).toBeVisible();
  if (!(await button.isVisible())) await dialog.getByRole('button', { name: 'Week after' }).click();
  await button.click();
  await dialog.getByRole('group', { name: 'Free times' }).getByRole('button').first().click();
  await dialog.getByRole('button', { name: 'Send offer' }).click();
  await expect(dialog).toBeHidden();
}

test('a stranger joins, is offered a time, takes it, and the calendar shows them', async ({ server, owner, ownerPage: team, page }) => {
  const errors = [collectErrors(page), collectErrors(team)];
  const type = await offer(owner, { name: 'Check-up' });
  await team.goto('/waiting-list');
  await expect(team.getByRole('heading', { name: 'Nobody is waiting' })).toBeVisible();

  await page.goto(type.path);
  await page.getByRole('button', { name: /waiting list/ }).click();
  await page.getByLabel('Name').fill('Grace Hopper');
  await page.getByLabel('E-mail').fill('grace.waits@example.com');
  await page.getByRole('button', { name: 'Join the waiting list' }).click();
  await expect(page.getByRole('heading', { name: 'You are on the waiting list' })).toBeVisible();

  // The list that is open shows it by itself.
  await expect(row(team, 'Grace Hopper')).toContainText('Waiting');
  await offerTime(team, 'Grace Hopper', SOON);
  await expect(row(team, 'Grace Hopper')).toContainText('Has an offer');
  await expect(row(team, 'Grace Hopper')).toContainText('Kept until');

  await page.goto(await mailed(server, 'grace.waits@example.com', OFFER));
  await expect(page.getByRole('heading', { name: 'A time has become free' })).toBeVisible();
  await page.getByRole('button', { name: 'Take this time' }).click();
  await expect(page.getByRole('heading', { name: 'You are booked' })).toBeFocused();
  const [made] = await booked(owner, type.id);
  expect(made).toMatchObject({ name: 'Grace Hopper', status: 'confirmed', source: 'waiting_list' });

  await expect(team.getByRole('heading', { name: 'Nobody is waiting' })).toBeVisible();
  await team.getByLabel('Who is shown').selectOption('Booked');
  await expect(row(team, 'Grace Hopper')).toContainText('Booked');
  await team.goto(`/calendar?mode=day&date=%22${SOON}%22`);
  await expect(team.locator('[data-booking]').and(team.getByRole('button', { name: /Grace Hopper, Check-up, 9:00/ }))).toBeVisible();
  // The link of an offer that was taken says so, and does not book twice.
  await page.reload();
  await expect(page.getByRole('heading', { name: 'You are booked' })).toBeVisible();
  expect(await booked(owner, type.id)).toHaveLength(1);
  expect(errors).toEqual([[], []]);
});

test('whoever declines an offer waits on', async ({ server, owner, ownerPage: team, page }) => {
  const type = await offer(owner, { name: 'Check-up' });
  await waits(owner, type, 'Ada Lovelace', 'ada.waits@example.com');
  await team.goto('/waiting-list');
  await offerTime(team, 'Ada Lovelace', SOON);
  await page.goto(await mailed(server, 'ada.waits@example.com', OFFER));
  await page.getByRole('button', { name: 'No, thank you' }).click();
  await expect(page.getByRole('heading', { name: 'All right, we offer it to the next person' })).toBeVisible();
  expect(await booked(owner, type.id)).toEqual([]);
  await expect(row(team, 'Ada Lovelace')).toContainText('Waiting');
});

test('somebody is added and taken off by keyboard', async ({ owner, ownerPage: page }) => {
  await offer(owner, { name: 'Check-up' });
  await page.goto('/waiting-list');
  await expect(page.getByRole('heading', { name: 'Nobody is waiting' })).toBeVisible();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'Add to the waiting list' });
  await expect(dialog.getByRole('combobox', { name: 'Who is it for?' })).toBeFocused();
  await page.keyboard.type('Edsger Dijkstra');
  await dialog.getByRole('button', { name: 'New', exact: true }).press('Enter');
  await expect(dialog.getByLabel('Name')).toHaveValue('Edsger Dijkstra');
  // Offers go by mail, so that an address is asked for and nothing typed is lost.
  await dialog.getByLabel('Name').press('Enter');
  await expect(dialog.getByText(/Is needed/)).toBeVisible();
  await dialog.getByLabel('E-mail').fill('edsger@example.com');
  await dialog.getByLabel('E-mail').press('Enter');
  await expect(dialog).toBeHidden();
  await expect(row(page, 'Edsger Dijkstra')).toContainText('Waiting');
  await page.getByRole('button', { name: 'Take Edsger Dijkstra off the list' }).press('Enter');
  const question = page.getByRole('dialog', { name: 'Take Edsger Dijkstra off the waiting list?' });
  await question.getByRole('button', { name: 'Take off the list' }).press('Enter');
  await expect(page.getByRole('heading', { name: 'Nobody is waiting' })).toBeVisible();
});

test('everybody can use the waiting list', async ({ browser, server, owner }) => {
  const type = await offer(owner, { name: 'Check-up' });
  await waits(owner, type, 'Ada Lovelace', 'ada@example.com');
  const signedIn = owner.signedIn;
  const open = async (page: Page) => {
    await page.goto('/waiting-list');
    await settled(page);
    await expect(page.getByText('Ada Lovelace')).toBeVisible();
  };
  await inspect(browser, server.url, { name: 'waiting-list', open, signedIn });
  const offering = async (page: Page) => {
    await open(page);
    await page.getByRole('button', { name: /^Offer a time/ }).click();
    await expect(page.getByRole('dialog').getByRole('group', { name: 'Free times' })).toBeVisible();
  };
  await inspect(browser, server.url, { name: 'waiting-list-offer', open: offering, signedIn });
});

test('everybody can use an offer', async ({ browser, server, owner, ownerPage }) => {
  const type = await offer(owner, { name: 'Check-up' });
  await waits(owner, type, 'Alan Kay', 'alan.waits@example.com');
  await ownerPage.goto('/waiting-list');
  await offerTime(ownerPage, 'Alan Kay', SOON);
  const path = await mailed(server, 'alan.waits@example.com', OFFER);
  const open = async (page: Page) => {
    await page.goto(path);
    await expect(page.getByRole('button', { name: 'Take this time' })).toBeVisible();
  };
  await inspect(browser, server.url, { name: 'offer', open });
});
