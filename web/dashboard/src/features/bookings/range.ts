// The date ranges one can pick by name, as instants for the server.

import { addDays, addMonths, dayStart, isoOf, weekOf } from '../../ui/civil';
import type { BookingsSearch } from './routes';

export interface Range {
  from?: string;
  to?: string;
}

/** What a preset means today, in the business's zone; a range of one's own has both days in it. */
export function rangeOf({ when = 'upcoming', from, to }: Pick<BookingsSearch, 'when' | 'from' | 'to'>, today: string, now: string, zone: string): Range {
  const at = (day: string) => isoOf(dayStart(day, zone));
  const days = (first: string, after: string): Range => ({ from: at(first), to: at(after) });
  switch (when) {
    case 'upcoming':
      return { from: now };
    case 'today':
      return days(today, addDays(today, 1));
    case 'tomorrow':
      return days(addDays(today, 1), addDays(today, 2));
    case 'week':
      return days(weekOf(today), addDays(weekOf(today), 7));
    case 'month':
      return days(`${today.slice(0, 7)}-01`, addMonths(`${today.slice(0, 7)}-01`, 1));
    case 'past':
      return { to: now };
    case 'all':
      return {};
    case 'custom':
      return { ...(from === undefined ? {} : { from: at(from) }), ...(to === undefined ? {} : { to: at(addDays(to, 1)) }) };
  }
}

/** The order that makes sense when none was chosen: what comes next first, the latest of the past first. */
export const usualSort = (when: BookingsSearch['when']): 'start' | '-start' => (when === 'past' || when === 'all' ? '-start' : 'start');
