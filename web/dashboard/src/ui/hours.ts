// Weekly hours as the editor handles them.

import type { Stretch, Weekday, WeeklyHours } from '@frontdesk/api-client';

export const WEEKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
export const USUAL: Stretch = { from: 9 * 60, to: 17 * 60 };
const DAY = 24 * 60;

/** Minutes after midnight as a time field shows them; the day's end is midnight. */
export function timeOf(minutes: number): string {
  const within = minutes % DAY;
  return `${String(Math.floor(within / 60)).padStart(2, '0')}:${String(within % 60).padStart(2, '0')}`;
}

/** What a time field says in minutes; null while it is incomplete. Midnight as an end is the day's end. */
export function minutesOf(time: string, isEnd: boolean): number | null {
  const match = /^(\d{2}):(\d{2})/u.exec(time);
  if (match === null) return null;
  const minutes = Number(match[1]) * 60 + Number(match[2]);
  return isEnd && minutes === 0 ? DAY : minutes;
}

/** Whether every stretch lies within its day and starts after the one before it ends. */
export function isValid(hours: WeeklyHours): boolean {
  return Object.values(hours).every((stretches) =>
    stretches.every((stretch, index) => {
      const before = stretches[index - 1];
      return stretch.from < stretch.to && stretch.to <= DAY && (before === undefined || before.to <= stretch.from);
    }),
  );
}

/** Hours to add after those a day has. */
export function nextStretch(stretches: readonly Stretch[]): Stretch | null {
  const last = stretches.at(-1);
  if (last === undefined) return USUAL;
  const from = last.to + 60;
  return from + 60 > DAY ? null : { from, to: Math.min(from + 4 * 60, DAY) };
}

/** The name of a weekday in a language. */
export function dayName(day: Weekday, language: string): string {
  // 2024-01-01 was a Monday.
  const date = new Date(Date.UTC(2024, 0, 1 + WEEKDAYS.indexOf(day)));
  return new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' }).format(date);
}
