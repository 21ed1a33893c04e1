// What the calendar draws, made from what the server answers: columns, and in each what is closed, blocked and booked.

import type { Booking, CalendarView, Staff, StaffTime } from '@frontdesk/api-client';
import { gapsOf, joined, place, spanOn, type Placed, type Span } from './layout';

/** One column of the grid: a day, or a day of one person. */
export interface Column {
  key: string;
  day: string;
  /** Whose; null for everybody who is shown, `none` for bookings that nobody does. */
  staffId: string | null;
}

export const NOBODY = 'none';

export interface Shade extends Span {
  kind: 'closed' | 'blocked' | 'busy';
  label: string;
}

export interface ColumnContent {
  bookings: Placed<Booking>[];
  shades: Shade[];
}

export interface Shown {
  zone: string;
  /** Whose bookings are wanted; empty for everybody's. */
  chosen: ReadonlySet<string>;
  staff: readonly Staff[];
}

/** Whether a booking is among those wanted. */
export function isWanted(booking: Booking, chosen: ReadonlySet<string>): boolean {
  return chosen.size === 0 || booking.staff.some((id) => chosen.has(id));
}

export function columnsOf(mode: 'day' | 'week', days: readonly string[], view: CalendarView | undefined, { chosen, staff, zone }: Shown): Column[] {
  if (mode === 'week') return days.map((day) => ({ key: day, day, staffId: null }));
  const day = days[0] ?? '';
  const busyToday = new Set(view?.bookings.filter((booking) => spanOf(booking, day, zone) !== null).flatMap((booking) => booking.staff));
  const people = staff.filter((member) => (chosen.size === 0 ? member.active || busyToday.has(member.id) : chosen.has(member.id)));
  const columns = people.map((member) => ({ key: member.id, day, staffId: member.id }));
  const orphans = chosen.size === 0 && view?.bookings.some((booking) => booking.staff.length === 0 && spanOf(booking, day, zone) !== null) === true;
  return orphans || columns.length === 0 ? [...columns, { key: NOBODY, day, staffId: NOBODY }] : columns;
}

const spanOf = ({ start, end }: Pick<Booking, 'start' | 'end'>, day: string, zone: string): Span | null => spanOn(day, Date.parse(start), Date.parse(end), zone);

/** What stands in a column. */
export function contentOf(column: Column, view: CalendarView, shown: Shown): ColumnContent {
  const { zone, chosen, staff } = shown;
  const bookings = view.bookings.flatMap((booking) => {
    const mine =
      column.staffId === null ? isWanted(booking, chosen) : column.staffId === NOBODY ? booking.staff.length === 0 : booking.staff.includes(column.staffId);
    const span = mine ? spanOf(booking, column.day, zone) : null;
    return span === null ? [] : [{ ...span, item: booking }];
  });
  const people = column.staffId === null ? staff.filter((member) => (chosen.size === 0 ? member.active : chosen.has(member.id))).map(({ id }) => id) : [column.staffId];
  const times = (list: readonly StaffTime[]) =>
    list.flatMap((time) => {
      const span = people.includes(time.staff_id) ? spanOn(column.day, Date.parse(time.from), Date.parse(time.to), zone) : null;
      return span === null ? [] : [{ ...span, label: time.reason ?? '', staffId: time.staff_id }];
    });
  const knowsHours = column.staffId !== NOBODY && people.length > 0;
  const closed = knowsHours ? gapsOf(joined(times(view.open))).map((gap): Shade => ({ ...gap, kind: 'closed', label: '' })) : [];
  // Of several people together, one's blocked time is no reason to hatch the whole day.
  const alone = people.length === 1;
  const blocked = alone ? times(view.blocked).map(({ from, to, label }): Shade => ({ from, to, kind: 'blocked', label })) : [];
  const busy = alone
    ? (view.busy ?? []).flatMap((time): Shade[] => {
        const span = people.includes(time.staff_id) ? spanOn(column.day, Date.parse(time.from), Date.parse(time.to), zone) : null;
        return span === null ? [] : [{ ...span, kind: 'busy', label: time.title ?? '' }];
      })
    : [];
  return { bookings: place(bookings), shades: [...closed, ...blocked, ...busy] };
}
