// What can be booked, who does it, and when they are free by the rules people write.

import type { Timestamp } from './value';
import type { Stretch, Weekday } from './workspace';

export interface Price {
  /** In the currency's smallest unit. */
  minor: number;
  /** ISO 4217. */
  currency: string;
}

export type BookingLocation =
  | { kind: 'business' }
  | { kind: 'place'; place_id: string }
  | { kind: 'address'; address: string }
  | { kind: 'phone' }
  | { kind: 'video'; url: string }
  | { kind: 'customer' };

export type QuestionKind = 'text' | 'long_text' | 'number' | 'select' | 'multi_select' | 'checkbox' | 'phone';

export interface BookingQuestion {
  /** `[a-z0-9_]`, the key of the answer. */
  key: string;
  label: string;
  kind: QuestionKind;
  required: boolean;
  choices: string[];
}

export type StaffMode = 'choose' | 'round_robin' | 'collective';

export interface PoolMember {
  staff_id: string;
  /** Their share in round robin, 1 to 100. */
  weight: number;
}

export interface BookingLimits {
  per_day?: number | null;
  per_week?: number | null;
  per_staff_day?: number | null;
  per_staff_week?: number | null;
}

/** Durations, buffers and notices are in minutes. */
export interface BookingTypeSettings {
  name: string;
  description: string;
  active: boolean;
  listed: boolean;
  /** `#rrggbb` */
  color: string;
  /** The usual one first. */
  durations: number[];
  buffer_before: number;
  buffer_after: number;
  minimum_notice: number;
  horizon_days: number;
  slot_step: number;
  capacity: number;
  price?: Price | null;
  location: BookingLocation;
  questions: BookingQuestion[];
  confirmation_required: boolean;
  staff: { mode: StaffMode; members: PoolMember[] };
  resources: { resource_id: string; units: number }[];
  limits: BookingLimits;
  reminders?: number[] | null;
  change_notice: number;
}

export interface BookingType extends BookingTypeSettings {
  id: string;
  slug: string;
  position: number;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface WeeklyRule {
  day: Weekday;
  hours: Stretch;
  place_id?: string | null;
}

export interface DateOverride {
  /** `YYYY-MM-DD` */
  date: string;
  /** Empty for a day off. */
  hours: Stretch[];
  place_id?: string | null;
  reason: string;
}

export interface RecurringRule {
  kind: 'open' | 'blocked';
  /** The first start, local time `YYYY-MM-DDTHH:MM:SS`. */
  start: string;
  minutes: number;
  /** RFC 5545, such as `FREQ=MONTHLY;BYDAY=1MO`. */
  rrule: string;
  except: string[];
  extra: string[];
  reason: string;
}

export interface BlockedTime {
  from: Timestamp;
  to: Timestamp;
  reason: string;
}

/** When somebody or something is available, in civil time of a zone. */
export interface Schedule {
  /** Empty for the business's. */
  zone: string;
  weekly: WeeklyRule[];
  overrides: DateOverride[];
  recurring: RecurringRule[];
  blocked: BlockedTime[];
  works_holidays: boolean;
}

export interface StaffSettings {
  name: string;
  title: string;
  email?: string | null;
  user_id?: string | null;
  active: boolean;
  color?: string | null;
  /** Absent: the business's opening hours. */
  schedule?: Schedule | null;
  per_day?: number | null;
  per_week?: number | null;
}

export interface ResourceSettings {
  name: string;
  units: number;
  place_id?: string | null;
  active: boolean;
  schedule?: Schedule | null;
}

export interface PlaceSettings {
  name: string;
  address: string;
  schedule?: Schedule | null;
}

interface Kept {
  id: string;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export type Staff = StaffSettings & Kept;
export type Resource = ResourceSettings & Kept;
export type BookingPlace = PlaceSettings & Kept;

export interface OwnHoliday {
  date: string;
  yearly: boolean;
  name: string;
}

export interface HolidaySettings {
  /** ISO 3166-1 alpha-2. */
  country?: string | null;
  /** Keys of public holidays on which the business works all the same. */
  working: string[];
  own: OwnHoliday[];
}

export interface BookingSettings {
  holidays: HolidaySettings;
  hold_minutes: number;
  reminders: number[];
  offer_minutes: number;
  no_show_follow_up?: number | null;
  calendar_stale_minutes: number;
}

export interface Holiday {
  key: string;
  date: string;
  name: string;
}

export interface HolidayCountry {
  code: string;
  name: string;
}

/** A time that can be booked. */
export interface Slot {
  start: Timestamp;
  end: Timestamp;
  /** Who can serve it, best choice first. */
  staff: string[];
  seats: number;
  /** What to hand back to book it. */
  slot: string;
}

export interface FoundSlots {
  slots: Slot[];
  /** When there is none: the first one after the range. */
  next?: Timestamp | null;
}

export type ObstacleKind =
  | { obstacle: 'inactive' | 'duration' | 'past' | 'hours' | 'full' | 'no_staff' }
  | { obstacle: 'notice'; earliest: Timestamp }
  | { obstacle: 'horizon'; latest: Timestamp }
  | { obstacle: 'holiday'; name: string }
  | { obstacle: 'blocked'; reason: string }
  | { obstacle: 'booked' | 'busy'; until: Timestamp }
  | { obstacle: 'resource'; name: string }
  | { obstacle: 'limit'; per: 'day' | 'week' }
  | { obstacle: 'step'; before?: Timestamp | null; after?: Timestamp | null };

/** Why a time cannot be booked, and in whose way it stands; absent for everybody. */
export type Obstacle = ObstacleKind & { staff_id?: string | null };
