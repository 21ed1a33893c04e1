// What each event makes old. Several events in a row refresh a thing once.

import type { LoggedEvent } from '@frontdesk/api-client';
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
