// What a customer gets done in the widget, without any person: answers with their source, a lead, a person.
import { expect, test } from '../harness/fixtures.js';
import { Customer, teach, widgetKey } from '../harness/shop.js';

const FAQ = {
  'When are you open?': 'We are open Monday to Friday from nine to five.',
  'How much is a cleaning?': 'A cleaning costs ninety dollars and takes 45 minutes.',
};

test('a question is answered from the documents with the source, and what they do not say is not invented', async ({ owner, page }) => {
  await teach(owner, 'Price list', FAQ);
  const customer = new Customer(page);
  await customer.visit(await widgetKey(owner));
  await customer.open();
  await customer.say('How much is a cleaning?');
  await customer.hears('ninety dollars');
  const source = page.locator('details.src').last();
  await source.locator('summary').click();
  await expect(source).toContainText('Price list');
  await customer.say('Do you repair bicycles on Mars?');
  await customer.hears(/don't|couldn't|cannot|not in/i);

  // The same conversation after the page was loaded again.
  await page.reload();
  await expect(customer.bubbles('mine').first()).toHaveText('How much is a cleaning?');
  await expect(customer.bubbles('mine')).toHaveCount(2);
});

test('somebody who wants to be called back leaves their details and becomes a lead', async ({ owner, ownerPage, page }) => {
  await teach(owner, 'Price list', FAQ);
  const customer = new Customer(page);
  await customer.visit(await widgetKey(owner));
  await customer.open();
  await customer.say('I would like someone to contact me about dental implants');
  const details = ['My name is Grace Hopper', 'grace.hopper@example.com', '+1 415 555 2671', 'Two implants, as soon as possible', 'yes', 'no'];
  const leads = async () => ((await (await owner.api.get('/api/v1/leads')).json()) as { items: { name: string; email: string }[] }).items;
  for (const detail of details) {
    const before = await customer.bubbles('theirs').count();
    await expect.poll(() => customer.bubbles('theirs').count(), { timeout: 20_000 }).toBeGreaterThanOrEqual(before);
    await customer.say(detail);
    await expect.poll(() => customer.bubbles('theirs').count(), { timeout: 20_000 }).toBeGreaterThan(before);
    if ((await leads()).length > 0) break;
  }
  const [lead] = await leads();
  expect(lead).toMatchObject({ name: 'Grace Hopper', email: 'grace.hopper@example.com' });
  await ownerPage.goto('/leads');
  await expect(ownerPage.getByText('Grace Hopper').first()).toBeVisible();
});

test('somebody who asks for a person waits in the inbox with their reason', async ({ owner, ownerPage, page }) => {
  await ownerPage.goto('/inbox?view=waiting');
  await expect(ownerPage.getByText('Nobody is waiting')).toBeVisible();
  const customer = new Customer(page);
  await customer.visit(await widgetKey(owner));
  await customer.open();
  await customer.say('I want to speak to a human please');
  await expect.poll(() => customer.bubbles('theirs').count(), { timeout: 20_000 }).toBeGreaterThan(1);
  for (let turn = 0; turn < 3; turn += 1) {
    const { waiting } = (await (await owner.api.get('/api/v1/conversations/counts')).json()) as { waiting: number };
    if (waiting > 0) break;
    const before = await customer.bubbles('theirs').count();
    await customer.say('yes, a person please');
    await expect.poll(() => customer.bubbles('theirs').count(), { timeout: 20_000 }).toBeGreaterThan(before);
  }
  // The inbox shows it by itself.
  const row = ownerPage.getByRole('link', { name: /Visitor/ }).first();
  await expect(row).toBeVisible();
  await row.click();
  await ownerPage.getByRole('button', { name: 'Take over' }).first().click();
  await expect(customer.log.getByText('joined').first()).toBeVisible();
});
