// The wire types of the widget, as the server's domain defines them. Only what the widget reads is listed.

export type Language = 'en' | 'es' | 'de' | 'fr';
export type Scheme = 'auto' | 'light' | 'dark';

export interface Theme {
  accent: string;
  position: 'left' | 'right';
  scheme: Scheme;
  launcher_text: string;
}

export interface Config {
  business: string;
  agent: string;
  greeting: string;
  language: Language;
  theme: Theme;
  open_now: boolean;
}

export interface Citation {
  chunk_id: string;
  title: string;
  place: string;
  quote: string;
  url: string | null;
}

export type Author = 'customer' | 'ai' | 'person' | 'note' | 'system';

/** Something the visitor can do under a message. Kinds this widget does not know are not shown. */
export interface BookingAction {
  type: 'booking';
  type_id: string;
  /** The business's and the booking type's short names in public addresses. */
  workspace: string;
  slug: string;
  name: string;
  staff_id?: string | null;
}

export interface Message {
  id: string;
  seq: number;
  author: Author;
  author_name: string | null;
  text: string;
  citations: Citation[];
  cut: boolean;
  turn_id: string | null;
  client_id: string | null;
  created_at: string;
  actions?: (BookingAction | { type: string })[];
}

export type ConversationState = 'open' | 'resolved' | 'ended';
export interface Floor {
  holder: 'ai' | 'person' | 'nobody';
}

export interface Session {
  token: string;
  conversation_id: string;
  state: ConversationState;
  floor: Floor;
  messages: Message[];
}

export interface Poll {
  messages: Message[];
  state: ConversationState;
  floor: Floor;
}

export type Frame =
  | { type: 'hello'; token: string; after: number }
  | { type: 'message'; client_id: string; text: string }
  | { type: 'typing' }
  | { type: 'end' }
  | { type: 'rate'; score: number; comment: string }
  | { type: 'ping' };

export interface Trouble {
  type: 'error';
  code: string;
  message: string;
  client_id: string | null;
  retry_after_ms: number | null;
  fatal: boolean;
}

export type ServerEvent =
  | { type: 'ready'; state: ConversationState; floor: Floor; seq: number }
  | { type: 'message'; message: Message }
  | { type: 'typing'; name: string }
  | { type: 'delta'; turn_id: string; text: string }
  | { type: 'aborted'; turn_id: string }
  | { type: 'floor'; floor: Floor; name: string | null }
  | { type: 'state'; state: ConversationState }
  | Trouble
  | { type: 'pong' };

/** The longest message, in characters; the server refuses longer ones. */
export const MAX_MESSAGE = 4000;
