// Conversations, messages and turns.

import type { Language } from './access';
import type { Citation } from './knowledge';
import type { Delivery } from './messages';
import type { Json, Timestamp } from './value';

export type Channel = 'web' | 'sandbox' | 'sms' | 'whatsapp' | 'email' | 'telegram';
export type ConversationState = 'open' | 'resolved' | 'ended';
export type Floor = { holder: 'ai' } | { holder: 'person'; user_id: string } | { holder: 'nobody' };

export interface Conversation {
  id: string;
  channel: Channel;
  contact_id?: string | null;
  contact_name: string;
  agent_id?: string | null;
  state: ConversationState;
  floor: Floor;
  epoch: number;
  handoff_reason?: string | null;
  waiting_since?: Timestamp | null;
  assignee?: string | null;
  language: Language;
  page_url?: string | null;
  preview: string;
  unread: number;
  rating?: number | null;
  rating_comment?: string | null;
  summary?: string | null;
  cost_micros: number;
  created_at: Timestamp;
  last_message_at: Timestamp;
  closed_at?: Timestamp | null;
}

export type ConversationView = 'all' | 'waiting' | 'mine' | 'unassigned';
export type ConversationCounts = Record<ConversationView, number>;

export type Author = 'customer' | 'ai' | 'person' | 'note' | 'system';

export interface Message {
  id: string;
  conversation_id: string;
  seq: number;
  author: Author;
  user_id?: string | null;
  author_name?: string | null;
  text: string;
  citations: Citation[];
  cut: boolean;
  turn_id?: string | null;
  client_id?: string | null;
  /** What became of it, when a vendor carries it. */
  delivery?: Delivery | null;
  /** Files that came along. */
  files?: MessageFile[];
  created_at: Timestamp;
}

/** A file that came along; what it is, only its sender knows. */
export interface MessageFile {
  id: string;
  name: string;
  media_type: string;
  /** In bytes. */
  size: number;
}

export interface ToolCallRecord {
  id: string;
  turn_id: string;
  tool: string;
  arguments: Json;
  ok: boolean;
  result: Json;
  receipt?: string | null;
  latency_ms: number;
  created_at: Timestamp;
}

export interface TurnRecord {
  id: string;
  conversation_id: string;
  brain: string;
  intent?: string | null;
  confidence?: number | null;
  input_tokens: number;
  output_tokens: number;
  cost_micros: number;
  first_word_ms?: number | null;
  total_ms: number;
  guarded: number;
  fallback_reason?: string | null;
  tool_calls: ToolCallRecord[];
  created_at: Timestamp;
}

export interface CannedReply {
  id: string;
  shortcut: string;
  text: string;
  updated_at: Timestamp;
}
