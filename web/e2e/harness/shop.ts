// A business's own web page with the chat on it, and what a customer does there.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type Locator, type Page, expect } from '@playwright/test';
import { type Account, SAME_SITE_HEADER } from './account.js';

/** The publishable key every new business has, from now on good for any page. */
export async function widgetKey({ api }: Pick<Account, 'api'>): Promise<string> {
  const answer = await api.get('/api/v1/widget-keys');
  expect(answer.status(), await answer.text()).toBe(200);
  const keys = (await answer.json()) as { items: [{ id: string; key: string }] };
  const [{ id, key }] = keys.items;
  const data = { origins: ['*'] };
  const changed = await api.patch(`/api/v1/widget-keys/${id}`, { data, headers: SAME_SITE_HEADER });
  expect(changed.status(), await changed.text()).toBe(200);
  return key;
}

/** Adds questions with answers and waits until they can be found. */
export async function teach({ api }: Pick<Account, 'api'>, title: string, pairs: Record<string, string>): Promise<void> {
  const data = { kind: 'faq', title, pairs: Object.entries(pairs).map(([question, answer]) => ({ question, answer })) };
  const made = await api.post('/api/v1/knowledge/sources', { data });
  expect(made.status(), await made.text()).toBe(201);
  const { id } = (await made.json()) as { id: string };
  await expect
    .poll(async () => ((await (await api.get(`/api/v1/knowledge/sources/${id}`)).json()) as { status: string }).status)
    .toBe('ready');
}

/** A customer on the business's page. */
export class Customer {
  readonly page: Page;
  /** What was said, without the announcements that repeat it for screen readers. */
  readonly log: Locator;
  readonly composer: Locator;

  constructor(page: Page) {
    this.page = page;
    this.log = page.locator('.log');
    this.composer = page.getByRole('textbox', { name: 'Write a message' });
  }

  /**
   * Opens the page; the chat is closed. It is a real page of another origin: what the browser is given instead of an
   * answer from the network it does not let open a socket on this machine.
   */
  async visit(key: string): Promise<void> {
    const desk = new URL((await this.page.request.get('/health/live')).url()).origin;
    const site = createServer((_, answer) => {
      answer.setHeader('content-type', 'text/html; charset=utf-8');
      answer.end(`<!doctype html><html lang="en"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1"><title>The business</title></head>
        <body><main><h1>The business</h1><p>Welcome.</p></main>
        <script src="${desk}/widget.js" data-key="${key}" defer></script></body></html>`);
    });
    site.listen(0, '127.0.0.1');
    await once(site, 'listening');
    site.unref();
    const address = site.address();
    if (address === null || typeof address === 'string') throw new Error('no address');
    await this.page.goto(`http://127.0.0.1:${address.port}/`);
  }

  /** Opens the chat. */
  async open(): Promise<void> {
    await this.page.locator('.launch').click();
    await expect(this.composer).toBeVisible();
  }

  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  /** Bubbles of the business, or of the customer. */
  bubbles(whose: 'mine' | 'theirs'): Locator {
    return this.page.locator(whose === 'mine' ? '.msg.mine .bub' : '.msg:not(.mine) .bub:not(.dots)');
  }

  /** Waits for an answer that holds this. */
  async hears(words: string | RegExp): Promise<void> {
    await expect(this.bubbles('theirs').filter({ hasText: words }).last()).toBeVisible({ timeout: 20_000 });
  }
}
