// Threads that are shown, kept whole: after each event what they lack is fetched, in order, each message once.

import type { Message, Page } from '@frontdesk/api-client';
import type { QueryClient } from '@tanstack/react-query';
import { keys } from '../keys';
import type { Change } from './ephemeral';

/** A thread as the cache holds it: the newest messages, oldest first, and where the older ones are. */
export interface Thread {
  messages: Message[];
  /** The cursor of the page before the first message; null when that is the first of all. */
  older: string | null;
}

/** Adds messages to a thread: in order of `seq`, each once. */
export function withMessages(thread: Thread, added: readonly Message[]): Thread {
  if (added.length === 0) return thread;
  const bySeq = new Map(thread.messages.map((message) => [message.seq, message]));
  for (const message of added) bySeq.set(message.seq, message);
  return { ...thread, messages: [...bySeq.values()].sort((a, b) => a.seq - b.seq) };
}

export type FetchAfter = (conversationId: string, after: number) => Promise<Page<Message>>;

/** The most messages the server gives in one answer. */
export const FULL = 250;

/** What came after a message, however many answers that takes. */
export async function newerMessages(id: string, last: number, fetchAfter: FetchAfter, full = FULL): Promise<Message[]> {
  const found: Message[] = [];
  let after = last;
  for (;;) {
    const page = await fetchAfter(id, after);
    found.push(...page.items);
    const newest = page.items.at(-1)?.seq;
    if (newest === undefined || newest <= after || page.items.length < full) return found;
    after = newest;
  }
}

export class Threads {
  readonly #client: QueryClient;
  readonly #fetchAfter: FetchAfter;
  readonly #happened: (change: Change) => void;
  /** Fetches under way; `again` when more came meanwhile. */
  readonly #running = new Map<string, { again: boolean }>();

  constructor(client: QueryClient, fetchAfter: FetchAfter, happened: (change: Change) => void) {
    this.#client = client;
    this.#fetchAfter = fetchAfter;
    this.#happened = happened;
  }

  /** Fetches what a thread lacks. One fetch at a time per conversation, so that none overtakes another. */
  async catchUp(id: string): Promise<void> {
    const running = this.#running.get(id);
    if (running !== undefined) {
      running.again = true;
      return;
    }
    const thread = this.#client.getQueryData<Thread>(keys.messages(id));
    if (thread === undefined) {
      // Nobody has it yet; a first fetch that is under way is started over, because it may have been too early.
      void this.#client.invalidateQueries({ queryKey: keys.messages(id) });
      this.#happened({ type: 'stored', conversation_id: id, turn_id: null });
      return;
    }
    const state = { again: false };
    this.#running.set(id, state);
    try {
      const added = await newerMessages(id, thread.messages.at(-1)?.seq ?? 0, this.#fetchAfter);
      this.#client.setQueryData<Thread>(keys.messages(id), (current) => current && withMessages(current, added));
      for (const message of added) {
        this.#happened({ type: 'stored', conversation_id: id, turn_id: message.author === 'ai' ? (message.turn_id ?? null) : '' });
      }
    } catch {
      // Asked for again as a whole, with the cache's own retries.
      void this.#client.invalidateQueries({ queryKey: keys.messages(id) });
    } finally {
      this.#running.delete(id);
    }
    if (state.again) await this.catchUp(id);
  }
}
