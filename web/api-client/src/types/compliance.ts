// What may be sent to whom: rules, lists, consents and what is on record.

import type { Channel } from './conversations';
import type { OutboxMessage, Purpose, Verdict } from './messages';
import type { Timestamp } from './value';

export type ConsentLevel = 'implied' | 'express' | 'express_written';

/** How well the sources of a pack agree. */
export type Confidence = 'high' | 'medium' | 'low';

/** Whether hours hold on public holidays. */
export type OnHolidays = 'as_usual' | 'closed';

/** What a rule asks for. Hours are stretches such as `mon-fri 09:00-18:00`, by the customer's clock. */
export type RuleBody =
  | { kind: 'hours'; week: string[]; holidays?: OnHolidays }
  | { kind: 'cap'; max: number; hours: number }
  | { kind: 'consent'; level: ConsentLevel }
  | { kind: 'unsubscribe' }
  | { kind: 'postal_address' }
  | { kind: 'window'; hours: number };

export type Rule = RuleBody & {
  id: string;
  version: string;
  /** The first day on which it holds. */
  from: string;
  until?: string | null;
  title: string;
  purposes?: Purpose[];
  channels: Channel[];
};

/** What one law or custom says. */
export interface Pack {
  id: string;
  title: string;
  /** ISO 3166-1 alpha-2; empty for everywhere. */
  countries: string[];
  region?: string | null;
  /** Holds in the countries that no other pack names. */
  elsewhere?: boolean;
  /** Law or a channel's terms, rather than custom. */
  law?: boolean;
  source: string;
  confidence: Confidence;
  note?: string;
  rule: Rule[];
}

export interface OwnCap {
  max: number;
  hours: number;
  purposes: Purpose[];
  channels: Channel[];
}

/** A change to a rule, or to all rules of a pack. */
export interface RuleChange {
  rule?: string;
  off?: boolean;
  hours?: string[] | null;
  holidays?: OnHolidays | null;
  max?: number | null;
  level?: ConsentLevel | null;
  loosens?: boolean;
  reason?: string;
}

export type UnknownRegion = 'country_only' | 'strictest';

export interface RuleSettings {
  outside_business_hours?: boolean;
  quiet_transactional?: boolean;
  unknown_region?: UnknownRegion;
  hours?: string[] | null;
  caps?: OwnCap[];
  changes?: RuleChange[];
  /** As marketing mail gives it; the business's address when empty. */
  postal_address?: string;
}

export interface RulesInUse {
  packs: Pack[];
  settings: RuleSettings;
}

/** An address that must not be written to. */
export interface SuppressedAddress {
  /** E.164, or an e-mail address in lower case. */
  address: string;
  /** `opt-out`, `opt-out-sms` and the like, `internal`, or the name of an imported one. */
  list: string;
  reason?: string | null;
  created_at: Timestamp;
}

export interface ConsentEntry {
  channel: Channel;
  address: string;
  purpose: Purpose;
  source: string;
  /** The words they agreed to. */
  shown: string;
  evidence?: string | null;
  given_at: Timestamp;
  revoked_at?: Timestamp | null;
  revoked_by?: string | null;
}

/** A decision of the gate, as recorded. */
export interface RecordedDecision {
  id: string;
  at: Timestamp;
  message_id?: string | null;
  channel: string;
  purpose: Purpose;
  verdict: Verdict;
}

/** Everything on record about whether and why one contact was written to. */
export interface Evidence {
  contact_id: string;
  opted_out: boolean;
  suppressions: SuppressedAddress[];
  consents: ConsentEntry[];
  decisions: RecordedDecision[];
  messages: OutboxMessage[];
  made_at: Timestamp;
}

/** A rule that was looked at, and what it says. */
export type Finding = ({ outcome: 'passes' } | { outcome: 'not_concerned' } | { outcome: 'defers'; until: Timestamp } | { outcome: 'denies'; reason: string }) & {
  /** Its id and version. */
  rule: string;
  title: string;
  source: string;
};

export interface Checked {
  verdict: Verdict;
  findings: Finding[];
}
