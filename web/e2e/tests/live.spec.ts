// What happens is on the screen without anybody loading a page again.
import { expect, test } from '../harness/fixtures.js';
import { Customer, widgetKey } from '../harness/shop.js';

test('a conversation appears in the inbox and grows while one looks', async ({ owner, ownerPage, page }) => {
  await ownerPage.goto('/inbox');
  await expect(ownerPage.getByText('No conversations yet')).toBeVisible();
  // Gone if the page is ever loaded again.
  await ownerPage.evaluate(() => Object.assign(window, { sameLoad: true }));
  const customer = new Customer(page);
  await customer.visit(await widgetKey(owner));
  await customer.open();
  await customer.say('Hello, is anybody there?');
  const row = ownerPage.getByRole('link', { name: /Visitor/ }).first();
  await expect(row).toBeVisible();
  await row.click();
  const log = ownerPage.getByRole('log');
  await expect(log.getByText('Hello, is anybody there?')).toBeVisible();
  await customer.say('One more thing');
  await expect(log.getByText('One more thing')).toBeVisible();
  expect(await ownerPage.evaluate(() => 'sameLoad' in window)).toBe(true);
});

test('a contact that somebody else adds appears in an open list', async ({ owner, ownerPage }) => {
  await ownerPage.goto('/contacts');
  await expect(ownerPage.getByRole('heading', { name: 'Contacts', exact: true })).toBeVisible();
  const made = await owner.api.post('/api/v1/contacts', { data: { name: 'Grace Hopper' } });
  expect(made.status()).toBe(201);
  await expect(ownerPage.getByText('Grace Hopper').first()).toBeVisible();
});
