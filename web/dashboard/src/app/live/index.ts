// The live connection of this tab, wired to the query cache.

import type { LoggedEvent, Message, Page } from '@frontdesk/api-client';
import { useSyncExternalStore } from 'react';
import { api } from '../api';
import { queryClient } from '../query';
import { currentWorkspace } from '../workspace';
import { LiveConnection, type LiveStatus, type SocketLike } from './connection';
import { happened } from './ephemeral';
import { applyAtOnce, Refresher, staleAfter } from './refresh';
import { Threads } from './threads';

const refresher = new Refresher(queryClient);
const threads = new Threads(
  queryClient,
  (id, after) => api.get<Page<Message>>(`/conversations/${id}/messages`, { query: { after } }),
  happened,
);
let status: LiveStatus = 'stopped';
let shown = false;
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
    // Before the first page is shown nothing was asked for that could be old.
    if (shown) void queryClient.invalidateQueries();
  },
  onStatus: (next) => {
    const back = status === 'reconnecting' && next === 'live';
    status = next;
    // What failed while the server was away is tried again; the rest comes with the events.
    if (back) void queryClient.refetchQueries({ type: 'active', predicate: (query) => query.state.status === 'error' });
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
  applyAtOnce(queryClient, event);
  refresher.refresh(staleAfter(event));
  if (event.kind === 'message.created') void catchUp(event.conversation_id);
  if (event.kind === 'booking.created' || event.kind === 'booking.cancelled') {
    const news = event;
    // What cannot be read now, such as without the permission, is not announced.
    import('../../features/booking/announce').then(({ announce }) => announce(news)).catch(() => undefined);
  }
}

export function catchUp(conversationId: string): Promise<void> {
  return threads.catchUp(conversationId);
}

/** Settles when events arrive, or after a moment without them: pages then need not ask for everything twice. */
export function liveSoon(): Promise<void> {
  startLive();
  if (shown || status === 'live') return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      listeners.delete(look);
      clearTimeout(timer);
      resolve();
    };
    const look = () => {
      if (status !== 'connecting') done();
    };
    const timer = setTimeout(done, 400);
    listeners.add(look);
  });
}

/** The first page is shown; from now on what it asked for may become old. */
export function pageShown(): void {
  shown = true;
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
