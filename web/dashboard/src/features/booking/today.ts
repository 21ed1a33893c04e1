import type { Booking } from '@frontdesk/api-client';
import { isOpen } from './looks';

/** Of a day's bookings: how many there are, and those that are not over yet. */
export function stillToCome<Of extends Pick<Booking, 'status' | 'end'>>(bookings: readonly Of[], now: number): { all: number; ahead: Of[] } {
  const kept = bookings.filter(({ status }) => status !== 'cancelled');
  return { all: kept.length, ahead: kept.filter(({ status, end }) => isOpen(status) && Date.parse(end) > now) };
}

/** A person's bookings: what is ahead, the next first; what was, the latest first. */
export function parted<Of extends Pick<Booking, 'status' | 'start' | 'end'>>(bookings: readonly Of[], now: number): { ahead: Of[]; past: Of[] } {
  const byStart = [...bookings].sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
  const isAhead = ({ status, end }: Of) => isOpen(status) && Date.parse(end) > now;
  return { ahead: byStart.filter(isAhead), past: byStart.filter((booking) => !isAhead(booking)).reverse() };
}
