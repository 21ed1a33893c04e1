// Workflows from the choice of a ready-made one to what came of it, and the tasks they leave.
import { type Page } from '@playwright/test';
import type { Account } from '../harness/account.js';
import { expect, test } from '../harness/fixtures.js';
import { collectErrors, inspect } from '../harness/inspect.js';
import { settled } from '../harness/settled.js';

const row = (page: Page, name: string) => page.getByRole('row', { name: new RegExp(name) });
const step = (page: Page, name: string) => page.getByRole('article', { name });
const field = (page: Page, name: string) => page.getByLabel(name, { exact: true });

async function posted<T>({ api }: Pick<Account, 'api'>, path: string, data: object, status: number): Promise<T> {
  const answer = await api.post(`/api/v1${path}`, { data });
  expect(answer.status(), await answer.text()).toBe(status);
  return (await answer.json()) as T;
}

interface Made {
  readonly id: string;
  readonly version: number;
  readonly settings: Record<string, unknown>;
}

const DAY = { id: 'day', action: { do: 'wait', minutes: 1440 } };
const CALL = { id: 'call', action: { do: 'task', title: 'Call {{ name }} back', due_in_days: 1 } };

/** A workflow contacts are put into by hand. */
async function workflow(owner: Account, { name = 'Nurture', steps = [DAY] as object[], started = true } = {}): Promise<Made> {
  const made = await posted<Made>(owner, '/workflows', { name, trigger: { on: 'manual' }, steps }, 201);
  if (started) await posted(owner, '/workflows/state', { ids: [made.id], state: 'active' }, 200);
  return made;
}

const contact = async (owner: Account, name: string): Promise<string> =>
  (await posted<{ id: string }>(owner, '/contacts', { name, email: `${name.split(' ')[0]?.toLowerCase() ?? 'x'}@example.com` }, 201)).id;

test('a ready-made workflow becomes a draft, is changed, saved and started', async ({ ownerPage: page }) => {
  const errors = collectErrors(page);
  await page.goto('/workflows');
  await expect(page.getByRole('heading', { name: 'No workflows yet' })).toBeVisible();
  await page.getByRole('button', { name: /^Reach out to new contacts/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Reach out to new contacts' })).toBeVisible();
  const articles = page.getByRole('article');
  const before = await articles.count();

  // A task at the end, moved up by keyboard.
  await field(page, 'Name of the workflow').fill('Spring fair');
  await page.getByRole('button', { name: 'Add a step', exact: true }).click();
  await page.getByRole('menuitem', { name: /^Leave a task/ }).click();
  await field(page, 'What is to be done').fill('Call {{ name }}');
  await page.getByRole('button', { name: `Move step ${String(before + 1)} up` }).press('Enter');
  await expect(step(page, `${String(before)}. Leave a task`)).toContainText('Call [Full name]');

  // What is taken out comes back.
  await page.getByRole('button', { name: 'Remove step 1', exact: true }).click();
  await expect(articles).toHaveCount(before);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(articles).toHaveCount(before + 1);

  // The same by hand.
  await step(page, `${String(before)}. Leave a task`).locator('[draggable]').dragTo(articles.first());
  await expect(step(page, '1. Leave a task')).toContainText('Call [Full name]');

  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('The workflow is saved.')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Spring fair' })).toBeVisible();
  await expect(step(page, '1. Leave a task')).toContainText('Call [Full name]');

  await page.getByRole('button', { name: 'Start', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Start Spring fair?' });
  await expect(dialog).toContainText('Contacts that are there already stay out');
  await dialog.getByRole('button', { name: 'Start workflow' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('Running', { exact: true })).toBeVisible();
  await page.getByRole('link', { name: 'All workflows' }).click();
  await expect(row(page, 'Spring fair')).toContainText('Running');
  expect(errors).toEqual([]);
});

test('what the server refuses stands at its field, in the step it is in', async ({ owner, ownerPage: page }) => {
  const { id } = await workflow(owner, { steps: [DAY, CALL], started: false });
  await page.goto(`/workflows/${id}`);
  await page.getByRole('button', { name: 'Add a step', exact: true }).click();
  await page.getByRole('menuitem', { name: /^Call a webhook/ }).click();
  await field(page, 'Address').fill('ftp://example.com');
  await page.getByRole('radio', { name: 'fit', exact: true }).check();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(step(page, '3. Call a webhook')).toContainText('Must begin with https://');
  await expect(page.getByRole('region', { name: 'Goal and ends' })).toContainText('Needs criteria');
  await expect(field(page, 'Address')).toHaveValue('ftp://example.com');
  // It goes with its step.
  await page.getByRole('button', { name: 'Move step 3 up' }).click();
  await expect(step(page, '2. Call a webhook')).toContainText('Must begin with https://');
  await page.getByRole('button', { name: 'Add a criterion' }).click();
  await field(page, '1. What must be true').fill('Owns the house');
  await field(page, 'Address').fill('https://example.com/hook');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('The workflow is saved.')).toBeVisible();
});

test('unsaved changes are not lost by leaving, nor by what somebody else saves', async ({ owner, ownerPage: page }) => {
  const { id, version, settings } = await workflow(owner);
  await page.goto(`/workflows/${id}`);
  await field(page, 'Name of the workflow').fill('Mine');
  await expect(page.getByRole('region', { name: 'Unsaved changes' })).toBeVisible();
  await page.getByRole('link', { name: 'All workflows' }).click();
  await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Cancel' }).click();

  const theirs = await owner.api.put(`/api/v1/workflows/${id}`, { data: { settings: { ...settings, name: 'Theirs' }, version } });
  expect(theirs.status(), await theirs.text()).toBe(200);
  const alert = page.getByRole('alert').filter({ hasText: 'Somebody else saved this workflow' });
  await expect(alert).toBeVisible();
  await expect(field(page, 'Name of the workflow')).toHaveValue('Mine');
  await alert.getByRole('button', { name: 'Save mine in its place' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Mine' })).toBeVisible();
  await expect(alert).toBeHidden();
});

test('contacts are put in, their way is seen and ended, and pausing says what waits', async ({ owner, ownerPage: page }) => {
  const { id } = await workflow(owner);
  await contact(owner, 'Mia Chen');
  await page.goto(`/workflows/${id}?tab=people`);
  await page.getByRole('button', { name: 'Add contacts' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add contacts to Nurture' });
  await dialog.getByRole('combobox', { name: 'Contact', exact: true }).click();
  await page.keyboard.type('Mia');
  await page.getByRole('option', { name: /^Mia Chen/ }).click();
  await dialog.getByRole('button', { name: 'Add 1 contact' }).click();
  await expect(row(page, 'Mia Chen')).toContainText('On the way');

  await page.getByRole('button', { name: 'Pause' }).click();
  const pause = page.getByRole('dialog', { name: 'Pause Nurture?' });
  await expect(pause).toContainText('One person is on the way');
  await pause.getByRole('button', { name: 'Pause workflow' }).click();
  await expect(page.getByText('Paused', { exact: true })).toBeVisible();

  await row(page, 'Mia Chen').getByRole('link').click();
  const drawer = page.getByRole('dialog', { name: /^Mia Chen/ });
  await expect(drawer).toContainText('Entered');
  await drawer.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('dialog', { name: 'Stop it for Mia Chen?' }).getByRole('button', { name: 'Stop it' }).click();
  await expect(drawer).toContainText('Ended by hand');
  await drawer.getByRole('link', { name: 'Open contact' }).click();
  const card = page.getByRole('region', { name: 'Workflows' });
  await expect(card).toContainText('Nurture');
  await expect(card).toContainText('Stopped');
});

test('many contacts are put in from the list, and found there by their workflow', async ({ owner, ownerPage: page }) => {
  await workflow(owner);
  await contact(owner, 'Mia Chen');
  await contact(owner, 'Noah Berg');
  await contact(owner, 'Olga Petrova');
  await page.goto('/contacts');
  for (const name of ['Mia Chen', 'Noah Berg']) await page.getByRole('checkbox', { name: `Choose ${name}` }).check();
  await page.getByRole('button', { name: 'Add to workflow' }).click();
  await page.getByRole('menuitem', { name: 'Nurture' }).click();
  await expect(page.getByText('Adding to the workflow: 2 contacts done')).toBeVisible();
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.getByRole('combobox', { name: 'In workflow' }).click();
  await page.getByRole('option', { name: 'Nurture' }).click();
  await page.getByRole('button', { name: 'Show contacts' }).click();
  await expect(page.getByText('In Nurture')).toBeVisible();
  await expect(row(page, 'Noah Berg')).toBeVisible();
  await expect(row(page, 'Olga Petrova')).toBeHidden();
});

test('a task is marked as done, and that is taken back', async ({ browser, server, owner, ownerPage: page }) => {
  // Contacts are moved on once a minute.
  test.setTimeout(180_000);
  const errors = collectErrors(page);
  const { id } = await workflow(owner, { steps: [CALL] });
  await posted(owner, `/workflows/${id}/enrolments`, { contact_ids: [await contact(owner, 'Mia Chen')] }, 200);
  await page.goto('/tasks');
  // The workflow leaves it by itself, and the page hears of it.
  await expect(row(page, 'Call Mia Chen back')).toContainText('Nurture', { timeout: 90_000 });
  const open = async (other: Page) => {
    await other.goto('/tasks');
    await settled(other);
    await expect(other.getByText('Call Mia Chen back').first()).toBeVisible();
  };
  await inspect(browser, server.url, { name: 'tasks', open, signedIn: owner.signedIn });
  await page.getByRole('button', { name: 'Mark as done: Call Mia Chen back' }).click();
  await expect(page.getByRole('heading', { name: 'Nothing to do' })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row(page, 'Call Mia Chen back')).toBeVisible();
  await page.getByRole('button', { name: 'Mark as done: Call Mia Chen back' }).click();
  await page.getByRole('link', { name: 'Done', exact: true }).click();
  await expect(row(page, 'Call Mia Chen back')).toContainText(owner.name);
  expect(errors).toEqual([]);
});

test('what calls are signed with is shown when asked for, and renewed after a question', async ({ owner, ownerPage: page }) => {
  const errors = collectErrors(page);
  const { id } = await workflow(owner, { steps: [{ id: 'tell', action: { do: 'webhook', url: 'https://example.com/hook' } }], started: false });
  const stored = async () => ((await (await owner.api.get('/api/v1/workflows/webhook-secret')).json()) as { secret: string }).secret;
  const shown = step(page, '1. Call a webhook').getByRole('code');
  const open = async () => {
    await page.goto(`/workflows/${id}`);
    await page.getByRole('button', { name: /^1\. Call a webhook/ }).click();
    await expect(field(page, 'Address')).toHaveValue('https://example.com/hook');
  };
  await open();
  await expect(shown).toHaveCount(0);
  await page.getByRole('button', { name: 'Show the secret' }).click();
  const first = await stored();
  expect(first).toMatch(/^whsec_/);
  await expect(shown).toHaveText(first);
  await expect(page.getByRole('button', { name: 'Copy: signing secret' })).toBeVisible();

  const question = page.getByRole('dialog', { name: 'Make a new secret?' });
  await page.getByRole('button', { name: 'New secret' }).click();
  await expect(question).toContainText('The old one signs nothing from now on');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(question).toBeHidden();
  await expect(shown).toHaveText(first);
  expect(await stored()).toBe(first);

  await page.getByRole('button', { name: 'New secret' }).click();
  await question.getByRole('button', { name: 'New secret' }).click();
  await expect(question).toBeHidden();
  await expect(shown).not.toHaveText(first);
  const second = await stored();
  expect(second).toMatch(/^whsec_/);
  await expect(shown).toHaveText(second);

  // It is asked for anew each time somebody looks.
  await open();
  await expect(shown).toHaveCount(0);
  await page.getByRole('button', { name: 'Show the secret' }).click();
  await expect(shown).toHaveText(second);
  expect(errors).toEqual([]);
});

/** A workflow with a step of most kinds and somebody in it, and one that was never started. */
async function peopled(owner: Account): Promise<string> {
  const message = { channel: 'email', words: { by: 'ai', instruction: 'Ask how it went.', fallback: 'How did it go? {{ business_name }}' } };
  const steps = [
    { id: 'ask', action: { do: 'send', message } },
    { id: 'fork', action: { do: 'condition', test: { if: 'replied' }, otherwise: 'call' } },
    { id: 'tag', action: { do: 'tag', add: [{ name: 'talks', color: 'teal' }], remove: ['cold'] } },
    DAY,
    CALL,
  ];
  const { id } = await workflow(owner, { steps });
  await workflow(owner, { name: 'Not started', started: false });
  await posted(owner, `/workflows/${id}/enrolments`, { contact_ids: [await contact(owner, 'Mia Chen')] }, 200);
  return id;
}

test.describe('everybody can read and change', () => {
  const looks: [name: string, path: (id: string) => string, more?: (page: Page) => Promise<void>][] = [
    ['workflows', () => '/workflows'],
    ['new-workflow', () => '/workflows?create=true', async (page) => expect(page.getByRole('button', { name: /^Blank workflow/ })).toBeVisible()],
    [
      'workflow',
      (id) => `/workflows/${id}`,
      async (page) => {
        for (const name of ['1. Send a message', '2. Only go on if', '3. Change tags', '4. Wait']) await step(page, name).getByRole('button', { name: new RegExp(`^${name}`) }).click();
        await field(page, 'Name of the workflow').fill('Another name');
        await expect(page.getByRole('region', { name: 'Unsaved changes' })).toBeVisible();
      },
    ],
    [
      'workflow-preview',
      (id) => `/workflows/${id}`,
      async (page) => {
        await page.getByRole('button', { name: 'Preview' }).click();
        await expect(page.getByRole('dialog').getByRole('heading', { name: 'Mia Chen' })).toBeVisible();
      },
    ],
    ['workflow-people', (id) => `/workflows/${id}?tab=people`],
    ['workflow-funnel', (id) => `/workflows/${id}?tab=funnel`, async (page) => expect(page.getByRole('heading', { name: 'How far they came' })).toBeVisible()],
  ];
  for (const [name, path, more] of looks) {
    test(name, async ({ browser, server, owner }) => {
      const id = await peopled(owner);
      const open = async (page: Page) => {
        await page.goto(path(id));
        await settled(page);
        await more?.(page);
      };
      await inspect(browser, server.url, { name, open, signedIn: owner.signedIn });
    });
  }
});
