// What each event makes old. Several events in a row refresh a thing once.

import type { Conversation, LoggedEvent } from '@frontdesk/api-client';
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { keys } from '../keys';
import type { Thread } from './threads';

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
    case 'message.status_changed':
      return [keys.outbox, ...(typeof event.conversation_id === 'string' ? [keys.messages(event.conversation_id)] : [])];
    case 'workflow.updated':
      return [keys.workflows];
    case 'task.updated':
      return [keys.tasks];
    case 'compliance.updated':
      return [keys.compliance, keys.outbox, keys.gates];
    case 'contact.updated':
    case 'contact.deleted':
    case 'contact.opted_out':
      return [keys.contacts, keys.contact(event.contact_id), keys.conversations, keys.home, ...(event.kind === 'contact.opted_out' ? [keys.gates] : [])];
    case 'contacts.changed':
      return [keys.contacts, keys.imports, keys.bulks];
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
    case 'booking.created':
    case 'booking.confirmed':
    case 'booking.rescheduled':
    case 'booking.cancelled':
    case 'booking.completed':
    case 'booking.no_show':
    case 'booking.updated':
    case 'calendar.updated':
      return [keys.bookings];
    case 'schedule.updated':
      return [keys.schedule, keys.bookings];
    case 'waiting_list.updated':
      return [keys.bookings];
    case 'template.updated':
      return [keys.templates];
    case 'channel_templates.updated':
      return [keys.channelTemplates];
    case 'workspace.updated':
      return [keys.workspace, keys.contactFields, keys.apiKeys, keys.widgetKeys, keys.connections, keys.me, keys.gates];
  }
}

/** What an event says itself is shown at once, before the server is asked for the rest. */
export function applyAtOnce(client: QueryClient, event: LoggedEvent): void {
  if (event.kind === 'conversation.floor_changed') {
    const { conversation_id, floor, epoch } = event;
    client.setQueryData<Conversation>(keys.conversation(conversation_id), (before) =>
      before === undefined || before.epoch > epoch ? before : { ...before, floor, epoch },
    );
  } else if (event.kind === 'conversation.state_changed') {
    const { conversation_id, state } = event;
    client.setQueryData<Conversation>(keys.conversation(conversation_id), (before) => before && { ...before, state });
  } else if (event.kind === 'message.status_changed' && typeof event.conversation_id === 'string') {
    const { message_id, status } = event;
    client.setQueryData<Thread>(keys.messages(event.conversation_id), (thread) =>
      thread === undefined
        ? thread
        : { ...thread, messages: thread.messages.map((each) => (each.id === message_id ? { ...each, delivery: { ...each.delivery, status } } : each)) },
    );
  }
}

/** The shortest and longest wait between two refreshes, in milliseconds. */
const SHORTEST = 500;
const LONGEST = 4000;

/**
 * Refreshes at once what an event made old, then gathers what the next ones do. The busier the workspace, the longer it
 * gathers, so that a storm of events costs the server a handful of requests and not one each.
 */
export class Refresher {
  readonly #client: QueryClient;
  readonly #waiting = new Map<string, QueryKey>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #wait = SHORTEST;

  constructor(client: QueryClient) {
    this.#client = client;
  }

  refresh(queryKeys: readonly QueryKey[]): void {
    for (const key of queryKeys) this.#waiting.set(JSON.stringify(key), key);
    if (this.#timer === null) this.#flush();
  }

  #flush(): void {
    const due = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const queryKey of due) void this.#client.invalidateQueries({ queryKey });
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#waiting.size === 0) {
        this.#wait = SHORTEST;
        return;
      }
      this.#wait = Math.min(LONGEST, this.#wait * 2);
      this.#flush();
    }, this.#wait);
  }
}
