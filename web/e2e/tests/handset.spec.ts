// The Handset: a stranger texts the demo business, books, and decides what it may send; the team sees all of it live.
import { readFileSync } from 'node:fs';
import type { APIRequestContext, Page } from '@playwright/test';
import { FastClock, momentIn } from '../harness/clock.js';
import { signInToDemo } from '../harness/demo.js';
import { expect, test } from '../harness/fixtures.js';
import { Handset } from '../harness/handset.js';
import { collectErrors, inspect } from '../harness/inspect.js';
import { type Server, startServer } from '../harness/server.js';

test.use({ serveOptions: ['--demo'] });

/** Digits of a number as anybody writes it. */
const digits = (number: string) => number.replace(/\D/g, '');

interface Booking {
  reference: string;
  status: string;
  phone: string | null;
}

async function booking(api: APIRequestContext, reference: string): Promise<Booking | undefined> {
  const answer = await api.get(`/api/v1/bookings?q=${reference}`);
  expect(answer.status(), await answer.text()).toBe(200);
  return ((await answer.json()) as { items: Booking[] }).items.find((one) => one.reference === reference);
}

/** Has the next appointment's reminder go out a few of the server's minutes after `now`, which is before it is made. */
async function remindAfter(api: APIRequestContext, minutes: number, { start, now }: { start: number; now: number }): Promise<void> {
  const settings = (await (await api.get('/api/v1/booking-settings')).json()) as object;
  const before = Math.floor((start - now) / 60_000) - minutes;
  const answer = await api.put('/api/v1/booking-settings', { data: { ...settings, reminders: [before] } });
  expect(answer.status(), await answer.text()).toBe(200);
}

test.describe('by a fast clock', () => {
  const clock = new FastClock();
  let server: Server;
  test.beforeAll(async () => {
    server = await startServer(['--demo'], { CLOCK: clock.setting });
  });
  test.afterAll(async () => {
    await server.close();
  });

  test('a stranger books by text message, is reminded, stops, answers what was meant, and starts again; the team sees it live', async ({ browser }) => {
    test.setTimeout(180_000);
    const stranger = await browser.newContext({ baseURL: server.url });
    const page = await stranger.newPage();
    const errors = collectErrors(page);
    const api = await signInToDemo(server);
    const team = await (await browser.newContext({ baseURL: server.url, storageState: await api.storageState() })).newPage();
    await team.goto('/inbox');
    await expect(team.getByRole('heading', { level: 1 })).toBeAttached();
    // Gone if the page is ever loaded again.
    await team.evaluate(() => Object.assign(window, { sameLoad: true }));

    const handset = new Handset(page);
    await handset.take();
    const number = await handset.number();
    await handset.open('Messages');
    const who = { name: 'Grace Hopper', email: 'grace@example.com' };
    const { zone } = (await (await api.get('/api/v1/workspace')).json()) as { zone: string };
    const reference = await handset.book('Hi, I would like to book a cleaning', who, async (summary) => {
      const now = clock.now();
      await remindAfter(api, 3, { start: momentIn(summary, zone, now), now });
    });
    expect(await booking(api, reference)).toMatchObject({ status: 'confirmed' });
    expect(digits((await booking(api, reference))?.phone ?? '')).toContain(digits(number));
    // The confirmation comes by text message, with the way back to the appointment.
    await handset.hears(`confirmed. Ref ${reference}`);
    const link = handset.log.getByRole('link', { name: /\/book\/manage\// });
    const visit = await page.context().newPage();
    await visit.goto((await link.getAttribute('href')) ?? '');
    await expect(visit.getByText(reference).first()).toBeVisible();
    await visit.close();

    // The conversation came into the inbox by itself, and grows while one looks.
    const row = team.getByRole('link', { name: /Grace Hopper/ }).first();
    await expect(row).toBeVisible();
    await row.click();
    const thread = team.getByRole('log').first();
    await expect(thread.getByText('Hi, I would like to book a cleaning')).toBeVisible();
    await expect(thread.getByText(reference).first()).toBeVisible();
    expect(await team.evaluate(() => 'sameLoad' in window)).toBe(true);

    // Every text that left is in Messages, with what became of it.
    const desk = await team.context().newPage();
    await desk.goto('/messages?channel=sms');
    const sent = desk.getByRole('row').filter({ hasText: reference });
    await expect(sent.first()).toContainText('Delivered');

    // The reminder comes the same way, when its time has come.
    await handset.hears(/reminder of .*cleaning/i, 60_000);
    await expect(thread.getByText(/reminder of .*cleaning/i)).toBeVisible();
    const reminded = desk.getByRole('row').filter({ hasText: /reminder of/i });
    await expect(reminded).toHaveCount(1);
    await expect(reminded).toContainText('Delivered');
    await desk.close();

    // CANCEL may mean the appointment or the messages: it is asked, and a plain answer decides about the appointment.
    const question = await handset.ask('CANCEL');
    expect(question).toMatch(/no more messages/i);
    expect(question).toMatch(/YES.*cancel.*NO.*keep/i);
    await expect(thread.getByText('CANCEL', { exact: true })).toBeVisible();
    expect(await handset.ask('NO')).toMatch(/stays/i);
    expect(await booking(api, reference)).toMatchObject({ status: 'confirmed' });
    // Keeping it is no consent to messages.
    await expectOptedOut(api, number, true);
    expect(await handset.ask('START')).toMatch(/again/i);
    await expectOptedOut(api, number, false);

    // The same once more, and this time the appointment was meant.
    expect(await handset.ask('CANCEL')).toMatch(/YES.*cancel/i);
    expect(await handset.ask('yes, cancel it')).toMatch(/cancelled/i);
    await expect.poll(async () => (await booking(api, reference))?.status).toBe('cancelled');
    await expectOptedOut(api, number, true);
    await expect(thread.getByText(/appointment is cancelled/i).first()).toBeVisible();

    // STOP is confirmed once at most, and START takes it back.
    expect(await handset.ask('START')).toMatch(/again/i);
    expect(await handset.ask('STOP')).toMatch(/unsubscribed/i);
    await expectOptedOut(api, number, true);
    expect(await handset.ask('START')).toMatch(/again/i);
    await expectOptedOut(api, number, false);
    expect(errors).toEqual([]);
    await team.context().close();
    await stranger.close();
    await api.dispose();
  });
});

async function expectOptedOut(api: APIRequestContext, number: string, isOut: boolean): Promise<void> {
  const state = async () => {
    const found = (await (await api.get(`/api/v1/contacts?q=${digits(number)}`)).json()) as { items: { phone: string | null; opted_out: boolean }[] };
    return found.items.filter(({ phone }) => phone !== null && digits(phone).endsWith(digits(number))).map(({ opted_out }) => opted_out);
  };
  await expect.poll(state, { message: `whether ${number} opted out` }).toEqual([isOut]);
}

test('the same person by WhatsApp is the same customer, and what was not read shows on the phone', async ({ server, page }) => {
  const api = await signInToDemo(server);
  const handset = new Handset(page);
  await handset.take();
  const number = await handset.number();
  await handset.open('WhatsApp');
  const answer = await handset.ask('How much is an adult cleaning?');
  expect(answer).toContain('$120');
  await handset.goHome();
  await handset.open('Messages');
  await handset.say('Do you take Delta Dental?');
  await handset.goHome();
  // The answer arrives on the home screen.
  const notice = page.getByRole('list', { name: 'Notifications' }).getByRole('link', { name: /Text message/ });
  await expect(notice).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole('list', { name: 'Apps' }).getByRole('link', { name: /Messages/ })).toContainText('1 unread');
  await notice.click();
  await handset.hears('Delta Dental');
  await handset.goHome();
  await expect(notice).toHaveCount(0);
  const found = (await (await api.get(`/api/v1/contacts?q=${digits(number)}`)).json()) as { items: unknown[] };
  expect(found.items).toHaveLength(1);
  await api.dispose();
});

test('another person has another number and none of the messages', async ({ page }) => {
  const handset = new Handset(page);
  await handset.take();
  const number = await handset.number();
  await handset.open('Messages');
  await handset.ask('Are you open on Saturdays?');
  await handset.goHome();
  await page.getByRole('button', { name: 'Be someone else' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Somebody new' }).click();
  await expect.poll(() => handset.number()).not.toBe(number);
  await handset.open('Messages');
  await expect(handset.log).toContainText('A dental practice in Maplewood');
  await expect(handset.texts('mine')).toHaveCount(0);
  await page.reload();
  await handset.goHome();
  await page.getByRole('button', { name: 'Be someone else' }).click();
  await page.getByRole('dialog').getByRole('button', { name: number }).click();
  await handset.open('Messages');
  await expect(handset.texts('mine')).toHaveText(['Are you open on Saturdays?']);
});

test('what cannot be sent says why, is kept, and is sent again', async ({ page }) => {
  const handset = new Handset(page);
  await handset.take();
  await handset.open('Messages');
  await expect(handset.log).toContainText('A dental practice in Maplewood');
  await page.route('**/demo/sim/**', (route) => route.abort());
  await expect(page.getByRole('alert').filter({ hasText: 'No signal' }).first()).toBeVisible();
  await handset.say('Is anybody there?');
  await expect(handset.log.getByText('Not sent')).toBeVisible();
  await expect(handset.log.getByRole('alert')).toContainText('the demo server does not answer');
  await page.unroute('**/demo/sim/**');
  const before = await handset.texts('theirs').count();
  await handset.log.getByRole('button', { name: 'Send again' }).click();
  await expect(handset.log.getByText('Not sent')).toHaveCount(0);
  await expect(page.getByRole('alert').filter({ hasText: 'No signal' })).toHaveCount(0);
  await expect.poll(() => handset.texts('theirs').count(), { timeout: 20_000 }).toBeGreaterThan(before);
  await expect(handset.texts('mine')).toHaveText(['Is anybody there?']);
});

/** A picture of one pixel: a whole PNG (ISO/IEC 15948). */
const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

test('a picture that the team attaches arrives on the phone, and what was taken off does not', async ({ browser, server, page }) => {
  test.slow();
  const handset = new Handset(page);
  await handset.take();
  const number = await handset.number();
  await handset.open('Messages');
  const question = 'Where can I leave my car when I come for a cleaning?';
  await handset.ask(question);
  const api = await signInToDemo(server);
  const team = await (await browser.newContext({ baseURL: server.url, storageState: await api.storageState() })).newPage();
  const errors = collectErrors(team);
  const { items: people } = (await (await api.get(`/api/v1/contacts?q=${digits(number)}`)).json()) as { items: [{ id: string }] };
  const { items: talks } = (await (await api.get(`/api/v1/conversations?contact=${people[0].id}`)).json()) as { items: [{ id: string }] };
  await team.goto(`/inbox/${talks[0].id}`);
  const thread = team.getByRole('log').first();
  await expect(thread.getByText(question)).toBeVisible();

  const attach = async (...names: string[]) => {
    const chooser = team.waitForEvent('filechooser');
    await team.getByRole('button', { name: 'Add files' }).click();
    await (await chooser).setFiles(names.map((name) => ({ name, mimeType: 'image/png', buffer: PIXEL })));
  };
  const attached = team.getByRole('list', { name: 'Files that go along' }).getByRole('listitem');
  await attach('wrong.png', 'parking.png');
  await expect(attached).toHaveCount(2);
  await team.getByRole('button', { name: 'Take wrong.png off' }).click();
  await expect(attached).toHaveText([/^parking\.png/]);
  await team.getByRole('textbox', { name: /^Reply/ }).fill('Behind the house, here is a plan.');
  await team.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(attached).toHaveCount(0);

  // In the conversation it is a download, and the vendor's word on it stands below.
  const reply = thread.getByRole('article').filter({ hasText: 'Behind the house, here is a plan.' });
  await expect(reply.getByText('Delivered')).toBeVisible({ timeout: 20_000 });
  const saved = team.waitForEvent('download');
  await reply.getByRole('button', { name: 'Download parking.png' }).click();
  expect(readFileSync(await (await saved).path())).toEqual(PIXEL);

  await handset.hears('Behind the house, here is a plan.');
  const picture = handset.log.locator('.msg:not(.mine)').filter({ hasText: 'Behind the house' }).getByRole('img');
  await expect(picture).toHaveCount(1);
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth), { message: 'the width of the picture on the phone' }).toBe(1);
  expect(errors).toEqual([]);
  await team.context().close();
  await api.dispose();
});

test.describe('as people with different screens and abilities meet it', () => {
  const people = [{ name: 'Noor Haddad', number: '+12015550199' }];

  test.beforeAll(async ({ server }) => {
    const said = [['sms', 'How much is a cleaning?'], ['whatsapp', 'When are you open on Friday?']] as const;
    for (const [carrier, body] of said) {
      const { numbers } = (await (await fetch(`${server.url}/demo/sim/${carrier}/numbers`)).json()) as { numbers: [{ number: string }] };
      const phone = `${server.url}/demo/sim/${carrier}/phones/${encodeURIComponent('+12015550199')}`;
      await fetch(`${phone}/messages`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ to: numbers[0].number, body }) });
      await expect.poll(async () => ((await (await fetch(phone)).json()) as { messages: unknown[] }).messages.length, { timeout: 20_000 }).toBeGreaterThan(1);
    }
  });

  const hold = async (page: Page) => {
    await page.addInitScript((held) => localStorage.setItem('frontdesk.handset', JSON.stringify({ people: held, seen: {} })), people);
  };
  const screens: Record<string, (page: Page) => Promise<void>> = {
    'handset-home': async (page) => {
      await page.goto('/demo/phone');
      await expect(page.getByRole('list', { name: 'Notifications' }).getByRole('link')).toHaveCount(2);
    },
    'handset-messages': async (page) => {
      await page.goto('/demo/phone#sms');
      await expect(page.getByRole('log')).toContainText('How much is a cleaning?');
    },
    'handset-whatsapp': async (page) => {
      await page.goto('/demo/phone#whatsapp');
      await expect(page.getByRole('log')).toContainText('When are you open on Friday?');
    },
    'handset-people': async (page) => {
      await page.goto('/demo/phone');
      await page.getByRole('button', { name: 'Be someone else' }).click();
      await expect(page.getByRole('dialog', { name: 'Whose phone is this?' })).toBeVisible();
    },
  };
  for (const [name, show] of Object.entries(screens)) {
    test(name, async ({ browser, server }) => {
      await inspect(browser, server.url, {
        name,
        open: async (page) => {
          await hold(page);
          await show(page);
        },
      });
    });
  }
});
