// What is happening this second in each conversation: the reply being written and who is typing. Kept beside the query
// cache because none of it is stored anywhere.

import { useSyncExternalStore } from 'react';
import type { EphemeralFrame } from './connection';

export interface Draft {
  turnId: string;
  text: string;
}

export interface Happening {
  /** The reply the agent is writing. */
  draft: Draft | null;
  /** Who is typing; without a name, the customer. */
  typing: { name: string | null } | null;
}

export type Happenings = ReadonlyMap<string, Happening>;

const NOTHING: Happening = { draft: null, typing: null };

export type Change =
  | EphemeralFrame
  /** The reply of this turn is stored: the message takes the draft's place. */
  | { type: 'stored'; conversation_id: string; turn_id: string | null }
  | { type: 'quiet'; conversation_id: string }
  | { type: 'clear' };

/** One change; a pure function, so that the order of frames can be tested. */
export function reduce(state: Happenings, change: Change): Happenings {
  if (change.type === 'clear') return new Map();
  const id = change.conversation_id;
  const before = state.get(id) ?? NOTHING;
  const after = applied(before, change);
  if (after === before) return state;
  const next = new Map(state);
  if (after.draft === null && after.typing === null) next.delete(id);
  else next.set(id, after);
  return next;
}

function applied(before: Happening, change: Exclude<Change, { type: 'clear' }>): Happening {
  switch (change.type) {
    case 'delta': {
      const goesOn = before.draft?.turnId === change.turn_id;
      // The beginning was missed: half a sentence is worse than a moment's patience.
      if (!goesOn && change.first === false) return before;
      const sofar = goesOn ? (before.draft?.text ?? '') : '';
      return { draft: { turnId: change.turn_id, text: sofar + change.text }, typing: null };
    }
    case 'aborted':
      return before.draft?.turnId === change.turn_id ? { ...before, draft: null } : before;
    case 'stored':
      if (before.draft !== null && (change.turn_id === null || before.draft.turnId === change.turn_id)) return NOTHING;
      return before.typing === null ? before : { ...before, typing: null };
    case 'typing':
      return before.typing !== null && before.typing.name === (change.name ?? null) ? before : { ...before, typing: { name: change.name ?? null } };
    case 'quiet':
      return before.typing === null ? before : { ...before, typing: null };
  }
}

/** Typing that is not repeated is over after this long. */
const TYPING_LASTS = 6_000;

let state: Happenings = new Map();
const listeners = new Set<() => void>();
const quiets = new Map<string, ReturnType<typeof setTimeout>>();

export function happened(change: Change): void {
  if (change.type === 'typing') {
    clearTimeout(quiets.get(change.conversation_id));
    quiets.set(
      change.conversation_id,
      setTimeout(() => happened({ type: 'quiet', conversation_id: change.conversation_id }), TYPING_LASTS),
    );
  }
  const next = reduce(state, change);
  if (next === state) return;
  state = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useHappening(conversationId: string): Happening {
  return useSyncExternalStore(subscribe, () => state.get(conversationId) ?? NOTHING);
}
