// Replies on their way: shown at once, kept when they fail, sent again under the same id so that twice is once.

import { useSyncExternalStore } from 'react';

export interface Pending {
  clientId: string;
  text: string;
  /** What goes along; gone with the page. */
  files: readonly File[];
  status: 'sending' | 'failed';
  error: unknown;
  at: string;
}

export type Outbox = ReadonlyMap<string, readonly Pending[]>;

export type OutboxChange =
  | { type: 'sending'; conversationId: string; clientId: string; text: string; files?: readonly File[]; at: string }
  | { type: 'failed'; conversationId: string; clientId: string; error: unknown }
  | { type: 'gone'; conversationId: string; clientId: string };

export function reduceOutbox(outbox: Outbox, change: OutboxChange): Outbox {
  const before = outbox.get(change.conversationId) ?? [];
  const next = new Map(outbox);
  next.set(change.conversationId, applied(before, change));
  return next;
}

function applied(before: readonly Pending[], change: OutboxChange): readonly Pending[] {
  switch (change.type) {
    case 'sending': {
      const pending: Pending = { clientId: change.clientId, text: change.text, files: change.files ?? [], status: 'sending', error: null, at: change.at };
      const known = before.some((each) => each.clientId === change.clientId);
      return known ? before.map((each) => (each.clientId === change.clientId ? { ...pending, at: each.at } : each)) : [...before, pending];
    }
    case 'failed':
      return before.map((each) =>
        each.clientId === change.clientId ? { ...each, status: 'failed', error: change.error } : each,
      );
    case 'gone':
      return before.filter((each) => each.clientId !== change.clientId);
  }
}

const NONE: readonly Pending[] = [];
let outbox: Outbox = new Map();
const listeners = new Set<() => void>();

export function changeOutbox(change: OutboxChange): void {
  outbox = reduceOutbox(outbox, change);
  for (const listener of listeners) listener();
}

export function usePending(conversationId: string): readonly Pending[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => outbox.get(conversationId) ?? NONE,
  );
}
