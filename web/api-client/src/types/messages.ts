// Messages that leave through vendors, and what became of each.

import type { ApprovedTemplate } from './channel-templates';
import type { Channel } from './conversations';
import type { Timestamp } from './value';

export type MessageStatus = 'queued' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed' | 'undelivered' | 'cancelled' | 'in_doubt';

export type Purpose = 'reply' | 'transactional' | 'marketing';

/** What the compliance gate says of a message; `rule` is the rule's id and version. */
export type Verdict =
  | { verdict: 'allow' }
  | { verdict: 'defer'; until: Timestamp; rule: string }
  | { verdict: 'deny'; rule: string; reason: string };

/** What became of a message, as its conversation shows it. */
export interface Delivery {
  status: MessageStatus;
  reason?: string | null;
  /** When it is to leave, while it waits. */
  send_at?: Timestamp | null;
}

export interface MessageMedia {
  url: string;
  media_type: string;
  name?: string | null;
}

export interface MessageContent {
  subject?: string | null;
  text: string;
  media?: MessageMedia[];
}

/** A message on its way to a customer. */
export interface OutboxMessage {
  id: string;
  channel: Channel;
  /** Absent when the installation's own mailer carries it. */
  connection_id?: string | null;
  conversation_id?: string | null;
  contact_id?: string | null;
  contact_name: string;
  from?: string | null;
  /** In the channel's own form: E.164, an e-mail address, a chat's id. */
  to: string;
  purpose: Purpose;
  content: MessageContent;
  status: MessageStatus;
  /** What speaks for it not having arrived, in plain words. */
  reason?: string | null;
  /** The vendor's code for that. */
  code?: string | null;
  verdict?: Verdict | null;
  attempts: number;
  vendor_id?: string | null;
  segments?: number | null;
  created_by?: string | null;
  created_at: Timestamp;
  send_at: Timestamp;
  sent_at?: Timestamp | null;
  delivered_at?: Timestamp | null;
  read_at?: Timestamp | null;
  updated_at: Timestamp;
}

export interface MessageCounts {
  /** Every state, also those without messages. */
  by_status: { status: MessageStatus; count: number }[];
  total: number;
}

/** A message to write. */
export interface NewMessage {
  contact_id?: string;
  to?: string;
  channel: Channel;
  subject?: string;
  text: string;
  /** In place of `text`, where WhatsApp takes no free words. */
  template?: ApprovedTemplate;
  purpose?: Purpose;
  send_at?: Timestamp;
  /** Sending it again under the same id is harmless. */
  client_id: string;
}

/** A message as it would leave, with what the gate says now. */
export interface ComposedMessage {
  to: string;
  from?: string | null;
  text: string;
  segments?: number | null;
  /** Whether characters outside the basic alphabet make its parts shorter. */
  unicode: boolean;
  /** Only an approved template can be sent now. */
  needs_template?: boolean;
  verdict: Verdict;
}

/** How messages of one channel and template fared. */
export interface MessageFigure {
  channel: string;
  /** A vendor's name of it, or the kind of a text of the business; absent for words of people and the agent. */
  template?: string | null;
  queued: number;
  sent: number;
  /** Not every channel tells. */
  delivered: number;
  /** Few channels tell. */
  read: number;
  failed: number;
  /** The customer wrote next, within seven days. */
  replied: number;
  clicks: number;
}

export interface MessageFigures {
  from: Timestamp;
  to: Timestamp;
  items: MessageFigure[];
}

/** A short link in a message. */
export interface MessageLink {
  short: string;
  url: string;
  clicks: number;
  machine_clicks: number;
  expires_at: Timestamp;
}

/** How often a message is tried again whose vendor cannot be reached. */
export type RetryPolicy = 'fixed' | 'exponential';

export interface MessageSettings {
  read_receipts?: boolean;
  short_links?: boolean;
  short_link_days?: number;
  track_opens?: boolean;
  retry?: RetryPolicy;
}
