// What the team sets up before anybody can book: a booking type, somebody's hours, the words of a message.
import { civil, DAY } from '../../booking/src/zone.js';
import { offer } from '../harness/diary.js';
import { expect, test } from '../harness/fixtures.js';
import { collectErrors, inspect } from '../harness/inspect.js';
import { settled } from '../harness/settled.js';

const ZONE = 'America/New_York';

test('a booking type and somebody’s hours are made in the dashboard, and customers are offered those times', async ({ ownerPage: page, browser, server }) => {
  const errors = collectErrors(page);
  await page.goto('/availability');
  await page.getByRole('button', { name: 'Add a person' }).click();
  const person = page.getByRole('dialog', { name: 'Add a person' });
  await person.getByLabel('Name', { exact: true }).fill('Maria Lopez');
  await person.getByLabel('What they do').fill('Dentist');
  await person.getByRole('button', { name: 'Add', exact: true }).click();

  // Hours of her own: Monday twice a day, copied to every other day.
  await expect(page.getByRole('heading', { level: 1, name: 'Maria Lopez' })).toBeVisible();
  await page.getByRole('radio', { name: 'Own hours' }).check();
  const monday = page.getByRole('listitem').filter({ has: page.getByRole('switch', { name: 'Available on Monday' }) });
  const works = monday.getByRole('switch');
  if (!(await works.isChecked())) await works.check();
  await monday.getByLabel('Monday, from').fill('10:00');
  await monday.getByLabel('Monday, to').fill('11:00');
  await monday.getByRole('button', { name: 'Add hours on Monday' }).click();
  await monday.getByLabel('Monday, from').nth(1).fill('14:30');
  await monday.getByLabel('Monday, to').nth(1).fill('14:00');
  await expect(monday.getByRole('alert')).toHaveText('It must end after it starts.');
  await monday.getByLabel('Monday, to').nth(1).fill('15:00');
  await expect(monday.getByRole('alert')).toHaveCount(0);
  await monday.getByRole('button', { name: 'Copy Monday to other days' }).click();
  for (const day of ['Saturday', 'Sunday']) await page.getByRole('checkbox', { name: day }).check();
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(page.getByLabel('Sunday, from')).toHaveCount(2);

  // What is not saved is asked about before it is lost.
  await page.getByRole('link', { name: 'Booking types' }).click();
  await expect(page.getByRole('dialog', { name: 'Leave without saving?' })).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('You have unsaved changes.')).toBeHidden();

  await page.getByRole('link', { name: 'Booking types' }).click();
  await page.getByRole('button', { name: 'New booking type' }).first().click();
  const made = page.getByRole('dialog', { name: 'New booking type' });
  await made.getByRole('button', { name: 'Create' }).click();
  await expect(made.getByText('Give it a name.')).toBeVisible();
  await made.getByLabel('Name', { exact: true }).fill('First visit');
  await made.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'First visit' })).toBeVisible();
  await page.getByRole('link', { name: 'People and rooms' }).click();
  await expect(page.getByRole('checkbox', { name: 'Maria Lopez' })).toBeChecked();
  await page.getByRole('link', { name: 'Times and limits' }).click();
  await page.getByRole('textbox', { name: 'Minimum notice' }).fill('0');
  await page.getByRole('combobox', { name: 'Starting times' }).click();
  await page.getByRole('option', { name: 'Every 30 min' }).click();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('You have unsaved changes.')).toBeHidden();
  await page.getByRole('link', { name: 'Link and embed' }).click();
  const link = await page.locator('code').first().textContent();

  const stranger = await (await browser.newContext({ baseURL: server.url, timezoneId: ZONE })).newPage();
  const soon = civil(Date.now() + 3 * DAY, ZONE).day;
  await stranger.goto(`${new URL(link ?? '').pathname}?date=${soon}&zone=${ZONE}`);
  await expect(stranger.locator('.times .slot b')).toHaveText(['10:00 AM', '10:30 AM', '2:30 PM']);
  await stranger.context().close();
  expect(errors).toEqual([]);
});

test('a message with an unknown variable says so at its line and is not saved; the right one is offered', async ({ ownerPage: page, owner }) => {
  await page.goto('/templates');
  await page.getByRole('link', { name: 'Booking confirmed', exact: true }).click();
  const body = page.getByRole('textbox', { name: 'Message' });
  const mail = page.frameLocator('iframe').locator('p');
  await expect(mail.filter({ hasText: 'Your appointment is confirmed.' })).toBeVisible();
  await body.fill('Hello {{ first_name }},\n\nsee you at {{ tme }}.');
  const flaw = page.getByRole('alert').filter({ hasText: 'tme' });
  await expect(flaw).toContainText('Line 3:');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('It is not saved yet')).toBeVisible();
  const stored = async () => (await (await owner.api.get('/api/v1/templates/booking_confirmed/email/en')).json()) as { customised: boolean; body: string };
  expect(await stored()).toMatchObject({ customised: false });

  // The line's name leads to it.
  await flaw.getByRole('button', { name: 'Line 3:' }).click();
  await expect(body).toBeFocused();
  expect(await body.evaluate((field: HTMLTextAreaElement) => field.value.slice(field.selectionStart, field.selectionEnd))).toBe('see you at {{ tme }}.');

  // Two braces open the list; Enter takes what it offers.
  await body.fill('Hello {{ first_name }},\n\nsee you at ');
  await body.press('End');
  await body.pressSequentially('{{ ti');
  await expect(page.getByRole('option', { name: /^time/ })).toHaveAttribute('aria-selected', 'true');
  await body.press('Enter');
  await expect(body).toHaveValue('Hello {{ first_name }},\n\nsee you at {{ time }}');
  await expect(mail.filter({ hasText: 'see you at 3:30 PM' })).toBeVisible();
  await body.press('Control+s');
  await expect(page.getByText('Your own, version 1')).toBeVisible();
  expect(await stored()).toMatchObject({ customised: true, body: 'Hello {{ first_name }},\n\nsee you at {{ time }}' });

  // Another text is the second version; the first comes back from the list.
  await body.fill('Hi {{ first_name }}!');
  await page.getByRole('link', { name: 'Spanish' }).click();
  await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('Your own, version 2')).toBeVisible();
  await page.getByRole('button', { name: 'Versions' }).click();
  const versions = page.getByRole('dialog', { name: 'Saved versions' });
  await versions.getByRole('button', { name: /^Version 1/ }).click();
  await versions.getByRole('button', { name: 'Restore this text' }).click();
  await expect(body).toHaveValue('Hello {{ first_name }},\n\nsee you at {{ time }}');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('Your own, version 3')).toBeVisible();

  await page.getByRole('button', { name: 'Back to shipped text' }).click();
  await page.getByRole('button', { name: 'Use the shipped text' }).click();
  await expect(page.getByText('Shipped text', { exact: true })).toBeVisible();
  expect(await stored()).toMatchObject({ customised: false });
});

test('a short message has a text of its own per language, without a subject, and says what it costs', async ({ browser, server, ownerPage: page, owner }) => {
  await page.goto('/templates');
  await page.getByRole('link', { name: 'Short message' }).click();
  await expect(page.getByRole('link', { name: 'Short message' })).toHaveAttribute('aria-current', 'page');
  await expect(page.getByRole('link', { name: 'E-mail', exact: true })).not.toHaveAttribute('aria-current', 'page');
  // What goes by letter only is not offered.
  await expect(page.getByRole('link', { name: 'New booking', exact: true })).toBeHidden();
  await page.getByRole('link', { name: 'Reminder', exact: true }).click();
  await expect(page.getByLabel('Subject')).toBeHidden();
  const body = page.getByRole('textbox', { name: 'Message' });
  const preview = page.getByRole('region', { name: 'Preview' });
  await expect(preview).toContainText(`${owner.business}: reminder of`);

  await body.fill('{{ business_name }}: {{ service }} at {{ tme }}');
  await expect(page.getByRole('alert').filter({ hasText: 'tme' })).toBeVisible();
  await body.fill('{{ business_name }}: {{ time }}!');
  await expect(preview).toContainText('3:30 PM!');
  await expect(preview).toContainText('1 part');
  // A character of another alphabet shortens the parts.
  await body.fill(`{{ business_name }} ✓ ${'See you soon. '.repeat(6)}`);
  await expect(preview).toContainText('2 parts');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('Your own, version 1')).toBeVisible();
  const stored = async (channel: string, language: string) => (await (await owner.api.get(`/api/v1/templates/booking_reminder/${channel}/${language}`)).json()) as { customised: boolean; body: string };
  expect(await stored('text', 'en')).toMatchObject({ customised: true });
  expect(await stored('email', 'en')).toMatchObject({ customised: false });

  await page.getByRole('link', { name: 'Spanish' }).click();
  await expect(preview).toContainText('recordatorio');
  await page.getByRole('link', { name: 'English' }).click();
  await page.getByRole('button', { name: 'Versions' }).click();
  await expect(page.getByRole('dialog', { name: 'Saved versions' })).toContainText('See you soon.');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Back to shipped text' }).click();
  await page.getByRole('button', { name: 'Use the shipped text' }).click();
  await expect(page.getByText('Shipped text', { exact: true })).toBeVisible();
  expect(await stored('text', 'en')).toMatchObject({ customised: false });

  for (const [name, path] of [
    ['templates-short', '/templates?via=text'],
    ['template-short', '/templates/booking_reminder/en?via=text'],
  ] as const) {
    await inspect(browser, server.url, {
      name,
      open: async (other) => {
        await other.goto(path);
        await settled(other);
      },
      signedIn: owner.signedIn,
    });
  }
});

test('a message is shown with the values of a booking', async ({ ownerPage: page, owner }) => {
  const type = await offer(owner, { name: 'Root canal' });
  const start = `${civil(Date.now() + 5 * DAY, ZONE).day}T15:00:00Z`;
  for (const name of ['Grace Hopper', 'Katherine Johnson']) {
    const at = name.startsWith('G') ? start : start.replace('T15', 'T17');
    const answer = await owner.api.post('/api/v1/bookings', { data: { type_id: type.id, start: at, name, email: 'someone@example.com', notify: false } });
    expect(answer.status(), await answer.text()).toBe(201);
  }
  await page.goto('/templates/booking_reminder/en');
  const mail = page.frameLocator('iframe').locator('p');
  await expect(mail.filter({ hasText: 'Hello Ana,' })).toBeVisible();
  const shownWith = page.getByRole('combobox', { name: 'Shown with' });
  await shownWith.click();
  await expect(page.getByRole('option')).toHaveCount(3);
  await shownWith.fill('hopper');
  await expect(page.getByRole('option')).toHaveCount(1);
  await page.getByRole('option', { name: /^Grace Hopper/ }).click();
  await expect(mail.filter({ hasText: 'Hello Grace,' })).toBeVisible();
  await expect(page.frameLocator('iframe').locator('strong', { hasText: 'Root canal' })).toBeVisible();

  // It stays chosen in another language and after a reload.
  await page.getByRole('link', { name: 'Spanish' }).click();
  await expect(mail.filter({ hasText: 'Hola, Grace,' })).toBeVisible();
  await page.reload();
  await expect(mail.filter({ hasText: 'Hola, Grace,' })).toBeVisible();
  await expect(shownWith).toHaveValue(/^Grace Hopper/);
  await shownWith.click();
  await page.getByRole('option', { name: 'Example values' }).click();
  await expect(mail.filter({ hasText: 'Hola, Ana,' })).toBeVisible();
});

test.describe('with something set up', () => {
  for (const [name, path] of [
    ['booking-types', '/booking-types'],
    ['booking-type', '/booking-types/{type}'],
    ['booking-type-team', '/booking-types/{type}?section=team'],
    ['booking-type-questions', '/booking-types/{type}?section=questions'],
    ['booking-type-share', '/booking-types/{type}?section=share'],
    ['staff', '/availability/staff'],
    ['staff-hours', '/availability/staff/{staff}?part=hours'],
    ['staff-dates', '/availability/staff/{staff}?part=dates'],
  ] as const) {
    test(name, async ({ browser, server, owner }) => {
      const questions = [{ key: 'insurance', label: 'Who are you insured with?', kind: 'select', required: true, choices: ['Delta', 'None'] }];
      const type = await offer(owner, { name: 'First visit', settings: { questions, durations: [30, 60], price: { minor: 6000, currency: 'USD' } } });
      await inspect(browser, server.url, {
        name,
        open: async (page) => {
          await page.goto(path.replace('{type}', type.id).replace('{staff}', type.staff.id));
          await settled(page);
        },
        signedIn: owner.signedIn,
      });
    });
  }
});
