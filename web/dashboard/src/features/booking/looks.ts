// How bookings look: colours of people and types, states, times in words.

import type { Booking, BookingStatus, Staff } from '@frontdesk/api-client';
import { CalendarCheck2, CalendarClock, CalendarSync, CalendarX2, CircleCheckBig, UserX, type LucideIcon } from 'lucide-react';

interface Look {
  color: string;
  icon: LucideIcon;
}

export const STATUSES: readonly BookingStatus[] = ['pending', 'confirmed', 'rescheduled', 'completed', 'no_show', 'cancelled'];

export const STATUS_LOOKS: Record<BookingStatus, Look> = {
  pending: { color: 'orange', icon: CalendarClock },
  confirmed: { color: 'teal', icon: CalendarCheck2 },
  rescheduled: { color: 'brand', icon: CalendarSync },
  completed: { color: 'gray', icon: CircleCheckBig },
  no_show: { color: 'red', icon: UserX },
  cancelled: { color: 'gray', icon: CalendarX2 },
};

export const isOpen = (status: BookingStatus): boolean => status === 'pending' || status === 'confirmed' || status === 'rescheduled';

/** Told apart by most eyes, and readable as a thin line on light and dark. */
export const STAFF_COLORS = ['#4f46e5', '#0d9488', '#db2777', '#d97706', '#2563eb', '#7c3aed', '#16a34a', '#dc2626', '#0891b2', '#9333ea'] as const;

/** The colour somebody chose, or one that stays theirs. */
export function staffColor(member: Pick<Staff, 'id' | 'color'> | undefined): string {
  if (member === undefined) return '#6b7280';
  if (typeof member.color === 'string') return member.color;
  let hash = 0;
  for (const character of member.id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return STAFF_COLORS[hash % STAFF_COLORS.length] ?? STAFF_COLORS[0];
}

/** Who does it, in words. */
export function staffNames(booking: Pick<Booking, 'staff'>, staff: ReadonlyMap<string, Staff>): string {
  return booking.staff.map((id) => staff.get(id)?.name ?? '').filter((name) => name !== '').join(', ');
}

export const minutesLong = (booking: Pick<Booking, 'start' | 'end'>): number => (Date.parse(booking.end) - Date.parse(booking.start)) / 60_000;

/** "45 min", "1 hr 30 min"; narrow "1h 30m". */
export function durationText(minutes: number, language: string, unitDisplay: 'short' | 'narrow' = 'short'): string {
  const unit = (count: number, name: 'minute' | 'hour' | 'day') =>
    new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay }).format(count);
  if (minutes > 0 && minutes % (24 * 60) === 0) return new Intl.NumberFormat(language, { style: 'unit', unit: 'day', unitDisplay: 'long' }).format(minutes / (24 * 60));
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return [hours > 0 ? unit(hours, 'hour') : '', rest > 0 || hours === 0 ? unit(rest, 'minute') : ''].filter(Boolean).join(' ');
}

export function moneyText(price: { minor: number; currency: string }, language: string): string {
  try {
    const format = new Intl.NumberFormat(language, { style: 'currency', currency: price.currency });
    const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
    return format.format(price.minor / 10 ** digits);
  } catch {
    return `${String(price.minor)} ${price.currency}`;
  }
}
