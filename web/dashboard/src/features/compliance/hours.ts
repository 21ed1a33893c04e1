// Hours of rules: as the server writes them, as the editor handles them, as people read them.

import type { Stretch, Weekday, WeeklyHours } from '@frontdesk/api-client';
import { timeOf, WEEKDAYS } from '../../ui/hours';

const LINE = /^(\w{3})(?:-(\w{3}))? (\d{2}):(\d{2})-(\d{2}):(\d{2})$/u;

/** `mon-fri 09:00-18:00` as hours by weekday. */
export function weekOf(lines: readonly string[]): WeeklyHours {
  const week: Partial<Record<Weekday, Stretch[]>> = {};
  for (const line of lines) {
    const [, first, last = first, ...times] = LINE.exec(line) ?? [];
    const [from, to] = [WEEKDAYS.indexOf(first as Weekday), WEEKDAYS.indexOf(last as Weekday)];
    if (from < 0 || to < from) continue;
    const [hour = 0, minute = 0, endHour = 0, endMinute = 0] = times.map(Number);
    for (const day of WEEKDAYS.slice(from, to + 1)) (week[day] ??= []).push({ from: hour * 60 + minute, to: endHour * 60 + endMinute });
  }
  return week as WeeklyHours;
}

/** Hours by weekday as the server takes them. */
export const linesOf = (week: WeeklyHours): string[] =>
  WEEKDAYS.flatMap((day) => (week[day] ?? []).map(({ from, to }) => `${day} ${timeOf(from)}-${to === 1440 ? '24:00' : timeOf(to)}`));

export interface DayGroup {
  days: Weekday[];
  stretches: Stretch[];
}

/** Days that follow each other with the same hours, together; days without any are left out. */
export function groupsOf(lines: readonly string[]): DayGroup[] {
  const week = weekOf(lines);
  const groups: DayGroup[] = [];
  let before: DayGroup | null = null;
  for (const day of WEEKDAYS) {
    const stretches = week[day] ?? [];
    if (stretches.length === 0) {
      before = null;
      continue;
    }
    if (before !== null && JSON.stringify(before.stretches) === JSON.stringify(stretches)) before.days.push(day);
    else groups.push((before = { days: [day], stretches }));
  }
  return groups;
}

/** "Mon – Fri 9:00 AM – 6:00 PM, Sat 10:00 AM – 2:00 PM". */
export function hoursText(lines: readonly string[], language: string): string {
  const at = (minutes: number) => new Date(Date.UTC(2024, 0, 1, 0, minutes));
  const time = new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' });
  const weekday = new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' });
  // 2024-01-01 was a Monday.
  const name = (day: Weekday) => weekday.format(new Date(Date.UTC(2024, 0, 1 + WEEKDAYS.indexOf(day))));
  return groupsOf(lines)
    .map(({ days, stretches }) => {
      const [first, last] = [days[0], days.at(-1)];
      const span = first === undefined || last === undefined ? '' : first === last ? name(first) : `${name(first)} – ${name(last)}`;
      return `${span} ${stretches.map(({ from, to }) => time.formatRange(at(from), at(to))).join(', ')}`;
    })
    .join('; ');
}
