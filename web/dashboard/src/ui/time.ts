// Instants as words, always in the business's zone.

import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../app/session';

/** The zone times are shown in: the business's; the browser's until that is known. */
export function useZone(): string {
  return useWorkspace()?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

export type TimeStyle = 'time' | 'date' | 'datetime' | 'weekday' | 'full';

const STYLES: Record<TimeStyle, Intl.DateTimeFormatOptions> = {
  time: { hour: 'numeric', minute: '2-digit' },
  date: { year: 'numeric', month: 'short', day: 'numeric' },
  datetime: { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' },
  weekday: { weekday: 'long', month: 'long', day: 'numeric' },
  full: { year: 'numeric', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit', timeZoneName: 'short' },
};

const formatters = new Map<string, Intl.DateTimeFormat>();

export function formatTime(instant: string | Date, style: TimeStyle, language: string, zone: string): string {
  const key = `${language} ${zone} ${style}`;
  let formatter = formatters.get(key);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat(language, { ...STYLES[style], timeZone: zone });
    formatters.set(key, formatter);
  }
  return formatter.format(typeof instant === 'string' ? new Date(instant) : instant);
}

/** The civil day of an instant in a zone, `2026-03-18`. */
export function dayOf(instant: string | Date, zone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(typeof instant === 'string' ? new Date(instant) : instant);
}

/** "now", "5m", "3h", "Tue", "Mar 18": as short as a list wants it. */
export function shortAgo(instant: string, now: number, language: string, zone: string): string {
  const seconds = Math.max(0, (now - Date.parse(instant)) / 1000);
  if (seconds < 60) return relativeNow(language);
  if (seconds < 3600) return unit(Math.floor(seconds / 60), 'minute', language);
  if (seconds < 86_400) return unit(Math.floor(seconds / 3600), 'hour', language);
  const options: Intl.DateTimeFormatOptions =
    seconds < 6 * 86_400 ? { weekday: 'short' } : { month: 'short', day: 'numeric' };
  return new Intl.DateTimeFormat(language, { ...options, timeZone: zone }).format(new Date(instant));
}

/** "5 minutes ago", "yesterday". */
export function longAgo(instant: string, now: number, language: string): string {
  const seconds = (Date.parse(instant) - now) / 1000;
  const formatter = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const size = Math.abs(seconds);
  if (size < 60) return formatter.format(0, 'second');
  if (size < 3600) return formatter.format(Math.trunc(seconds / 60), 'minute');
  if (size < 86_400) return formatter.format(Math.trunc(seconds / 3600), 'hour');
  if (size < 30 * 86_400) return formatter.format(Math.trunc(seconds / 86_400), 'day');
  if (size < 365 * 86_400) return formatter.format(Math.trunc(seconds / (30 * 86_400)), 'month');
  return formatter.format(Math.trunc(seconds / (365 * 86_400)), 'year');
}

function relativeNow(language: string): string {
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'narrow' }).format(0, 'second');
}

function unit(count: number, name: 'minute' | 'hour', language: string): string {
  return new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'narrow' }).format(count);
}

// One clock for every relative time on the page; it stands still while nothing shows one.
let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  now = Date.now();
  for (const each of listeners) each();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    timer = setInterval(tick, 20_000);
    // The clock stood still while nobody looked.
    queueMicrotask(tick);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The current time in milliseconds, to the nearest twenty seconds. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

/** How to write an instant here: language and zone filled in. */
export function useFormatTime(): (instant: string | Date, style: TimeStyle) => string {
  const { i18n } = useTranslation();
  const zone = useZone();
  return (instant, style) => formatTime(instant, style, i18n.language, zone);
}
