// One conversation, one speaker: a person takes over while the agent is in the middle of its answer.
import { expect, test } from '../harness/fixtures.js';
import { type Step, startModel } from '../harness/model.js';
import { Customer, widgetKey } from '../harness/shop.js';

test('a person who takes over in the middle of an answer is the only one who speaks', async ({ owner, ownerPage, page }) => {
  const model = await startModel();
  try {
    await model.speaksFor(owner);
    // It talks for a minute.
    const more: Step[] = Array.from({ length: 60 }, () => [
      { do: 'slow' as const, ms: 1000 },
      { do: 'say' as const, pieces: ['And there is more. '] },
    ]).flat();
    await model.plays({ do: 'say', pieces: ['Our team has been here for thirty years. ', 'There is a lot to tell. '] }, ...more);
    await ownerPage.goto('/inbox');
    await expect(ownerPage.getByText('No conversations yet')).toBeVisible();
    const customer = new Customer(page);
    await customer.visit(await widgetKey(owner));
    await customer.open();
    // A page in the background draws nothing while words come in.
    await page.bringToFront();
    await customer.say('Tell me about your team');
    await customer.hears('thirty years');
    await ownerPage.bringToFront();

    // The team sees the words being written, live.
    await ownerPage.getByRole('link', { name: /Visitor/ }).first().click();
    await expect(ownerPage.getByRole('log').getByText('thirty years')).toBeVisible();
    await ownerPage.getByRole('button', { name: 'Take over' }).first().click();
    await expect(ownerPage.getByText('Cut short when a person took over')).toBeVisible();
    await expect(customer.log.getByText('Stopped here: a team member took over')).toBeVisible();
    await expect(customer.log.getByText('Ada Lindqvist joined').first()).toBeVisible();
    await expect(page.getByText('Ada Lindqvist is with you')).toBeVisible();

    const reply = ownerPage.getByRole('textbox', { name: /reply/i });
    await reply.fill('Hello, Ada here. What would you like to know?');
    await reply.press('Enter');
    await customer.hears('Ada here');
    await customer.say('How long a cleaning takes');
    await expect(ownerPage.getByRole('log').getByText('How long a cleaning takes')).toBeVisible();
    const answer = ownerPage.getByRole('textbox', { name: /reply/i });
    await answer.fill('About 45 minutes.');
    await answer.press('Enter');
    await customer.hears('About 45 minutes');
    expect(await model.requests(), 'the model was asked once, before the person came').toBe(1);
    await expect(customer.log.getByText('thirty years'), 'what was shown is kept once').toHaveCount(1);

    // Handed back, the agent answers again.
    await model.plays({ do: 'say', pieces: ['I am happy to help again.'] });
    await ownerPage.getByRole('button', { name: 'Hand back' }).first().click();
    await expect(customer.log.getByText('The assistant is back')).toBeVisible();
    await customer.say('Thank you');
    await expect.poll(() => customer.bubbles('theirs').count(), { timeout: 20_000 }).toBe(5);
  } finally {
    await model.close();
  }
});
