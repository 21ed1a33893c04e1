import type { Timestamp } from './value';

export type CalendarStatus = 'waiting' | 'ok' | 'failing' | 'disconnected';

/** A calendar of a connected account. */
export interface ConnectedCalendar {
  id: string;
  connection_id: string;
  vendor: string;
  account: string;
  staff_id?: string | null;
  name: string;
  color?: string | null;
  /** What is busy in it blocks its owner's times. */
  blocks: boolean;
  /** Its owner's appointments are written into it. */
  writes: boolean;
  writable: boolean;
  status: CalendarStatus;
  synced_at?: Timestamp | null;
  /** Too old to rely on. */
  stale: boolean;
  error?: string | null;
}

export interface CalendarVendor {
  id: string;
  name: string;
  /** By consent on the vendor's page; otherwise by address and password. */
  consent: boolean;
  /** The operator set it up. */
  ready: boolean;
}

/** What would become of a thing at Calendly. */
export type CalendlyState = 'new' | 'kept' | 'refused';

/** A kind of appointment at Calendly. */
export interface CalendlyType {
  uri: string;
  name: string;
  minutes: number;
  active: boolean;
  listed: boolean;
  state: CalendlyState;
  why?: string | null;
}

/** An appointment to come at Calendly. */
export interface CalendlyBooking {
  uri: string;
  name: string;
  type_uri?: string | null;
  start: Timestamp;
  end: Timestamp;
  state: CalendlyState;
  why?: string | null;
}

/** The person's usual hours at Calendly, as far as they are shown. */
export interface CalendlyHours {
  name: string;
  has_own: boolean;
  why?: string | null;
}

/** What an import from Calendly would make. */
export interface CalendlyPreview {
  types: CalendlyType[];
  hours?: CalendlyHours | null;
  bookings: CalendlyBooking[];
  more: boolean;
}

/** How many things an import made, and what it left. */
export interface CalendlyCount {
  made: number;
  kept: number;
  refused: { name: string; start?: Timestamp | null; why: string }[];
}

/** What one part of an import from Calendly did. */
export interface CalendlyReport {
  types: CalendlyCount;
  hours: 'set' | 'kept' | 'refused';
  bookings: CalendlyCount;
  /** Ask again with this as `after`: there is more. */
  next?: string | null;
  wait_seconds?: number | null;
}
