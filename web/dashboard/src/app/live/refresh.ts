// What each event makes old. Several events in a row refresh a thing once.

import type { LoggedEvent, Message, Page } from '@frontdesk/api-client';
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { keys } from '../keys';

/** The cache entries an event makes old. A message is fetched by itself, so its list is not among them. */
export function staleAfter(event: LoggedEvent): QueryKey[] {
  switch (event.kind) {
    case 'conversation.started':
    case 'conversation.updated':
    case 'conversation.floor_changed':
    case 'conversation.state_changed':
    case 'human_handoff.requested':
      return [keys.conversations, keys.conversation(event.conversation_id), keys.home];
    case 'message.created':
      return [
        keys.conversations,
        keys.conversation(event.conversation_id),
        keys.home,
        ...(event.author === 'ai' || event.author === 'system' ? [keys.turns(event.conversation_id)] : []),
      ];
    case 'contact.updated':
    case 'contact.deleted':
    case 'contact.opted_out':
      return [keys.contacts, keys.contact(event.contact_id), keys.conversations, keys.home];
    case 'lead.created':
    case 'lead.updated':
      return [keys.leads, keys.home];
    case 'knowledge.updated':
    case 'knowledge.deleted':
      return [keys.sources, keys.home];
    case 'agent.updated':
      return [keys.agents];
    case 'team.updated':
      return [keys.team, keys.me];
    case 'workspace.updated':
      return [keys.workspace, keys.apiKeys, keys.widgetKeys, keys.connections, keys.me];
  }
}

/** Refreshes at once what one event made old and, for the next while, gathers what the following ones do. */
export class Refresher {
  readonly #client: QueryClient;
  readonly #gather: number;
  readonly #waiting = new Map<string, QueryKey>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(client: QueryClient, gather = 250) {
    this.#client = client;
    this.#gather = gather;
  }

  refresh(queryKeys: readonly QueryKey[]): void {
    for (const key of queryKeys) this.#waiting.set(JSON.stringify(key), key);
    if (this.#timer !== null) return;
    this.#flush();
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#waiting.size > 0) this.refresh([]);
    }, this.#gather);
  }

  #flush(): void {
    const due = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const queryKey of due) void this.#client.invalidateQueries({ queryKey });
  }
}

/** A thread as the cache holds it: the newest messages, oldest first, and whether there are older ones. */
export interface Thread {
  messages: Message[];
  /** Whether messages before the first may exist. */
  hasOlder: boolean;
}

/** Adds messages to a thread: in order of `seq`, each once. */
export function withMessages(thread: Thread, added: readonly Message[]): Thread {
  if (added.length === 0) return thread;
  const bySeq = new Map(thread.messages.map((message) => [message.seq, message]));
  for (const message of added) bySeq.set(message.seq, message);
  return { ...thread, messages: [...bySeq.values()].sort((a, b) => a.seq - b.seq) };
}

/** What came after the thread's last message, however many pages that is. */
export async function newerMessages(
  thread: Thread,
  fetchPage: (after: number) => Promise<Page<Message>>,
): Promise<Message[]> {
  const found: Message[] = [];
  let after = thread.messages.at(-1)?.seq ?? 0;
  for (;;) {
    const page = await fetchPage(after);
    found.push(...page.items);
    const newest = page.items.at(-1)?.seq;
    if (newest === undefined || newest <= after || page.next_cursor === null || page.next_cursor === undefined) return found;
    after = newest;
  }
}
