// What the widget knows and how each event changes it. Pure: no clock, no network, no document. The view only shows it.
// Nothing is lost and nothing doubles because messages are keyed by id and unsent ones by `client_id`.

import type { Author, ConversationState, Floor, Message, Poll, ServerEvent, Session } from './protocol';

/** A message that the server has not confirmed. */
export interface Pending {
  id: string;
  text: string;
  /** Epoch milliseconds. */
  at: number;
  /** Why it was refused; null while it waits or travels. */
  failed: string | null;
}

/** A reply that is being written. */
export interface Draft {
  turn: string;
  text: string;
  /** It will not come; kept for a moment so that its cut message can take its place without a flicker. */
  aborted: boolean;
}

/** "Maya joined", shown after the message with `after` until the server's own line takes its place. */
export interface FloorLine {
  after: number;
  name: string;
}

export type Link = 'idle' | 'connecting' | 'online' | 'waiting';

export interface State {
  link: Link;
  /** The conversation's id. */
  id: string;
  conversation: ConversationState;
  floor: Floor;
  floorName: string | null;
  floorLines: FloorLine[];
  /** Ended conversations of this page view, oldest first. */
  past: Message[];
  /** Ascending by `seq`. */
  messages: Message[];
  /** The newest `seq` up to which nothing is missing: what `hello` and polling ask from. */
  cursor: number;
  pending: Pending[];
  drafts: Draft[];
  /** Turns whose beginning was missed: their deltas would start mid-sentence. */
  broken: string[];
  typing: string | null;
  /** The newest `seq` the visitor has seen. */
  read: number;
  rated: boolean;
  /** Why sending pauses, in the server's words. */
  notice: string | null;
}

export type Action =
  | { type: 'session'; session: Session; fresh: boolean; rated: boolean; read: number }
  | { type: 'poll'; poll: Poll }
  | { type: 'server'; event: ServerEvent }
  /** The answer to a posted message: confirmed, but others before it may be missing. */
  | { type: 'stored'; message: Message }
  | { type: 'queue'; pending: Pending }
  | { type: 'drop'; id: string }
  | { type: 'fail'; id: string; reason: string }
  | { type: 'retry'; id: string }
  | { type: 'link'; link: Link }
  | { type: 'notice'; text: string | null }
  | { type: 'settle' }
  | { type: 'read' }
  | { type: 'rated' };

export function initial(pending: Pending[]): State {
  return {
    link: 'idle',
    id: '',
    conversation: 'open',
    floor: { holder: 'ai' },
    floorName: null,
    floorLines: [],
    past: [],
    messages: [],
    cursor: 0,
    pending,
    drafts: [],
    broken: [],
    typing: null,
    read: 0,
    rated: false,
    notice: null,
  };
}

const ofBusiness = (author: Author): boolean => author === 'ai' || author === 'person';

/** Messages of the business the visitor has not seen. */
export function unread(state: State): number {
  return state.messages.filter((m) => ofBusiness(m.author) && m.seq > state.read).length;
}

/** Whether the business is expected to say something soon. */
export function awaiting(state: State): boolean {
  const last = state.messages.at(-1);
  return (
    state.link === 'online' &&
    state.conversation !== 'ended' &&
    state.floor.holder === 'ai' &&
    !state.pending.length &&
    !state.drafts.length &&
    last?.author === 'customer'
  );
}

function withMessages(state: State, arrived: Message[]): State {
  let { messages, pending, drafts, typing, floorName } = state;
  for (const message of arrived) {
    if (message.author === 'note') continue;
    if (message.client_id) pending = pending.filter((p) => p.id !== message.client_id);
    if (message.turn_id) drafts = drafts.filter((p) => p.turn !== message.turn_id);
    if (ofBusiness(message.author)) typing = null;
    if (message.author === 'person' && state.floor.holder === 'person') floorName = message.author_name ?? floorName;
    if (messages.some((m) => m.id === message.id)) continue;
    let at = messages.length;
    while (at > 0 && (messages[at - 1] as Message).seq > message.seq) at--;
    messages = [...messages.slice(0, at), message, ...messages.slice(at)];
  }
  return { ...state, messages, pending, drafts, typing, floorName };
}

const newest = (messages: Message[], floor: number): number => messages.reduce((seq, m) => Math.max(seq, m.seq), floor);

function withFloor(state: State, floor: Floor, name: string | null): State {
  const changed = floor.holder === 'person' && (state.floor.holder !== 'person' || name !== state.floorName);
  return {
    ...state,
    floor,
    floorName: floor.holder === 'person' ? name : null,
    floorLines: changed && name ? [...state.floorLines, { after: state.cursor, name }] : state.floorLines,
    typing: null,
  };
}

/** The name of the person who speaks, read from the newest messages when no event said it. */
function nameFrom(messages: Message[], floor: Floor): string | null {
  return floor.holder === 'person' ? (messages.findLast((m) => m.author === 'person')?.author_name ?? null) : null;
}

function onServer(state: State, event: ServerEvent): State {
  switch (event.type) {
    case 'ready':
      return {
        ...state,
        link: 'online',
        conversation: event.state,
        floor: event.floor,
        floorName: event.floor.holder === 'person' ? (state.floorName ?? nameFrom(state.messages, event.floor)) : null,
      };
    case 'message':
      return { ...withMessages(state, [event.message]), cursor: Math.max(state.cursor, event.message.seq) };
    case 'typing':
      return { ...state, typing: event.name };
    case 'delta': {
      const turn = event.turn_id;
      if (state.messages.some((m) => m.turn_id === turn)) return state;
      if (state.broken.includes(turn)) return { ...state, typing: state.typing ?? '' };
      const open = state.drafts.find((p) => p.turn === turn);
      const grown = { turn, text: (open?.text ?? '') + event.text, aborted: false };
      return { ...state, typing: null, drafts: open ? state.drafts.map((p) => (p === open ? grown : p)) : [...state.drafts, grown] };
    }
    case 'aborted':
      return {
        ...state,
        typing: null,
        drafts: state.drafts.map((p) => (p.turn === event.turn_id ? { ...p, aborted: true } : p)),
      };
    case 'floor':
      return withFloor(state, event.floor, event.name);
    case 'state':
      return { ...state, conversation: event.state, typing: event.state === 'ended' ? null : state.typing };
    default:
      return state;
  }
}

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'session': {
      const { session, fresh } = action;
      const kept = fresh
        ? { ...initial(state.pending), past: [...state.past, ...state.messages], link: state.link, notice: state.notice }
        : state;
      return {
        ...withMessages(kept, session.messages),
        id: session.conversation_id,
        rated: action.rated,
        read: action.read,
        conversation: session.state,
        floor: session.floor,
        floorName: nameFrom(session.messages, session.floor),
        cursor: newest(session.messages, kept.cursor),
      };
    }
    case 'poll': {
      const { poll } = action;
      const next = withMessages({ ...state, floor: poll.floor, conversation: poll.state }, poll.messages);
      return {
        ...next,
        floorName: nameFrom(next.messages, poll.floor),
        cursor: newest(poll.messages, state.cursor),
      };
    }
    case 'server':
      return onServer(state, action.event);
    case 'stored':
      return withMessages(state, [action.message]);
    case 'queue':
      return { ...state, pending: [...state.pending, action.pending] };
    case 'drop':
      return { ...state, pending: state.pending.filter((p) => p.id !== action.id) };
    case 'fail':
      return { ...state, pending: state.pending.map((p) => (p.id === action.id ? { ...p, failed: action.reason } : p)) };
    case 'retry':
      return { ...state, pending: state.pending.map((p) => (p.id === action.id ? { ...p, failed: null } : p)) };
    case 'link':
      if (action.link === state.link) return state;
      // A reply that was being written when the line broke comes whole, as a message.
      return action.link === 'online'
        ? { ...state, link: action.link }
        : {
            ...state,
            link: action.link,
            typing: null,
            drafts: [],
            broken: [...state.broken, ...state.drafts.map((p) => p.turn)].slice(-20),
          };
    case 'notice':
      return { ...state, notice: action.text };
    case 'settle':
      return { ...state, typing: null, drafts: state.drafts.filter((p) => !p.aborted) };
    case 'read': {
      const read = newest(state.messages, state.read);
      return read === state.read ? state : { ...state, read };
    }
    case 'rated':
      return { ...state, rated: true };
  }
}
