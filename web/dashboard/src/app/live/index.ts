// The live connection of this tab, wired to the query cache.

import type { LoggedEvent, Message, Page } from '@frontdesk/api-client';
import { useSyncExternalStore } from 'react';
import { api } from '../api';
import { keys } from '../keys';
import { queryClient } from '../query';
import { currentWorkspace } from '../workspace';
import { LiveConnection, type LiveStatus, type SocketLike } from './connection';
import { happened } from './ephemeral';
import { newerMessages, Refresher, staleAfter, withMessages, type Thread } from './refresh';

const refresher = new Refresher(queryClient);
let status: LiveStatus = 'stopped';
const listeners = new Set<() => void>();

const connection = new LiveConnection({
  open: openSocket,
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
  random: Math.random,
  renew: () => api.refresh(),
  onEvent: handle,
  onEphemeral: happened,
  onResync: () => {
    happened({ type: 'clear' });
    void queryClient.invalidateQueries();
  },
  onStatus: (next) => {
    status = next;
    for (const listener of listeners) listener();
  },
});

function openSocket(): SocketLike {
  const url = new URL(api.url('/live', { workspace: currentWorkspace() }), location.origin);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url);
  const wrapped: SocketLike = {
    onopen: null,
    onmessage: null,
    onclose: null,
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: () => socket.close(),
  };
  socket.onopen = () => wrapped.onopen?.();
  socket.onmessage = (event) => wrapped.onmessage?.(event);
  socket.onclose = () => wrapped.onclose?.();
  return wrapped;
}

function handle(event: LoggedEvent): void {
  refresher.refresh(staleAfter(event));
  if (event.kind === 'message.created') void catchUp(event.conversation_id);
}

/** Fetches what a shown thread lacks; one fetch at a time per conversation, repeated if more came meanwhile. */
const catching = new Map<string, { again: boolean }>();

export async function catchUp(id: string): Promise<void> {
  const running = catching.get(id);
  if (running !== undefined) {
    running.again = true;
    return;
  }
  const thread = queryClient.getQueryData<Thread>(keys.messages(id));
  if (thread === undefined) {
    // Nobody looks at it; the first fetch, if one is under way, is started over.
    void queryClient.invalidateQueries({ queryKey: keys.messages(id) });
    happened({ type: 'stored', conversation_id: id, turn_id: null });
    return;
  }
  const state = { again: false };
  catching.set(id, state);
  try {
    const added = await newerMessages(thread, (after) =>
      api.get<Page<Message>>(`/conversations/${id}/messages`, { query: { after, limit: 100 } }),
    );
    queryClient.setQueryData<Thread>(keys.messages(id), (current) => current && withMessages(current, added));
    for (const message of added) {
      happened({ type: 'stored', conversation_id: id, turn_id: message.author === 'ai' ? (message.turn_id ?? null) : '' });
    }
  } catch {
    // The next event, or the reconnect that follows a lost network, asks again.
    void queryClient.invalidateQueries({ queryKey: keys.messages(id) });
  } finally {
    catching.delete(id);
    if (state.again) void catchUp(id);
  }
}

export function startLive(): void {
  connection.start();
  window.addEventListener('online', hurry);
  document.addEventListener('visibilitychange', hurry);
}

export function stopLive(): void {
  connection.stop();
  window.removeEventListener('online', hurry);
  document.removeEventListener('visibilitychange', hurry);
}

function hurry(): void {
  if (document.visibilityState === 'visible') connection.hurry();
}

export function useLiveStatus(): LiveStatus {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => status,
  );
}
