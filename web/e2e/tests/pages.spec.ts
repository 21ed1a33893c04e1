// Every page as people with different screens and abilities meet it: axe, no sideways scrolling, no error, a screenshot.
// The pages of a business with data are in demo.spec.ts.
import { type Page, expect } from '@playwright/test';
import { test } from '../harness/fixtures.js';
import { inspect } from '../harness/inspect.js';
import { settled } from '../harness/settled.js';

test.describe('before signing in', () => {
  for (const [name, path] of [
    ['sign-in', '/sign-in'],
    ['sign-up', '/sign-up'],
    ['forgot', '/forgot-password'],
    ['reset', '/reset-password/none'],
    ['invitation', '/invitation/none'],
  ] as const) {
    test(name, async ({ browser, server }) => {
      const open = async (page: Page) => {
        await page.goto(path);
        await expect(page.getByRole('heading').first()).toBeVisible();
      };
      await inspect(browser, server.url, { name, open });
    });
  }
});

test.describe('an empty business', () => {
  for (const [name, path] of [
    ['empty-home', '/'],
    ['empty-inbox', '/inbox'],
    ['empty-contacts', '/contacts'],
    ['empty-leads', '/leads'],
    ['empty-calendar', '/calendar'],
    ['empty-bookings', '/bookings'],
    ['empty-waiting-list', '/waiting-list'],
    ['empty-booking-types', '/booking-types'],
    ['empty-availability', '/availability'],
    ['holidays', '/availability/holidays'],
    ['booking-rules', '/availability/rules'],
    ['empty-messages', '/messages'],
    ['empty-workflows', '/workflows'],
    ['empty-tasks', '/tasks'],
    ['channels', '/channels'],
    ['templates', '/templates'],
    ['template', '/templates/booking_confirmed/en'],
    ['empty-knowledge', '/knowledge'],
    ['onboarding', '/onboarding'],
    ['not-found', '/nowhere'],
  ] as const) {
    test(name, async ({ browser, server, owner }) => {
      const open = async (page: Page) => {
        await page.goto(path);
        await settled(page);
      };
      // A mail is shown in a frame in which nothing runs, axe neither.
      await inspect(browser, server.url, { name, open, signedIn: owner.signedIn, exclude: ['iframe[sandbox=""]'] });
    });
  }
});
