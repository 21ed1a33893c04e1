// Phone numbers of the simulated Twilio of the demo: found, bought, brought here, given back.
import type { Page } from '@playwright/test';
import { signInToDemo } from '../harness/demo.js';
import { expect, test } from '../harness/fixtures.js';
import { collectErrors, inspect } from '../harness/inspect.js';
import { settled } from '../harness/settled.js';

test.use({ serveOptions: ['--demo'] });

const NEW = '+1 212 555 0107';

test('a number is found and bought at its price, seen to arrive here, and released by typing it', async ({ browser, server }) => {
  const api = await signInToDemo(server);
  const page = await (await browser.newContext({ baseURL: server.url, storageState: await api.storageState() })).newPage();
  const errors = collectErrors(page);
  await page.goto('/channels');
  await page.getByRole('button', { name: /^Numbers of Demo phone line/ }).click();
  const numbers = page.getByRole('region', { name: /^Numbers of Demo phone line/ });
  const line = (number: string) => numbers.getByRole('listitem').filter({ hasText: number });
  await expect(numbers.getByRole('listitem')).toHaveCount(1);
  await expect(numbers.getByRole('listitem').first()).toContainText('Texts arrive here');

  await numbers.getByRole('button', { name: 'Get a number' }).click();
  const search = page.getByRole('dialog', { name: 'Get a number' });
  await search.getByLabel('Area code').fill('212');
  await search.getByLabel('Contains').fill('0107');
  await search.getByRole('button', { name: 'Search' }).click();
  await expect(search.getByText('$1.15 a month')).toBeVisible();
  await search.getByRole('button', { name: `Buy ${NEW}` }).click();
  const question = page.getByRole('dialog', { name: `Buy ${NEW}?` });
  await expect(question).toContainText('Twilio charges your account $1.15 a month');
  await question.getByRole('button', { name: 'Buy for $1.15 a month' }).click();
  await expect(question).toBeHidden();
  await expect(line(NEW)).toContainText('Texts arrive here');
  await expect(line(NEW)).toContainText('Sends');

  await numbers.getByRole('button', { name: `Release ${NEW}` }).click();
  const release = page.getByRole('dialog', { name: `Release ${NEW}?` });
  await expect(release.getByRole('button', { name: 'Release for good' })).toBeDisabled();
  await release.getByLabel(/^Type/).fill('212 555 0199');
  await expect(release.getByRole('button', { name: 'Release for good' })).toBeDisabled();
  await release.getByLabel(/^Type/).fill('1 (212) 555-0107');
  await release.getByRole('button', { name: 'Release for good' }).click();
  await expect(release).toBeHidden();
  await expect(line(NEW)).toHaveCount(0);

  // The last one is not let go without a word about it.
  await numbers.getByRole('button', { name: /^Release/ }).click();
  await expect(page.getByRole('dialog', { name: /^Release/ })).toContainText('It is the only number this connection sends from');
  expect(errors).toEqual([]);
  await page.context().close();
  await api.dispose();
});

test('a refusal of the vendor is said where the number was to be bought', async ({ browser, server }) => {
  const api = await signInToDemo(server);
  const page = await (await browser.newContext({ baseURL: server.url, storageState: await api.storageState() })).newPage();
  await page.goto('/channels');
  await page.getByRole('button', { name: /^Numbers of Demo phone line/ }).click();
  await page.getByRole('button', { name: 'Get a number' }).click();
  const search = page.getByRole('dialog', { name: 'Get a number' });
  await search.getByRole('combobox', { name: 'Country' }).fill('United King');
  await page.getByRole('option', { name: 'United Kingdom' }).click();
  await search.getByRole('combobox', { name: 'Kind' }).selectOption('toll_free');
  await search.getByRole('button', { name: 'Search' }).click();
  await expect(search.getByText('Nothing found')).toBeVisible();
  await search.getByRole('combobox', { name: 'Kind' }).selectOption('mobile');
  await search.getByRole('button', { name: 'Search' }).click();
  await expect(search.getByText('Twilio asks for an address or papers')).toBeVisible();
  await search.getByRole('button', { name: /^Buy/ }).first().click();
  const question = page.getByRole('dialog', { name: /^Buy/ });
  await question.getByRole('button', { name: 'Buy for £1.00 a month' }).click();
  await expect(question.getByRole('alert').filter({ hasText: 'regulatory bundle' })).toBeVisible();
  await question.getByRole('button', { name: 'Back' }).click();
  // What was typed is still there.
  await expect(page.getByRole('combobox', { name: 'Kind' })).toHaveValue('mobile');
  await page.context().close();
  await api.dispose();
});

test('numbers and the search for one are fit to be looked at', async ({ browser, server }) => {
  test.setTimeout(120_000);
  const api = await signInToDemo(server);
  const signedIn = await api.storageState();
  const opened = async (page: Page) => {
    await page.goto('/channels');
    await page.getByRole('button', { name: /^Numbers of Demo phone line/ }).click();
    await expect(page.getByText('Texts arrive here')).toBeVisible();
    await settled(page);
  };
  await inspect(browser, server.url, { name: 'numbers', open: opened, signedIn });
  await inspect(browser, server.url, {
    name: 'number-search',
    open: async (page) => {
      await opened(page);
      await page.getByRole('button', { name: 'Get a number' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Search' }).click();
      await expect(page.getByText('$1.15 a month')).toBeVisible();
    },
    signedIn,
  });
  await api.dispose();
});
