// Somebody from outside on the public booking page.
import { type Browser, expect } from '@playwright/test';
import type { Bookable } from './diary.js';
import type { Server } from './server.js';

/** What a visitor finds, and books. */
export interface Visit {
  /** The day that is looked at, in the zone. */
  readonly day: string;
  readonly zone: string;
  /** Every time that must be offered on it; the last one is booked. */
  readonly times: readonly string[];
  readonly name: string;
}

/** Books the last time of a day, in a browser of its own. */
export async function bookLast(browser: Browser, server: Pick<Server, 'url'>, type: Bookable, { day, zone, times, name }: Visit): Promise<void> {
  const page = await (await browser.newContext({ baseURL: server.url, timezoneId: zone })).newPage();
  await page.goto(`${type.path}?date=${day}&zone=${zone}`);
  await expect(page.locator('.times .slot b')).toHaveText(times);
  await page.locator('.times .slot').last().click();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('E-mail').fill('someone@example.com');
  await page.getByRole('button', { name: 'Book', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'You are booked' })).toBeVisible();
  await page.context().close();
}
