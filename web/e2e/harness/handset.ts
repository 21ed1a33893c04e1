// Somebody with a phone: the Handset of the demo, and what its owner reads and taps.
import { type Locator, type Page, expect } from '@playwright/test';

export type PhoneApp = 'Messages' | 'WhatsApp';

/** How long the business may take to answer by message, in milliseconds. */
const ANSWER_WITHIN = 20_000;

/** What is asked when all is settled. */
const AGREE = /shall I book|everything right/i;

/** What somebody says who wants a cleaning, by what they are asked. The first that fits counts. */
const ANSWERS: readonly (readonly [RegExp, (who: Booker) => string])[] = [
  [AGREE, () => 'yes'],
  [/your name|speaking with|who am I|e-mail address/i, ({ name, email }) => `${name}, ${email}`],
  [/what day or time|when would you|come in\?|which day/i, () => 'any time next week'],
  [/what would you like to book|what is it for/i, () => 'a cleaning'],
  [/\b(am|pm)\b/i, () => 'the first one'],
];
/** More questions than an appointment can need. */
const MOST_QUESTIONS = 10;

export interface Booker {
  readonly name: string;
  readonly email: string;
}

export class Handset {
  readonly page: Page;
  readonly log: Locator;
  readonly composer: Locator;

  constructor(page: Page) {
    this.page = page;
    this.log = page.getByRole('log', { name: /^Conversation with/ });
    this.composer = page.getByRole('textbox', { name: 'Message' });
  }

  /** Takes the phone, or goes back to its first screen. */
  async take(): Promise<void> {
    await this.page.goto('/demo/phone');
    await expect(this.page.getByRole('list', { name: 'Apps' })).toBeVisible();
  }

  async open(app: PhoneApp): Promise<void> {
    await this.page.getByRole('list', { name: 'Apps' }).getByRole('link', { name: app }).click();
    await expect(this.composer).toBeVisible();
  }

  async goHome(): Promise<void> {
    await this.page.getByRole('link', { name: 'Back to the home screen' }).click();
    await expect(this.page.getByRole('list', { name: 'Apps' })).toBeVisible();
  }

  /** Whose phone it is, by the number: `(201) 555-0123`. */
  async number(): Promise<string> {
    return this.page.locator('.owner .number').innerText();
  }

  /** The words of the business, or of the phone's owner, one by one. */
  texts(whose: 'mine' | 'theirs'): Locator {
    return this.log.locator(whose === 'mine' ? '.msg.mine .text' : '.msg:not(.mine) .text');
  }

  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
    await expect(this.texts('mine').last()).toHaveText(text);
  }

  /** Says something; gives what the business answered. */
  async ask(text: string): Promise<string> {
    const before = await this.texts('theirs').count();
    await this.say(text);
    await expect.poll(() => this.texts('theirs').count(), { message: `an answer to “${text}”`, timeout: ANSWER_WITHIN }).toBeGreaterThan(before);
    return (await this.texts('theirs').allInnerTexts()).slice(before).join('\n');
  }

  /** Waits for a message of the business that holds this. */
  async hears(words: string | RegExp, within = ANSWER_WITHIN): Promise<void> {
    await expect(this.texts('theirs').filter({ hasText: words }).last()).toBeVisible({ timeout: within });
  }

  /** Asks for an appointment and answers every question until it is made; gives its reference. Before it says yes, `agreed` is told what it says yes to. */
  async book(first: string, who: Booker, agreed: (summary: string) => Promise<void> = async () => {}): Promise<string> {
    let heard = await this.ask(first);
    for (let asked = 0; asked < MOST_QUESTIONS; asked += 1) {
      const [, reference] = /reference is ([A-Z0-9]+)/.exec(heard) ?? [];
      if (reference) return reference;
      if (AGREE.test(heard)) await agreed(heard);
      const [, answer] = ANSWERS.find(([question]) => question.test(heard)) ?? [];
      if (!answer) break;
      heard = await this.ask(answer(who));
    }
    throw new Error(`no appointment was made; the last words were: ${heard}`);
  }
}
