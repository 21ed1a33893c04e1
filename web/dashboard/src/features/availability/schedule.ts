// A schedule as its editor handles it: the hours of each weekday, copied, summed up and put into order.

import type { BlockedTime, DateOverride, RecurringRule, Schedule, Stretch, Weekday, WeeklyHours, WeeklyRule } from '@frontdesk/api-client';
import { addDays, civilOf, DAY_MINUTES, instantOf, isoOf } from '../../ui/civil';
import { WEEKDAYS } from '../../ui/hours';

export const EMPTY: Schedule = { zone: '', weekly: [], overrides: [], recurring: [], blocked: [], works_holidays: false };

/** Hours of their own to begin with: those of the business, or the whole week where a thing could be used always. */
export function ownSchedule(hours: WeeklyHours, always: boolean): Schedule {
  const weekly = WEEKDAYS.flatMap((day): WeeklyRule[] =>
    (always ? [{ from: 0, to: DAY_MINUTES }] : (hours[day] ?? [])).map((stretch) => ({ day, hours: stretch, place_id: null })),
  );
  return { ...EMPTY, weekly, works_holidays: always };
}

/** The rules of a weekday with their place in the whole, by which the server names what is wrong with them. */
export function rulesOf(weekly: readonly WeeklyRule[], day: Weekday): { rule: WeeklyRule; index: number }[] {
  return weekly.flatMap((rule, index) => (rule.day === day ? [{ rule, index }] : []));
}

/** The week with other rules on one day, days in order. */
export function withDay(weekly: readonly WeeklyRule[], day: Weekday, rules: readonly WeeklyRule[]): WeeklyRule[] {
  return WEEKDAYS.flatMap((each) => (each === day ? rules.map((rule) => ({ ...rule, day })) : weekly.filter((rule) => rule.day === each)));
}

/** The hours of one day on others, too. */
export function copiedTo(weekly: readonly WeeklyRule[], from: Weekday, to: readonly Weekday[]): WeeklyRule[] {
  const rules = weekly.filter((rule) => rule.day === from);
  return to.reduce<WeeklyRule[]>((week, day) => (day === from ? week : withDay(week, day, rules)), [...weekly]);
}

/** What is wrong with a rule among those of its day: it ends before it starts, or meets another at the same place. */
export function faultOf(rules: readonly WeeklyRule[], at: number): 'order' | 'overlap' | null {
  const rule = rules[at];
  if (rule === undefined) return null;
  if (rule.hours.from >= rule.hours.to) return 'order';
  const meets = rules.some(
    (other, index) => index < at && other.hours.from < rule.hours.to && rule.hours.from < other.hours.to && (other.place_id ?? null) === (rule.place_id ?? null),
  );
  return meets ? 'overlap' : null;
}

export function isSound(weekly: readonly WeeklyRule[]): boolean {
  return WEEKDAYS.every((day) => {
    const rules = weekly.filter((rule) => rule.day === day);
    return rules.every((_, index) => faultOf(rules, index) === null);
  });
}

/** Minutes of an ordinary week. */
export const weekMinutes = (weekly: readonly WeeklyRule[]): number => weekly.reduce((sum, { hours }) => sum + Math.max(0, hours.to - hours.from), 0);

/** In the order people read it, and the server is sent it: what is written in any order means the same. */
export function ordered(schedule: Schedule): Schedule {
  return {
    ...schedule,
    weekly: WEEKDAYS.flatMap((day) => schedule.weekly.filter((rule) => rule.day === day).sort((a, b) => a.hours.from - b.hours.from)),
    overrides: [...schedule.overrides]
      .map((each) => ({ ...each, hours: [...each.hours].sort((a, b) => a.from - b.from) }))
      .sort((a, b) => a.date.localeCompare(b.date)),
    blocked: [...schedule.blocked].sort((a, b) => Date.parse(a.from) - Date.parse(b.from)),
  };
}

/** The days with the same hours; what was there for them is replaced. */
export function withDates(overrides: readonly DateOverride[], dates: readonly string[], what: Omit<DateOverride, 'date'>): DateOverride[] {
  const kept = overrides.filter((each) => !dates.includes(each.date));
  return [...kept, ...dates.map((date) => ({ ...what, hours: what.hours.map((stretch) => ({ ...stretch })), date }))].sort((a, b) => a.date.localeCompare(b.date));
}

export const withoutDates = (overrides: readonly DateOverride[], dates: readonly string[]): DateOverride[] => overrides.filter((each) => !dates.includes(each.date));

/** What is wrong with the stretches of one day. */
export const stretchFault = (hours: readonly Stretch[], at: number): 'order' | 'overlap' | null =>
  faultOf(hours.map((stretch) => ({ day: 'mon', hours: stretch })), at);

/** A time off as the form holds it: civil time of the schedule's zone, the last day included. */
export interface TimeOff {
  allDay: boolean;
  from: string;
  to: string;
  start: number;
  end: number;
  reason: string;
}

export function timeOffOf(blocked: BlockedTime, zone: string): TimeOff {
  const from = civilOf(blocked.from, zone);
  const to = civilOf(blocked.to, zone);
  const allDay = from.minutes === 0 && to.minutes === 0;
  return {
    allDay,
    from: from.day,
    // Until midnight is until the end of the day before.
    to: to.minutes === 0 ? addDays(to.day, -1) : to.day,
    start: allDay ? 9 * 60 : from.minutes,
    end: allDay ? 17 * 60 : to.minutes === 0 ? DAY_MINUTES : to.minutes,
    reason: blocked.reason,
  };
}

export function blockedOf({ allDay, from, to, start, end, reason }: TimeOff, zone: string): BlockedTime {
  const last = allDay ? DAY_MINUTES : end;
  const until = last === DAY_MINUTES ? instantOf(addDays(to, 1), 0, zone) : instantOf(to, last, zone);
  return { from: isoOf(instantOf(from, allDay ? 0 : start, zone)), to: isoOf(until), reason: reason.trim() };
}

/** A recurring rule's first day and hours; hours that end the next morning end before they start. */
export function hoursOfRule({ start, minutes }: Pick<RecurringRule, 'start' | 'minutes'>): { day: string; from: number; to: number; allDay: boolean } {
  const from = Number(start.slice(11, 13)) * 60 + Number(start.slice(14, 16));
  const to = from + minutes;
  return { day: start.slice(0, 10), from, to: to > DAY_MINUTES ? to - DAY_MINUTES : to, allDay: from === 0 && minutes === DAY_MINUTES };
}

export const lengthOf = (from: number, to: number): number => (to > from ? to - from : to + DAY_MINUTES - from);

/** `2026-03-02T18:00:00` */
export function civilText(day: string, minutes: number): string {
  return `${day}T${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}:00`;
}
