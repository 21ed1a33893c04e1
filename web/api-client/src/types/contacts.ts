// Contacts, memory and leads.

import type { Json, Timestamp } from './value';

export type TagColor = 'gray' | 'blue' | 'teal' | 'green' | 'yellow' | 'orange' | 'red' | 'pink' | 'violet';

export interface Tag {
  name: string;
  color: TagColor;
}

export interface Contact {
  id: string;
  name: string;
  email?: string | null;
  phone?: string | null;
  company?: string | null;
  language?: string | null;
  tags: Tag[];
  fields: Record<string, Json>;
  opted_out: boolean;
  source: string;
  created_at: Timestamp;
  updated_at: Timestamp;
  last_seen_at?: Timestamp | null;
}

export interface ContactNote {
  id: string;
  contact_id: string;
  text: string;
  author?: string | null;
  author_name?: string | null;
  created_at: Timestamp;
}

export interface Fact {
  id: string;
  key: string;
  value: string;
  conversation_id?: string | null;
  updated_at: Timestamp;
}

export interface Memory {
  facts: Fact[];
  last_summary?: string | null;
  last_conversation_at?: Timestamp | null;
  conversations: number;
  upcoming_bookings: string[];
}

export interface TimelineEntry {
  at: Timestamp;
  kind: string;
  text: string;
  conversation_id?: string | null;
}

export type LeadStatus = 'new' | 'contacted' | 'qualified' | 'won' | 'lost';

export interface Lead {
  id: string;
  contact_id: string;
  name: string;
  email?: string | null;
  phone?: string | null;
  need: string;
  status: LeadStatus;
  /** 0 to 100. */
  score: number;
  score_reasons: string[];
  conversation_id?: string | null;
  assignee?: string | null;
  consent_text: string;
  consent_at?: Timestamp | null;
  created_at: Timestamp;
  updated_at: Timestamp;
}
