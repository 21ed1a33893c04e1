// A server that dies in the middle of a conversation.
import { signUp } from '../harness/account.js';
import { expect, test } from '../harness/fixtures.js';
import { Customer, teach, widgetKey } from '../harness/shop.js';

test('messages written while the server is gone arrive once, in order, and are answered', async ({ ownServer, browser }) => {
  const owner = await signUp(ownServer);
  await teach(owner, 'Hours', { 'When are you open?': 'We are open from nine to five.', 'Where can I park?': 'Behind the building.' });
  const context = await browser.newContext({ baseURL: ownServer.url, storageState: owner.signedIn });
  const inbox = await context.newPage();
  const customer = new Customer(await browser.newPage({ baseURL: ownServer.url }));
  await customer.visit(await widgetKey(owner));
  await customer.open();
  await customer.say('When are you open?');
  await customer.hears('nine to five');
  await inbox.goto('/inbox');
  await inbox.getByRole('link', { name: /Visitor/ }).first().click();
  await expect(inbox.getByRole('log').getByText('nine to five')).toBeVisible();

  await ownServer.kill();
  await customer.say('Where can I park?');
  await customer.say('Thank you');
  await expect(customer.page.getByText('Waiting for connection')).toBeVisible({ timeout: 30_000 });
  await ownServer.start();

  await customer.hears('Behind the building');
  await expect(customer.bubbles('mine')).toHaveText(['When are you open?', 'Where can I park?', 'Thank you']);
  await expect(customer.page.getByText('Waiting for connection')).toHaveCount(0);
  // The dashboard caught up by itself, without a gap and without a double.
  const log = inbox.getByRole('log');
  await expect(log.getByText('Behind the building')).toBeVisible({ timeout: 30_000 });
  for (const text of ['When are you open?', 'Where can I park?', 'Thank you']) {
    await expect(log.getByText(text, { exact: true })).toHaveCount(1);
  }
  const stored = (await (await owner.api.get('/api/v1/conversations')).json()) as { items: [{ id: string }] };
  const messages = (await (await owner.api.get(`/api/v1/conversations/${stored.items[0].id}/messages`)).json()) as {
    items: { seq: number; author: string; text: string }[];
  };
  expect(messages.items.map((message) => message.seq)).toEqual(messages.items.map((_, index) => index + 1));
  expect(messages.items.filter((message) => message.author === 'customer').map((message) => message.text)).toEqual([
    'When are you open?',
    'Where can I park?',
    'Thank you',
  ]);
  await customer.page.context().close();
  await context.close();
  await owner.close();
});
