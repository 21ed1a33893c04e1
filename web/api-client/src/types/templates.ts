// What the business writes to customers.

import type { Language } from './access';
import type { Timestamp } from './value';

export type TemplateKind =
  | 'booking_confirmed'
  | 'booking_pending'
  | 'booking_reminder'
  | 'booking_rescheduled'
  | 'booking_cancelled'
  | 'booking_declined'
  | 'waiting_list_offer'
  | 'no_show_follow_up'
  | 'business_details'
  | 'booking_link'
  | 'one_time_code'
  | 'staff_new_booking'
  | 'staff_moved_booking'
  | 'staff_cancelled_booking';

export type TemplateChannel = 'email' | 'text';

export interface Template {
  kind: TemplateKind;
  channel: TemplateChannel;
  language: Language;
  subject: string;
  body: string;
  /** Whether the business wrote it; otherwise it is the shipped text. */
  customised: boolean;
  /** 0 as shipped. */
  version: number;
  updated_at?: Timestamp | null;
}

export interface TemplateVersion {
  number: number;
  subject: string;
  body: string;
  author_name: string;
  created_at: Timestamp;
}

export interface TemplateVariable {
  name: string;
  description: string;
  sample: string;
  optional: boolean;
}

export interface TemplatePreview {
  subject: string;
  html: string;
  text: string;
}
