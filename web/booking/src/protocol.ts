// The wire types of public booking, as the server's domain defines them. Only what the page reads is listed.

import type { Language, Scheme } from '../../widget/src/protocol';

export type { Language, Scheme };

export interface Slot {
  start: string;
  end: string;
  staff: string[];
  /** Seats left. */
  seats: number;
  /** What to hand back to hold it. */
  slot: string;
}

export interface Hold {
  token: string;
  start: string;
  end: string;
  staff: string[];
  seats: number;
  expires_at: string;
}

export interface Price {
  minor: number;
  currency: string;
}

export type QuestionKind = 'text' | 'long_text' | 'number' | 'select' | 'multi_select' | 'checkbox' | 'phone';

export interface Question {
  key: string;
  label: string;
  kind: QuestionKind;
  required: boolean;
  choices: string[];
}

export interface PublicType {
  id: string;
  slug: string;
  name: string;
  description: string;
  durations: number[];
  capacity: number;
  price: Price | null;
  location_text: string;
  location_kind: 'business' | 'place' | 'address' | 'phone' | 'video' | 'customer';
  questions: Question[];
  staff_mode: 'choose' | 'round_robin' | 'collective';
  confirmation_required: boolean;
  /** Minutes before the start until which the customer may move or cancel. */
  change_notice: number;
  color: string;
}

export interface Business {
  name: string;
  slug: string;
  zone: string;
  language: Language;
  theme: { accent: string; scheme: Scheme };
  address: string;
  phone: string;
}

export interface BusinessPage extends Business {
  types: PublicType[];
}

export interface Person {
  id: string;
  name: string;
  title: string;
}

export interface Range {
  slots: Slot[];
  /** The first slot after the range, asked for where the range has none. */
  next: string | null;
  /** What the answer covers; the page's own question when absent. */
  from?: string;
  to?: string;
}

export interface BookingPage extends Range {
  business: Business;
  type: PublicType;
  staff: Person[];
  hold_minutes: number;
  /** Whether somebody may wait for a time to become free. */
  waiting_list?: boolean;
}

export type BookingStatus = 'pending' | 'confirmed' | 'rescheduled' | 'completed' | 'cancelled' | 'no_show';

export interface PublicBooking {
  reference: string;
  status: BookingStatus;
  type: PublicType;
  start: string;
  end: string;
  zone: string;
  staff: Person[];
  location_text: string;
  price: Price | null;
  name: string;
  seats: number;
  business: Business;
  may_change: boolean;
  may_change_until: string | null;
  /** The business still has to say that it holds. */
  tentative: boolean;
  calendar_links: { google: string; outlook: string; ics: string };
  manage_token: string;
}

export interface PublicOffer {
  state: 'open' | 'taken' | 'expired' | 'declined' | 'accepted';
  business: Business;
  type: PublicType;
  start: string;
  end: string;
  staff: Person[];
  name: string;
  zone: string;
  expires_at: string;
  booking: PublicBooking | null;
}

/** The first answer, inlined by the server into the page. */
export type Initial =
  | { kind: 'business'; business: BusinessPage }
  | { kind: 'type'; page: BookingPage }
  | { kind: 'manage'; booking: PublicBooking }
  | { kind: 'offer'; offer: PublicOffer }
  | { kind: 'missing' };
