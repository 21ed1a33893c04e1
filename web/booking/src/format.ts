// Instants, lengths and prices in words, in the visitor's language and habits (12 or 24 hours, order of day and month).

import type { Price } from './protocol';
import { civil } from './zone';

export interface Words {
  /** "10:30 AM" or "10:30" */
  time: (at: number, zone: string) => string;
  /** "10:30 AM EST": for hours that come twice when clocks go back. */
  timeInZone: (at: number, zone: string) => string;
  /** "Tuesday, November 24" */
  day: (day: string) => string;
  /** "Tue, Nov 24" */
  shortDay: (day: string) => string;
  /** "Tuesday, November 24, 2026" */
  fullDay: (day: string) => string;
  /** "November 2026" */
  month: (month: string) => string;
  /** "Mon", of a day. */
  weekdayShort: (day: string) => string;
  /** "Monday", of a day. */
  weekdayLong: (day: string) => string;
  /** "10:30 – 11:15 AM" */
  span: (start: number, end: number, zone: string) => string;
  /** "45 min", "1 hr 30 min" */
  minutes: (minutes: number) => string;
  price: (price: Price) => string;
  number: (value: number) => string;
}

/** The browser's own variety of the language ("en-GB" for "en"), so that hours and dates look as the visitor is used to. */
export function localeOf(language: string, browser: readonly string[]): string {
  return browser.find((locale) => locale.toLowerCase().split('-')[0] === language) ?? language;
}

export function words(locale: string): Words {
  const made = new Map<string, Intl.DateTimeFormat>();
  const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
    const key = JSON.stringify(options);
    const format = made.get(key) ?? new Intl.DateTimeFormat(locale, options);
    made.set(key, format);
    return format;
  };
  // A day is a date without a place: noon in UTC stands for it.
  const onDay = (day: string, options: Intl.DateTimeFormatOptions): string => format({ ...options, timeZone: 'UTC' }).format(Date.parse(day + 'T12:00Z'));
  const time = (at: number, zone: string): string => format({ hour: 'numeric', minute: '2-digit', timeZone: zone }).format(at);
  const unit = (value: number, unit: 'hour' | 'minute'): string =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
  return {
    time,
    timeInZone: (at, zone) => format({ hour: 'numeric', minute: '2-digit', timeZone: zone, timeZoneName: 'short' }).format(at),
    day: (day) => onDay(day, { weekday: 'long', day: 'numeric', month: 'long' }),
    shortDay: (day) => onDay(day, { weekday: 'short', day: 'numeric', month: 'short' }),
    fullDay: (day) => onDay(day, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
    month: (month) => onDay(month + '-01', { month: 'long', year: 'numeric' }),
    weekdayShort: (day) => onDay(day, { weekday: 'short' }),
    weekdayLong: (day) => onDay(day, { weekday: 'long' }),
    span(start, end, zone) {
      // `formatRange` would hide the jump of an hour when clocks change in between; two times do not.
      if (civil(start, zone).day !== civil(end, zone).day) return `${time(start, zone)} \u2013 ${time(end, zone)} (+1)`;
      return `${time(start, zone)} \u2013 ${time(end, zone)}`;
    },
    minutes(minutes) {
      const hours = Math.floor(minutes / 60);
      const rest = minutes % 60;
      return [hours ? unit(hours, 'hour') : '', rest || !hours ? unit(rest, 'minute') : ''].filter(Boolean).join(' ');
    },
    price({ minor, currency }) {
      try {
        const money = new Intl.NumberFormat(locale, { style: 'currency', currency });
        const digits = money.resolvedOptions().maximumFractionDigits ?? 2;
        const value = minor / 10 ** digits;
        return Number.isInteger(value) ? new Intl.NumberFormat(locale, { style: 'currency', currency, minimumFractionDigits: 0 }).format(value) : money.format(value);
      } catch {
        return `${minor / 100} ${currency}`;
      }
    },
    number: (value) => value.toLocaleString(locale),
  };
}
