// The state as a list of things to show: day lines, event lines, and messages in groups. Pure; the view draws it.

import type { Author, BookingAction, Citation, Message } from './protocol';
import type { State } from './state';

export interface Bubble {
  kind: 'bubble';
  key: string;
  mine: boolean;
  author: Author;
  /** The writer's name; null means the agent of the configuration. */
  name: string | null;
  text: string;
  citations: Citation[];
  bookings: BookingAction[];
  /** The message's id; empty for what is not a stored message. */
  message: string;
  cut: boolean;
  /** Being written now. */
  growing: boolean;
  /** Epoch milliseconds; null when it has no time, as the greeting. */
  at: number | null;
  /** First and last of its group: name above the first, time below the last. */
  first: boolean;
  last: boolean;
  pending: 'sending' | 'waiting' | 'failed' | null;
  id: string | null;
  reason: string | null;
}

export type Row =
  | Bubble
  | { kind: 'day'; key: string; at: number }
  | { kind: 'joined'; key: string; name: string }
  | { kind: 'line'; key: string; text: string }
  | { kind: 'fresh'; key: string };

const TOGETHER = 5 * 60_000;

const day = (at: number): string => new Date(at).toDateString();

function bubble(message: Message, key: string): Bubble {
  return {
    kind: 'bubble',
    key,
    mine: message.author === 'customer',
    author: message.author,
    name: message.author_name,
    text: message.text,
    citations: message.citations,
    bookings: (message.actions ?? []).filter((action): action is BookingAction => action.type === 'booking'),
    message: message.id,
    cut: message.cut,
    growing: false,
    at: Date.parse(message.created_at) || null,
    first: true,
    last: true,
    pending: null,
    id: null,
    reason: null,
  };
}

export function timeline(state: State, greeting: string): Row[] {
  const rows: Row[] = [];
  const keys = new Set<string>();
  const unique = (...wanted: (string | null)[]): string => {
    const key = wanted.find((k) => k && !keys.has(k)) ?? `row${keys.size}`;
    keys.add(key);
    return key;
  };
  let lastDay = '';
  const push = (row: Bubble): void => {
    if (row.at !== null && day(row.at) !== lastDay) {
      lastDay = day(row.at);
      rows.push({ kind: 'day', key: unique('day' + lastDay), at: row.at });
    }
    const before = rows.at(-1);
    if (
      before?.kind === 'bubble' &&
      before.author === row.author &&
      before.name === row.name &&
      before.pending !== 'failed' &&
      before.at !== null &&
      (row.at ?? before.at) - before.at < TOGETHER
    ) {
      before.last = row.first = false;
    }
    rows.push(row);
  };
  const show = (message: Message): void => {
    const key = unique(message.client_id, message.turn_id && 'turn' + message.turn_id, message.id);
    if (message.author === 'system') rows.push({ kind: 'line', key, text: message.text });
    else push(bubble(message, key));
  };

  const opening = state.past[0] ?? state.messages[0];
  if (greeting && !(opening?.author === 'ai' && opening.text === greeting)) {
    const words: Message = {
      id: 'greeting', seq: 0, author: 'ai', author_name: null, text: greeting, citations: [], cut: false,
      turn_id: null, client_id: null, created_at: '',
    };
    push(bubble(words, unique('greeting')));
  }
  state.past.forEach(show);
  if (state.past.length) rows.push({ kind: 'fresh', key: unique('fresh') });

  const lines = state.floorLines.filter(
    // The server's own line about it, just before or just after, says the same.
    ({ after }) => !state.messages.some((m, i) => m.author === 'system' && (m.seq === after || (m.seq > after && (state.messages[i - 1]?.seq ?? 0) <= after))),
  );
  const joined = (from: number, to: number): void => {
    for (const line of lines) {
      if (line.after >= from && line.after < to) rows.push({ kind: 'joined', key: unique('joined' + line.after + line.name), name: line.name });
    }
  };
  let seen = 0;
  for (const message of state.messages) {
    joined(seen, message.seq);
    seen = message.seq;
    show(message);
  }
  joined(seen, Infinity);

  for (const draft of state.drafts) {
    push({
      kind: 'bubble', key: unique('turn' + draft.turn), mine: false, author: 'ai', name: null, text: draft.text, citations: [], bookings: [], message: '',
      cut: false, growing: !draft.aborted, at: null, first: true, last: true, pending: null, id: null, reason: null,
    });
  }
  for (const item of state.pending) {
    push({
      kind: 'bubble', key: unique(item.id), mine: true, author: 'customer', name: null, text: item.text, citations: [], bookings: [], message: '', cut: false,
      growing: false, at: item.at, first: true, last: true,
      pending: item.failed ? 'failed' : state.link === 'waiting' ? 'waiting' : 'sending', id: item.id, reason: item.failed,
    });
  }
  return rows;
}
