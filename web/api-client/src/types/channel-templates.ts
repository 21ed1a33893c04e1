// Templates that a channel's vendor must approve before a business may write first with them.

import type { Timestamp } from './value';

export type ApprovalStatus = 'draft' | 'pending' | 'approved' | 'rejected' | 'paused' | 'disabled' | 'other';
export type TemplateCategory = 'marketing' | 'utility' | 'authentication';
export type TemplateQuality = 'high' | 'medium' | 'low';

export type ChannelTemplateButton =
  | { kind: 'quick_reply'; text: string }
  | { kind: 'url'; text: string; url: string }
  | { kind: 'phone_number'; text: string; phone_number: string }
  | { kind: 'other'; text: string };

export interface ChannelTemplateText {
  header?: string | null;
  /** With `{{1}}`, `{{2}}`, ... for what is filled in. */
  body: string;
  footer?: string | null;
  buttons: ChannelTemplateButton[];
  /** For each place an example, which the vendor's reviewers see. */
  examples: string[];
}

export interface ChannelTemplate extends ChannelTemplateText {
  id: string;
  connection_id: string;
  vendor_id?: string | null;
  name: string;
  /** As the vendor writes it, `en_US`. */
  language: string;
  category: TemplateCategory;
  status: ApprovalStatus;
  quality?: TemplateQuality | null;
  places: number;
  rejected_reason?: string | null;
  has_other_places: boolean;
  /** Why it cannot be sent now; absent when it can. */
  unusable_because?: string | null;
  synced_at?: Timestamp | null;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface TemplateConnection {
  connection_id: string;
  name: string;
  synced_at?: Timestamp | null;
  /** Why the last try to bring them up to date did not work. */
  error?: string | null;
}

export interface ChannelTemplates {
  items: ChannelTemplate[];
  connections: TemplateConnection[];
}

/** A template with what fills its places, as a message names it. */
export interface ApprovedTemplate {
  name: string;
  language: string;
  variables: string[];
}
