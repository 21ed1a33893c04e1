// Civil time of a zone: days and minutes as a calendar on the wall shows them, and back to instants. Days are
// `2026-03-29`; minutes count the hands of the clock, so a day always runs from 0 to 1440 however long it really is.

export const DAY_MINUTES = 24 * 60;
const MINUTE = 60_000;

export interface Civil {
  day: string;
  minutes: number;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    clocks.set(zone, clock);
  }
  return clock;
}

/** What a clock in the zone shows, as if it were UTC. */
function wallOf(instant: number, zone: string): number {
  const found: Record<string, number> = {};
  for (const { type, value } of clockOf(zone).formatToParts(instant)) found[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = found;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** How far the zone is ahead of UTC at an instant, in milliseconds. */
export function offsetAt(instant: number, zone: string): number {
  return wallOf(instant, zone) - Math.floor(instant / 1000) * 1000;
}

export function civilOf(instant: number | string, zone: string): Civil {
  const wall = wallOf(typeof instant === 'string' ? Date.parse(instant) : instant, zone);
  return { day: dayText(wall), minutes: Math.floor((wall % (DAY_MINUTES * MINUTE)) / MINUTE) };
}

/**
 * The instant at which the zone's clocks show it. Of a time that comes twice it is the first; a time that is skipped is
 * moved on by as much as the clocks are (as RFC 5545 reads it).
 */
export function instantOf(day: string, minutes: number, zone: string): number {
  const wall = Date.parse(`${day}T00:00:00Z`) + minutes * MINUTE;
  const before = wall - offsetAt(wall - DAY_MINUTES * MINUTE, zone);
  const after = wall - offsetAt(wall + DAY_MINUTES * MINUTE, zone);
  const fits = [before, after].filter((instant) => wallOf(instant, zone) === wall);
  return fits.length === 0 ? before : Math.min(...fits);
}

export const isoOf = (instant: number): string => new Date(instant).toISOString().replace('.000Z', 'Z');

/** When a day begins; the one after begins when it ends. */
export const dayStart = (day: string, zone: string): number => instantOf(day, 0, zone);

/** How long a day really is, in minutes: 1380 and 1500 when the clocks change. */
export function dayLength(day: string, zone: string): number {
  return (dayStart(addDays(day, 1), zone) - dayStart(day, zone)) / MINUTE;
}

/** Minutes of the day that the clocks skip, when they go forward. */
export function skipped(day: string, zone: string): { from: number; to: number } | null {
  const missing = DAY_MINUTES - dayLength(day, zone);
  if (missing <= 0) return null;
  // Between two instants a minute apart the hands jump.
  let [low, high] = [dayStart(day, zone), dayStart(addDays(day, 1), zone)];
  const offset = offsetAt(low, zone);
  while (high - low > MINUTE) {
    const middle = low + Math.floor((high - low) / (2 * MINUTE)) * MINUTE;
    if (offsetAt(middle, zone) === offset) low = middle;
    else high = middle;
  }
  const to = civilOf(high, zone).minutes;
  return { from: to - missing, to };
}

/** Whether the clocks show this time twice that day. */
export function isRepeated(instant: number, zone: string): boolean {
  const wall = wallOf(instant, zone);
  const offsets = new Set([-1, 1].map((sign) => offsetAt(wall + sign * DAY_MINUTES * MINUTE, zone)));
  return [...offsets].filter((offset) => wallOf(wall - offset, zone) === wall).length > 1;
}

function dayText(wall: number): string {
  return new Date(wall).toISOString().slice(0, 10);
}

export function addDays(day: string, count: number): string {
  return dayText(Date.parse(`${day}T00:00:00Z`) + count * DAY_MINUTES * MINUTE);
}

export function addMonths(day: string, count: number): string {
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + count, 0)).getUTCDate();
  return dayText(Date.UTC(year, month - 1 + count, Math.min(date, last)));
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / (DAY_MINUTES * MINUTE));
}

/** 0 for Monday to 6 for Sunday. */
export function weekdayOf(day: string): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
}

export const weekOf = (day: string): string => addDays(day, -weekdayOf(day));

/** The seven days of the week that holds the day, from Monday. */
export function daysOfWeek(day: string): string[] {
  const first = weekOf(day);
  return Array.from({ length: 7 }, (_, index) => addDays(first, index));
}

/** Whole weeks that hold the day's month: four to six of them. */
export function daysOfMonth(day: string): string[] {
  const month = day.slice(0, 7);
  const days: string[] = [];
  for (let at = weekOf(`${month}-01`); days.length === 0 || at.startsWith(month) || weekdayOf(at) !== 0; at = addDays(at, 1)) days.push(at);
  return days;
}

export const isDay = (text: unknown): text is string => typeof text === 'string' && /^\d{4}-\d\d-\d\d$/u.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));

/** A civil day written in a language; a day has no zone. */
export function formatDay(day: string, options: Intl.DateTimeFormatOptions, language: string): string {
  return new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
}

/** Minutes after midnight as a clock shows them in a language. */
export function formatMinutes(minutes: number, language: string): string {
  return new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' }).format(new Date((minutes % DAY_MINUTES) * MINUTE));
}

/** The same, without minutes on the hour where the language writes it so: "9 AM", "9:30 AM", "9:00". */
export function formatMinutesShort(minutes: number, language: string): string {
  const twelve = new Intl.DateTimeFormat(language, { hour: 'numeric' }).resolvedOptions().hour12 === true;
  if (!twelve || minutes % 60 !== 0) return formatMinutes(minutes, language);
  return new Intl.DateTimeFormat(language, { hour: 'numeric', timeZone: 'UTC' }).format(new Date((minutes % DAY_MINUTES) * MINUTE));
}
