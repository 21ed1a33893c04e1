// From nothing to an answered customer, through the pages alone.
import { expect, test } from '../harness/fixtures.js';
import { Customer, widgetKey } from '../harness/shop.js';

test('a stranger signs up, writes one answer down, and a customer gets it with its source', async ({ server, browser, page }) => {
  await page.goto(`${server.url}/sign-up`);
  await page.getByLabel('Your name').fill('Mia Lund');
  await page.getByLabel('Business name').fill('Harbour Dental');
  await page.getByLabel('E-mail address').fill(`mia-${process.pid}@example.com`);
  await page.getByLabel('Password', { exact: true }).fill('a few words I remember');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page).toHaveURL(/\/onboarding/);

  await page.goto(`${server.url}/knowledge`);
  await page.getByRole('main').getByText('Add knowledge').first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('tab', { name: 'Questions' }).click();
  await dialog.getByLabel('Question', { exact: true }).fill('Do you offer payment plans?');
  await dialog.getByLabel('Answer', { exact: true }).fill('Yes, over 6 or 12 months without interest.');
  await dialog.getByRole('button', { name: 'Add 1 answer' }).click();
  await expect(page.getByText('Added. It can be used as soon as it has been read.')).toBeVisible();
  await expect(page.getByRole('row', { name: /Questions and answers.*Ready/ })).toBeVisible();

  await page.getByLabel('Question to the documents').fill('Can I pay in instalments? Is there a payment plan?');
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await expect(page.getByText('6 or 12 months').first()).toBeVisible();

  const key = await widgetKey({ api: page.context().request });
  const customer = new Customer(await browser.newPage({ baseURL: server.url }));
  await customer.visit(key);
  await customer.open();
  await customer.hears('front desk of Harbour Dental');
  await customer.say('Do you offer payment plans?');
  await customer.hears('over 6 or 12 months without interest');
  await expect(customer.page.locator('details.src summary')).toContainText('Sources');
  await customer.page.context().close();
});

test('the preview in Settings is the widget itself and answers', async ({ ownerPage, owner }) => {
  await owner.api.get('/api/v1/workspace');
  await ownerPage.goto('/settings/widget');
  const preview = ownerPage.locator('#widget-preview');
  const composer = preview.getByRole('textbox', { name: 'Write a message' });
  await composer.fill('Hello');
  await composer.press('Enter');
  await expect(preview.locator('.msg.mine .bub')).toHaveText('Hello');
  // The greeting, and an answer to it.
  await expect(preview.locator('.msg:not(.mine) .bub:not(.dots)')).toHaveCount(2, { timeout: 20_000 });
});
