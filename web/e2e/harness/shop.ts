// A business's own web page with the chat on it, and what a customer does there.
import { type Locator, type Page, expect } from '@playwright/test';
import type { Account } from './account.js';

const PAGE = '/the-business/index.html';

/** The publishable key every new business has. */
export async function widgetKey({ api }: Pick<Account, 'api'>): Promise<string> {
  const answer = await api.get('/api/v1/widget-keys');
  expect(answer.status(), await answer.text()).toBe(200);
  const keys = (await answer.json()) as { items: [{ key: string }] };
  return keys.items[0].key;
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

  /** Opens the page; the chat is closed. */
  async visit(key: string): Promise<void> {
    await this.page.route(`**${PAGE}`, (route) =>
      route.fulfill({
        contentType: 'text/html; charset=utf-8',
        body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
          <title>The business</title></head><body><main><h1>The business</h1><p>Welcome.</p></main>
          <script src="/widget.js" data-key="${key}" defer></script></body></html>`,
      }),
    );
    await this.page.goto(PAGE);
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
