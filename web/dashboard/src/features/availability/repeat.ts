// Repetitions as the editor offers them, and the RFC 5545 rules they are kept as. A rule that says more than the editor
// can show is left as it is and edited as text.

import type { Weekday } from '@frontdesk/api-client';
import type { TFunction } from 'i18next';
import { addDays, daysBetween, formatDay, isDay, weekdayOf, weekOf } from '../../ui/civil';
import { dayName, WEEKDAYS } from '../../ui/hours';

export type Monthly = { by: 'day'; day: number } | { by: 'weekday'; nth: number; day: Weekday };
export type End = { kind: 'never' } | { kind: 'until'; date: string } | { kind: 'count'; count: number };

export interface Repeat {
  freq: 'daily' | 'weekly' | 'monthly';
  interval: number;
  /** Weekly: on these days. */
  days: Weekday[];
  /** Monthly: which day of the month. */
  monthly: Monthly;
  end: End;
}

const CODES: Record<Weekday, string> = { mon: 'MO', tue: 'TU', wed: 'WE', thu: 'TH', fri: 'FR', sat: 'SA', sun: 'SU' };
const FREQS: Record<string, Repeat['freq']> = { DAILY: 'daily', WEEKLY: 'weekly', MONTHLY: 'monthly' };

export const weekday = (date: string): Weekday => WEEKDAYS[weekdayOf(date)] ?? 'mon';

/** Which one of its weekday in the month a date is: 1 to 4, or -1 for the last. */
export function nthOf(date: string): number {
  const day = Number(date.slice(8, 10));
  return day > 28 ? -1 : Math.ceil(day / 7);
}

/** Every week on the day it starts, for ever. */
export function freshRepeat(start: string): Repeat {
  return { freq: 'weekly', interval: 1, days: [weekday(start)], monthly: { by: 'day', day: Number(start.slice(8, 10)) }, end: { kind: 'never' } };
}

/** Reads a rule whose first start is on `start`; null when it says more than the editor can show. */
export function readRule(rule: string, start: string): Repeat | null {
  const parts = new Map<string, string>();
  for (const part of rule.trim().replace(/^RRULE:/iu, '').toUpperCase().split(';')) {
    const [key = '', value = ''] = part.split('=');
    if (key !== '') parts.set(key, value);
  }
  const freq = FREQS[parts.get('FREQ') ?? ''];
  const interval = Number(parts.get('INTERVAL') ?? 1);
  const end = readEnd(parts.get('UNTIL'), parts.get('COUNT'));
  if (freq === undefined || end === null || !Number.isInteger(interval) || interval < 1) return null;
  // Weeks from Monday are what the editor means; with another first day every second week is another one.
  const monday = interval === 1 || (parts.get('WKST') ?? 'MO') === 'MO';
  const known = new Set(['FREQ', 'INTERVAL', 'UNTIL', 'COUNT', 'WKST', ...(freq === 'weekly' ? ['BYDAY'] : freq === 'monthly' ? ['BYDAY', 'BYMONTHDAY'] : [])]);
  if (!monday || [...parts.keys()].some((key) => !known.has(key))) return null;
  const fresh = { ...freshRepeat(start), freq, interval, end };
  const byDay = parts.get('BYDAY');
  const byMonthDay = parts.get('BYMONTHDAY');
  if (freq === 'weekly' && byDay !== undefined) {
    const days = WEEKDAYS.filter((day) => byDay.split(',').includes(CODES[day]));
    return days.length === byDay.split(',').length ? { ...fresh, days } : null;
  }
  if (freq === 'monthly') {
    if (byDay !== undefined && byMonthDay !== undefined) return null;
    if (byDay !== undefined) {
      const match = /^(-?\d)(MO|TU|WE|TH|FR|SA|SU)$/u.exec(byDay);
      const day = WEEKDAYS.find((each) => CODES[each] === match?.[2]);
      const nth = Number(match?.[1]);
      return day !== undefined && [1, 2, 3, 4, -1].includes(nth) ? { ...fresh, monthly: { by: 'weekday', nth, day } } : null;
    }
    if (byMonthDay !== undefined) {
      const day = Number(byMonthDay);
      return Number.isInteger(day) && day >= 1 && day <= 31 ? { ...fresh, monthly: { by: 'day', day } } : null;
    }
  }
  return fresh;
}

function readEnd(until: string | undefined, count: string | undefined): End | null {
  if (until !== undefined && count !== undefined) return null;
  if (until !== undefined) {
    const date = until.replace(/^(\d{4})(\d\d)(\d\d).*$/u, '$1-$2-$3');
    return isDay(date) ? { kind: 'until', date } : null;
  }
  if (count === undefined) return { kind: 'never' };
  return Number.isInteger(Number(count)) && Number(count) > 0 ? { kind: 'count', count: Number(count) } : null;
}

export function writeRule({ freq, interval, days, monthly, end }: Repeat): string {
  const parts = [`FREQ=${freq.toUpperCase()}`];
  if (interval > 1) parts.push(`INTERVAL=${String(interval)}`);
  if (freq === 'weekly') parts.push(`BYDAY=${WEEKDAYS.filter((day) => days.includes(day)).map((day) => CODES[day]).join(',')}`);
  if (freq === 'monthly') parts.push(monthly.by === 'day' ? `BYMONTHDAY=${String(monthly.day)}` : `BYDAY=${String(monthly.nth)}${CODES[monthly.day]}`);
  // The last day counts whole.
  if (end.kind === 'until') parts.push(`UNTIL=${end.date.replaceAll('-', '')}T235959`);
  if (end.kind === 'count') parts.push(`COUNT=${String(end.count)}`);
  return parts.join(';');
}

function monthsBetween(from: string, to: string): number {
  return (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7));
}

function isOn({ freq, interval, days, monthly }: Repeat, start: string, date: string): boolean {
  switch (freq) {
    case 'daily':
      return daysBetween(start, date) % interval === 0;
    case 'weekly':
      return days.includes(weekday(date)) && (daysBetween(weekOf(start), weekOf(date)) / 7) % interval === 0;
    case 'monthly': {
      if (monthsBetween(start, date) % interval !== 0) return false;
      if (monthly.by === 'day') return Number(date.slice(8, 10)) === monthly.day;
      if (weekday(date) !== monthly.day) return false;
      return monthly.nth === -1 ? addDays(date, 7).slice(5, 7) !== date.slice(5, 7) : Math.ceil(Number(date.slice(8, 10)) / 7) === monthly.nth;
    }
  }
}

/** Days looked through for the next dates: ten years. */
const FAR = 3660;

/** The days it falls on from `from` on, at most `most` of them. */
export function datesOf(repeat: Repeat, start: string, from: string, most: number): string[] {
  const found: string[] = [];
  const { end } = repeat;
  // Only a count has to be counted from the start.
  let date = end.kind === 'count' || from < start ? start : from;
  for (let counted = 0, looked = 0; looked < FAR && found.length < most; looked += 1, date = addDays(date, 1)) {
    if (end.kind === 'until' && date > end.date) break;
    if (!isOn(repeat, start, date)) continue;
    counted += 1;
    if (end.kind === 'count' && counted > end.count) break;
    if (date >= from) found.push(date);
  }
  return found;
}

/** The repetition in a plain sentence, without a full stop. `t` knows the texts of `availability`. */
export function sentenceOf(repeat: Repeat, language: string, t: TFunction<'availability'>): string {
  const { freq, interval: count, monthly, end } = repeat;
  const list = (names: string[]) => new Intl.ListFormat(language).format(names);
  const core = () => {
    switch (freq) {
      case 'daily':
        return t('repeat.daily', { count });
      case 'weekly':
        return repeat.days.length === 7 && count === 1
          ? t('repeat.daily', { count: 1 })
          : t('repeat.weekly', { count, days: list(WEEKDAYS.filter((day) => repeat.days.includes(day)).map((day) => dayName(day, language))) });
      case 'monthly':
        return monthly.by === 'day'
          ? t('repeat.monthlyDay', { count, day: monthly.day })
          : t('repeat.monthlyWeekday', { count, nth: t(`repeat.nth.${monthly.nth === -1 ? 'last' : (String(monthly.nth) as '1')}`), day: dayName(monthly.day, language) });
    }
  };
  if (end.kind === 'until') return `${core()}, ${t('repeat.until', { date: formatDay(end.date, { year: 'numeric', month: 'long', day: 'numeric' }, language) })}`;
  if (end.kind === 'count') return `${core()}, ${t('repeat.times', { count: end.count })}`;
  return core();
}
