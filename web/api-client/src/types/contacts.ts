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
  status: ContactStatus;
  external_id?: string | null;
  zone?: string | null;
  region?: string | null;
  postal_code?: string | null;
  country?: string | null;
  follow_ups: number;
  last_contacted_at?: Timestamp | null;
  created_at: Timestamp;
  updated_at: Timestamp;
  last_seen_at?: Timestamp | null;
}

export type ContactStatus = 'pending' | 'contacted' | 'in_conversation' | 'qualified' | 'booked' | 'unresponsive' | 'opted_out';

export type FieldComparison = 'is' | 'begins' | 'below' | 'above' | 'set';

export interface FieldTest {
  key: string;
  test: FieldComparison;
  value?: Json | null;
}

export interface ContactFilter {
  q?: string;
  tags?: string[];
  statuses?: ContactStatus[];
  created_from?: Timestamp;
  created_to?: Timestamp;
  seen_from?: Timestamp;
  seen_to?: Timestamp;
  days_since_contact?: number;
  follow_ups_from?: number;
  follow_ups_to?: number;
  import_id?: string;
  workflow_id?: string;
  fields?: FieldTest[];
}

export type TotalKind = 'exact' | 'at_least' | 'estimate';

export interface ContactPage {
  items: Contact[];
  next_cursor?: string | null;
  total: number;
  total_kind: TotalKind;
}

export type FieldKind = 'text' | 'number' | 'date' | 'bool' | 'choice';

export interface CustomField {
  id: string;
  key: string;
  label: string;
  kind: FieldKind;
  options: string[];
  created_at: Timestamp;
}

export interface Segment {
  id: string;
  name: string;
  filter: ContactFilter;
  shared: boolean;
  owner?: string | null;
  created_at: Timestamp;
}

export type PlainColumn =
  | 'ignore'
  | 'name'
  | 'first_name'
  | 'last_name'
  | 'email'
  | 'phone'
  | 'company'
  | 'language'
  | 'tags'
  | 'status'
  | 'external_id'
  | 'zone'
  | 'region'
  | 'postal_code'
  | 'country'
  | 'opted_out'
  | 'consent_source'
  | 'consent_text'
  | 'consent_channel';

export type ColumnUse = { to: PlainColumn } | { to: 'field'; key: string; kind: FieldKind };

export interface ImportColumn {
  header: string;
  samples: string[];
  suggestion: ColumnUse;
}

export interface ImportConsent {
  source: string;
  text: string;
  channel: string;
}

export interface ImportPlan {
  columns: ColumnUse[];
  on_known: 'skip' | 'update';
  tags: Tag[];
  consent?: ImportConsent | null;
}

export type ImportState = 'uploaded' | 'running' | 'done' | 'cancelled' | 'failed' | 'undoing' | 'undone';

export interface ImportCounts {
  read: number;
  created: number;
  updated: number;
  skipped: number;
  rejected: number;
  suppressed: number;
  undone: number;
  kept: number;
}

export interface Import {
  id: string;
  file_name: string;
  bytes: number;
  state: ImportState;
  columns: ImportColumn[];
  encoding: string;
  delimiter: string;
  counts: ImportCounts;
  percent: number;
  error?: string | null;
  created_at: Timestamp;
  finished_at?: Timestamp | null;
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

export type BulkAction =
  | { kind: 'tag'; tags: Tag[] }
  | { kind: 'untag'; names: string[] }
  | { kind: 'set_status'; status: ContactStatus }
  | { kind: 'enrol'; workflow_id: string }
  | { kind: 'delete' }
  | { kind: 'export' };

export type BulkSelection = { of: 'ids'; ids: string[] } | { of: 'filter'; filter: ContactFilter };

export type BulkState = 'running' | 'done' | 'cancelled' | 'undoing' | 'undone' | 'failed';

export interface Bulk {
  id: string;
  action: BulkAction;
  state: BulkState;
  total?: number | null;
  done: number;
  changed: number;
  error?: string | null;
  created_at: Timestamp;
  finished_at?: Timestamp | null;
}

/** A merge into a contact. */
export interface ContactMerge {
  id: string;
  gone_id: string;
  name: string;
  email?: string | null;
  phone?: string | null;
  merged_at: Timestamp;
  merged_by?: string | null;
  /** Why it cannot be taken back now; absent when it can. */
  blocked_because?: string | null;
}

export interface PartedContacts {
  kept: Contact;
  restored: Contact;
}
