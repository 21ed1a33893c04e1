import { AxeBuilder } from '@axe-core/playwright';
import { expect, test as base, type Page } from '@playwright/test';
import { FakeServer } from './server';

const test = base.extend<{ server: FakeServer; errors: string[] }>({
  server: async ({}, use) => {
    const server = new FakeServer();
    await server.listen();
    await use(server);
    await server.close();
  },
  errors: async ({ page }, use) => {
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (/Content Security Policy|Uncaught/.test(message.text())) errors.push(message.text());
    });
    await use(errors);
    expect(errors).toEqual([]);
  },
});

const composer = (page: Page) => page.getByRole('textbox', { name: 'Write a message' });
const launcher = (page: Page) => page.locator('.launch');
/** Text in the conversation; the announcements repeat it for screen readers only. */
const said = (page: Page, text: string) => page.locator('.log').getByText(text);
const bubbles = (page: Page) => page.locator('.bub:not(.dots)');

async function open(page: Page, server: FakeServer): Promise<void> {
  await page.goto(server.origin);
  await launcher(page).click();
  await expect(composer(page)).toBeFocused();
  await expect.poll(() => server.sockets.size).toBeGreaterThan(0);
}

async function send(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

async function violations(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
  return found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 160)} ${n.failureSummary ?? ''}`));
}

/** A conversation that shows every kind of row. */
async function fullConversation(page: Page, server: FakeServer): Promise<void> {
  await open(page, server);
  await send(page, 'Hi! Do you take walk-ins on Saturday, and what does a cleaning cost?');
  await expect.poll(() => server.messages.length).toBe(1);
  server.say('Yes, on **Saturdays from 9:00 to 13:00**. A cleaning takes 45 minutes:\n\n- Adults: $120\n- Children: $80\n\nYou can also book at https://harbor.example/book.', 'turn_1', [
    { chunk_id: 'c1', title: 'Opening hours', place: 'Saturdays', quote: 'Walk-ins are welcome on Saturdays from 9:00 to 13:00.', url: 'https://harbor.example/hours' },
    { chunk_id: 'c2', title: 'Price list 2026.pdf', place: 'Page 2', quote: 'Professional cleaning: adults $120, children $80.', url: null },
  ]);
  await send(page, 'Can I talk to a person about insurance?');
  await expect.poll(() => server.messages.length).toBe(3);
  server.store({ author: 'system', text: 'Maya joined the conversation' });
  server.floor = { holder: 'person' };
  server.push({ type: 'floor', floor: server.floor, name: 'Maya' });
  server.store({ author: 'person', author_name: 'Maya', text: 'Hi, Maya here. Which insurer are you with?' });
  await expect(said(page, 'Which insurer')).toBeVisible();
}

test('a reply streams in, is replaced by its message and announced once', async ({ page, server, errors }) => {
  await open(page, server);
  await send(page, 'When are you open?');
  await expect(page.locator('.dots')).toBeVisible();
  server.push({ type: 'delta', turn_id: 't1', text: 'We are open ' });
  await expect(page.getByText('We are open', { exact: true })).toBeVisible();
  server.push({ type: 'delta', turn_id: 't1', text: 'until **six**.' });
  await expect(bubbles(page).last()).toHaveText('We are open until six.');
  await expect(page.locator('.box ~ .sr p')).toHaveCount(0);
  server.say('We are open until **six**.', 't1');
  await expect(page.locator('.box ~ .sr p')).toHaveText(['Ava: We are open until six.']);
  await expect(bubbles(page)).toHaveCount(3);
  await expect(page.locator('.dots')).toHaveCount(0);
  expect(errors).toEqual([]);
});

test('an aborted reply goes unless its cut message takes its place', async ({ page, server }) => {
  await open(page, server);
  await send(page, 'Hello');
  server.push({ type: 'delta', turn_id: 't1', text: 'I will' });
  await expect(said(page, 'I will')).toBeVisible();
  server.push({ type: 'aborted', turn_id: 't1' });
  await expect(said(page, 'I will')).toHaveCount(0);
  server.push({ type: 'delta', turn_id: 't2', text: 'You pay' });
  await expect(said(page, 'You pay')).toBeVisible();
  server.push({ type: 'aborted', turn_id: 't2' });
  server.store({ author: 'ai', author_name: 'Ava', text: 'You pay', turn_id: 't2', cut: true });
  await expect(said(page, 'a team member took over')).toBeVisible();
  await expect(said(page, 'You pay')).toHaveCount(1);
});

test('messages written without a network wait and arrive once, in order', async ({ page, context, server }) => {
  await open(page, server);
  await send(page, 'one');
  await expect.poll(() => server.messages.length).toBe(1);
  await context.setOffline(true);
  server.goAway();
  await send(page, 'two');
  await send(page, 'three');
  await expect(page.getByText('Waiting for connection')).toBeVisible();
  await expect(page.getByText('No connection')).toBeVisible();
  server.down = false;
  await context.setOffline(false);
  await expect.poll(() => server.messages.map((m) => m.text)).toEqual(['one', 'two', 'three']);
  await expect(page.getByText('Waiting for connection')).toHaveCount(0);
  await expect(bubbles(page)).toHaveText([/Ava/, 'one', 'two', 'three']);
});

test('an answer lost on the way neither loses nor doubles the message', async ({ page, server }) => {
  await open(page, server);
  server.loseNextAnswer = true;
  await send(page, 'only once');
  await expect.poll(() => server.sockets.size).toBe(1);
  await expect(page.locator('.msg.mine .meta')).toHaveText(/\d:\d\d/);
  expect(server.messages.map((m) => m.text)).toEqual(['only once']);
  await expect(page.getByText('only once')).toHaveCount(1);
});

test('what came while the line was cut is shown after it, once', async ({ page, server }) => {
  await open(page, server);
  await send(page, 'Hello');
  await expect.poll(() => server.messages.length).toBe(1);
  server.push({ type: 'delta', turn_id: 't1', text: 'First half' });
  await expect(page.getByText('First half')).toBeVisible();
  server.cut();
  server.say('First half, second half.', 't1');
  server.say('And one more.');
  await expect(bubbles(page)).toHaveText([/Ava/, 'Hello', 'First half, second half.', 'And one more.']);
});

test('unsent messages survive a page change', async ({ page, server }) => {
  await open(page, server);
  await send(page, 'before');
  await expect.poll(() => server.messages.length).toBe(1);
  server.refuseSockets = true;
  server.cut();
  await page.route('**/api/v1/widget/messages*', (route) => route.abort());
  await send(page, 'unsent');
  await expect(page.getByText('Waiting for connection')).toBeVisible();
  await page.unroute('**/api/v1/widget/messages*');
  server.refuseSockets = false;
  await page.goto(server.origin);
  await expect(bubbles(page)).toHaveText([/Ava/, 'before', 'unsent']);
  await expect.poll(() => server.messages.map((m) => m.text)).toEqual(['before', 'unsent']);
});

test('without sockets it talks by requests and polling', async ({ page, server }) => {
  server.refuseSockets = true;
  await page.goto(server.origin);
  await launcher(page).click();
  await send(page, 'Hello over requests');
  await expect.poll(() => server.messages.length, { timeout: 15_000 }).toBe(1);
  server.say('Answer by polling');
  await expect(said(page, 'Answer by polling')).toBeVisible({ timeout: 15_000 });
  await expect(bubbles(page)).toHaveText([/Ava/, 'Hello over requests', 'Answer by polling']);
});

test('history, open state and unread count survive page loads', async ({ page, server }) => {
  await open(page, server);
  await send(page, 'Remember me');
  await expect.poll(() => server.messages.length).toBe(1);
  await page.goto(server.origin);
  await expect(page.getByText('Remember me')).toBeVisible();
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Close chat' }).first().click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  server.say('While you were away');
  await expect(page.locator('.badge')).toHaveText('1');
  await page.goto(server.origin);
  await expect(page.locator('.badge')).toHaveText('1');
  await launcher(page).click();
  await expect(said(page, 'While you were away')).toBeVisible();
  await expect(page.locator('.badge')).toBeHidden();
});

test('before the first open only the launcher is loaded, and after the end only it again', async ({ page, server }) => {
  let asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(server.origin);
  await expect(launcher(page)).toBeVisible();
  await page.waitForLoadState('networkidle');
  expect(asked.filter((path) => /widget/.test(path))).toEqual(['/widget.js', '/api/v1/widget/config']);
  await launcher(page).click();
  await send(page, 'Thanks, bye');
  await expect.poll(() => server.messages.length).toBe(1);
  server.state = 'ended';
  server.push({ type: 'state', state: 'ended' });
  await page.getByRole('button', { name: '5 of 5' }).click();
  await page.getByRole('button', { name: 'Send rating' }).click();
  await expect(page.getByText('Thank you')).toBeVisible();
  await page.keyboard.press('Escape');
  asked = [];
  await page.goto(server.origin);
  await expect(launcher(page)).toBeVisible();
  await page.waitForLoadState('networkidle');
  expect(asked.filter((path) => /widget/.test(path))).toEqual(['/widget.js', '/api/v1/widget/config']);
  await launcher(page).click();
  await expect(page.getByText('Thank you')).toBeVisible();
});

test('it works where storage is blocked', async ({ page, server, errors }) => {
  await page.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(window, name, { get: () => { throw new DOMException('blocked', 'SecurityError'); } });
    }
  });
  await open(page, server);
  await send(page, 'Hello');
  await expect.poll(() => server.messages.length).toBe(1);
  server.say('Hi');
  await expect(bubbles(page)).toHaveText([/Ava/, 'Hello', 'Hi']);
  expect(errors).toEqual([]);
});

test('a panel that cannot load says so, and the next press tries again', async ({ page, server }) => {
  await page.route('**/widget-panel.js*', (route) => route.abort());
  await page.goto(server.origin);
  await launcher(page).click();
  await expect(page.getByText('The chat could not load')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.unroute('**/widget-panel.js*');
  await launcher(page).click();
  await expect(composer(page)).toBeFocused();
});

test('a message of the business cannot become markup', async ({ page, server, errors }) => {
  await open(page, server);
  server.say('<img src=x onerror="document.title=1"> [go](javascript:alert(1)) <script>document.title=1</script>', 't', [
    { chunk_id: 'c', title: '<b>T</b>', place: '', quote: '<i>q</i>', url: 'javascript:alert(1)' },
  ]);
  await expect(bubbles(page).last()).toContainText('<img src=x');
  expect(await page.locator('.log').locator('img, script, a, q i').count()).toBe(0);
  await expect(page).toHaveTitle('Host page');
  expect(errors).toEqual([]);
});

test('reading back is not disturbed: new messages wait behind a button', async ({ page, server }) => {
  await open(page, server);
  for (let i = 0; i < 30; i++) server.say(`Line ${i}`);
  await expect(said(page, 'Line 29')).toBeInViewport();
  await page.locator('.log').evaluate((log) => (log.scrollTop = 0));
  await expect(said(page, 'Line 29')).not.toBeInViewport();
  server.say('The newest');
  await expect(said(page, 'The newest')).not.toBeInViewport();
  await page.getByRole('button', { name: 'New messages' }).click();
  await expect(said(page, 'The newest')).toBeInViewport();
  await expect(page.getByRole('button', { name: 'New messages' })).toHaveCount(0);
});

test('on a phone the open panel keeps the focus inside', async ({ page, server }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  server.body = '<a href="#x">A link of the page</a>';
  await open(page, server);
  await expect(page.getByRole('dialog')).toHaveAttribute('aria-modal', 'true');
  for (let i = 0; i < 8; i++) {
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('FRONTDESK-WIDGET');
  }
});

test('two tabs both show every message', async ({ page, context, server }) => {
  await open(page, server);
  await send(page, 'from the first');
  await expect.poll(() => server.messages.length).toBe(1);
  const second = await context.newPage();
  await second.goto(server.origin);
  await launcher(second).click();
  await expect(said(second, 'from the first')).toBeVisible();
  await expect.poll(() => server.sockets.size).toBe(2);
  await send(second, 'from the second');
  await expect(said(page, 'from the second')).toHaveCount(1);
  server.say('to both');
  await expect(said(page, 'to both')).toHaveCount(1);
  await expect(said(second, 'to both')).toHaveCount(1);
});

test('refusals are explained and can be repaired', async ({ page, server }) => {
  await open(page, server);
  server.refuseNext = { type: 'error', code: 'rate_limited', message: '', client_id: null, retry_after_ms: 700, fatal: false };
  await send(page, 'too fast');
  await expect(page.getByText('Too many messages at once')).toBeVisible();
  await expect.poll(() => server.messages.map((m) => m.text)).toEqual(['too fast']);
  await expect(page.getByText('Too many messages at once')).toBeHidden();
  server.refuseNext = { type: 'error', code: 'invalid', message: 'Words only, please.', client_id: null, retry_after_ms: null, fatal: false };
  await send(page, 'odd');
  await expect(page.getByText('Words only, please.')).toBeVisible();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => server.messages.map((m) => m.text)).toEqual(['too fast', 'odd']);
  await composer(page).fill('x'.repeat(4001));
  await expect(page.getByText('4,001 / 4,000')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Send' })).toBeDisabled();
});

test('a session the server forgot is replaced and the unsent message goes to the new one', async ({ page, server }) => {
  await open(page, server);
  await send(page, 'old');
  await expect.poll(() => server.messages.length).toBe(1);
  server.sessions = 7;
  server.cut();
  await send(page, 'new');
  await expect.poll(() => server.messages.map((m) => m.text)).toEqual(['new']);
  await expect(page.getByText('New conversation')).toBeVisible();
  await expect(page.getByText('old', { exact: true })).toBeVisible();
});

test('end, rate, start again; the transcript stays', async ({ page, server }) => {
  await open(page, server);
  await send(page, 'Thanks');
  await expect.poll(() => server.messages.length).toBe(1);
  await page.getByRole('button', { name: 'Options' }).click();
  await page.getByRole('button', { name: 'End conversation' }).click();
  await page.getByRole('button', { name: 'End conversation' }).click();
  await page.getByRole('button', { name: '4 of 5' }).click();
  await page.getByRole('textbox', { name: 'Tell us more' }).fill('Quick and kind');
  await page.getByRole('button', { name: 'Send rating' }).click();
  await expect(page.getByText('Thank you for your feedback.')).toBeVisible();
  await expect.poll(() => server.ratings).toEqual([{ score: 4, comment: 'Quick and kind' }]);
  await page.getByRole('button', { name: 'Start a new conversation' }).click();
  await expect(composer(page)).toBeVisible();
  await send(page, 'Again');
  await expect.poll(() => server.messages.map((m) => m.text)).toEqual(['Again']);
  await expect(page.getByText('Thanks', { exact: true })).toBeVisible();
});

test('keyboard: opens, closes with Escape, focus returns, page shortcuts stay quiet', async ({ page, server }) => {
  await page.goto(server.origin);
  await page.evaluate(() => document.addEventListener('keydown', () => document.body.classList.add('heard')));
  await launcher(page).focus();
  await page.keyboard.press('Enter');
  await expect(composer(page)).toBeFocused();
  await page.keyboard.type('s');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(launcher(page)).toBeFocused();
  expect(await page.evaluate(() => document.body.className)).toBe('');
});

test('a wrong key or origin shows nothing and says why once', async ({ page, server }) => {
  const warnings: string[] = [];
  page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
  server.configStatus = 404;
  await page.goto(server.origin);
  await expect.poll(() => warnings.length).toBe(1);
  expect(warnings[0]).toContain('pk_test is not known');
  server.configStatus = 403;
  await page.goto(server.origin);
  await expect.poll(() => warnings.length).toBe(2);
  expect(warnings[1]).toContain('may not be used on');
  await expect(page.locator('frontdesk-widget')).toHaveCount(0);
});

test('a hostile page changes nothing', async ({ page, server, errors }) => {
  await open(page, server);
  const measure = (): Promise<unknown> =>
    page.evaluate(() => {
      const shadow = document.querySelector('frontdesk-widget')?.shadowRoot;
      return [...(shadow?.querySelectorAll('.panel, .launch, .write, .ico, .bub') ?? [])].map((e) => {
        const { x, y, width, height } = e.getBoundingClientRect();
        const style = getComputedStyle(e);
        return [x, y, width, height, style.color, style.fontSize, style.direction, style.letterSpacing];
      });
    });
  await page.mouse.move(0, 0);
  const calm = await measure();
  server.css =
    'button{all:unset!important}*{font-size:40px!important;color:red!important;letter-spacing:9px!important;display:inline!important;position:static!important}' +
    'html{direction:rtl;font-size:40px}frontdesk-widget{display:none!important;opacity:0!important}:not(:defined){visibility:hidden!important}';
  await page.goto(server.origin);
  await expect(composer(page)).toBeVisible();
  await expect(bubbles(page)).toHaveCount(1);
  expect(await measure()).toEqual(calm);
  await expect(bubbles(page).first()).toContainText('\u{1F44B}');
  expect(errors).toEqual([]);
});

test('inline: it fills an element, starts no conversation before it is touched', async ({ page, server }) => {
  server.body = '<div id="here"></div>';
  server.css += '#here{width:360px;height:560px}';
  server.attributes = 'data-target="#here" data-accent="#ffd166" data-scheme="dark"';
  await page.goto(server.origin);
  await expect(composer(page)).toBeVisible();
  const size = await page.locator('.panel').boundingBox();
  expect([size?.width, size?.height]).toEqual([360, 560]);
  expect(server.sessions).toBe(0);
  await send(page, 'Hello');
  await expect.poll(() => server.messages.length).toBe(1);
  await expect(page.getByRole('button', { name: 'Close chat' })).toHaveCount(0);
  expect(await violations(page)).toEqual([]);
});

test('the page can open, close and listen', async ({ page, server }) => {
  await page.goto(server.origin);
  await page.waitForFunction(() => !!window.Frontdesk && !!document.querySelector('frontdesk-widget'));
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    for (const name of ['open', 'close']) window.Frontdesk?.on(name, () => seen.push(name));
    window.Frontdesk?.open();
  });
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.evaluate(() => window.Frontdesk?.toggle());
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(await page.evaluate(() => (window as unknown as { seen: string[] }).seen)).toEqual(['open', 'close']);
  await page.evaluate(() => window.Frontdesk?.destroy());
  await expect(page.locator('frontdesk-widget')).toHaveCount(0);
});

for (const scheme of ['light', 'dark'] as const) {
  for (const [name, viewport] of [['desktop', { width: 1280, height: 860 }], ['phone', { width: 390, height: 844 }]] as const) {
    test(`axe finds nothing: ${scheme}, ${name}`, async ({ page, server, errors }) => {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      const shot = (what: string): Promise<Buffer> => page.screenshot({ path: `test-results/shots/${what}-${scheme}-${name}.png` });
      await page.goto(server.origin);
      await expect(launcher(page)).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await shot('launcher');
      await fullConversation(page, server);
      expect(await violations(page)).toEqual([]);
      await shot('talk');
      await page.locator('summary').click();
      await page.locator('.src q').first().scrollIntoViewIfNeeded();
      expect(await violations(page)).toEqual([]);
      await shot('sources');
      server.cut();
      server.refuseSockets = true;
      await send(page, 'Blue Shield, number 555-010-2233');
      await expect(page.getByText('No connection')).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await shot('offline');
      server.refuseSockets = false;
      await expect.poll(() => server.messages.length, { timeout: 20_000 }).toBe(6);
      server.state = 'ended';
      server.push({ type: 'state', state: 'ended' });
      await page.getByRole('button', { name: '4 of 5' }).click({ timeout: 15_000 });
      expect(await violations(page)).toEqual([]);
      await shot('rating');
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      expect(errors).toEqual([]);
    });
  }
}
