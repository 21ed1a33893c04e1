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
