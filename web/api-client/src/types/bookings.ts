// Bookings, what happened to them, the calendar, the waiting list.

import type { Language } from './access';
import type { BookingLocation, Price } from './schedule';
import type { Timestamp } from './value';

export type BookingStatus = 'pending' | 'confirmed' | 'rescheduled' | 'completed' | 'cancelled' | 'no_show';
export type BookingSource = 'page' | 'widget' | 'agent' | 'dashboard' | 'api' | 'import' | 'waiting_list';

export interface Booking {
  id: string;
  /** A short code for talking about it. */
  reference: string;
  type_id: string;
  type_name: string;
  status: BookingStatus;
  start: Timestamp;
  end: Timestamp;
  /** The customer's. */
  zone: string;
  language: Language;
  contact_id: string;
  name: string;
  email?: string | null;
  phone?: string | null;
  seats: number;
  staff: string[];
  resources: string[];
  location: BookingLocation;
  price?: Price | null;
  answers: Record<string, string>;
  message: string;
  source: BookingSource;
  conversation_id?: string | null;
  tentative: boolean;
  flagged?: string | null;
  cancellation?: { by: 'customer' | 'business' | 'system'; reason: string; at: Timestamp } | null;
  moves: number;
  sequence: number;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export type BookingChangeKind =
  | { kind: 'created'; status: BookingStatus }
  | { kind: 'confirmed' | 'completed' | 'no_show' | 'reopened' }
  | { kind: 'moved'; from: Timestamp; to: Timestamp; from_staff: string[]; to_staff: string[] }
  | { kind: 'cancelled'; reason: string }
  | { kind: 'edited'; fields: string[] }
  | { kind: 'flagged'; text: string }
  | { kind: 'notified'; template: string }
  | { kind: 'not_notified'; template: string; reason: string };

/** One thing that happened to a booking. */
export type BookingChange = BookingChangeKind & { at: Timestamp; actor: string; actor_name: string };

export interface BookingNote {
  id: string;
  author?: string | null;
  author_name: string;
  text: string;
  created_at: Timestamp;
}

/** A staff member's time; the reason of blocked time is absent when nobody gave one. */
export interface StaffTime {
  staff_id: string;
  from: Timestamp;
  to: Timestamp;
  reason?: string;
}

export interface CalendarView {
  /** Those that were not called off. */
  bookings: Booking[];
  open: StaffTime[];
  blocked: StaffTime[];
  holidays: { date: string; name: string }[];
  /** What connected calendars block; absent where none can be connected. */
  busy?: { staff_id: string; from: Timestamp; to: Timestamp; title?: string | null }[];
}

/** A message as the customer would get it; `to` is absent when there is no address. */
export interface NoticePreview {
  subject: string;
  html: string;
  text: string;
  to?: string | null;
}

/** Filters of the list of bookings that somebody gave a name. */
export interface BookingView {
  id: string;
  name: string;
  /** As in the page's address. */
  query: string;
  /** The whole team sees it. */
  shared: boolean;
  created_by: string;
}

export type WaitingStatus = 'waiting' | 'offered' | 'booked' | 'closed';

/** Somebody who wants a time that is not free. */
export interface WaitingEntry {
  id: string;
  type_id: string;
  contact_id: string;
  name: string;
  email?: string | null;
  phone?: string | null;
  /** With whom; absent for anybody. */
  staff_id?: string | null;
  from: Timestamp;
  to: Timestamp;
  zone: string;
  language: Language;
  status: WaitingStatus;
  /** The time kept for them until it expires. */
  offer?: { start: Timestamp; end: Timestamp; staff: string[]; expires_at: Timestamp } | null;
  created_at: Timestamp;
}
