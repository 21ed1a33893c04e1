// A week's hours in a line: "Mon – Fri 9:00 AM – 5:00 PM".

import type { Weekday, WeeklyRule } from '@frontdesk/api-client';
import { formatMinutes } from '../../ui/civil';
import { WEEKDAYS } from '../../ui/hours';

function shortDay(day: Weekday, language: string): string {
  // 2024-01-01 was a Monday.
  return new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, 1 + WEEKDAYS.indexOf(day))));
}

const spanOf = (from: number, to: number, language: string): string => `${formatMinutes(from, language)} – ${formatMinutes(to, language)}`;

/** Days with the same hours stand together; each day is its earliest start to its latest end. */
export function weekText(weekly: readonly WeeklyRule[], language: string, never: string): string {
  const groups: { first: Weekday; last: Weekday; span: string }[] = [];
  WEEKDAYS.forEach((day, index) => {
    const rules = weekly.filter((rule) => rule.day === day);
    if (rules.length === 0) return;
    const span = spanOf(Math.min(...rules.map((rule) => rule.hours.from)), Math.max(...rules.map((rule) => rule.hours.to)), language);
    const before = groups.at(-1);
    if (before !== undefined && before.span === span && WEEKDAYS.indexOf(before.last) === index - 1) before.last = day;
    else groups.push({ first: day, last: day, span });
  });
  if (groups.length === 0) return never;
  return groups
    .map(({ first, last, span }) => `${shortDay(first, language)}${first === last ? '' : ` – ${shortDay(last, language)}`} ${span}`)
    .join(', ');
}
