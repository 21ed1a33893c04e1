// Civil time in any IANA zone, by the browser's own data. Instants are epoch milliseconds, days are `YYYY-MM-DD`.
// Everything that shows or groups times goes through here, so that no day or hour is ever computed in the wrong zone.

export interface Civil {
  /** `YYYY-MM-DD` */
  day: string;
  hour: number;
  minute: number;
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const known = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = known.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit',
    });
    known.set(zone, clock);
  }
  return clock;
}

export function isZone(zone: string | null | undefined): zone is string {
  if (!zone) return false;
  try {
    return !!clockOf(zone);
  } catch {
    return false;
  }
}

/** What the wall clock and the calendar of a zone say at an instant. */
export function civil(at: number, zone: string): Civil {
  const [date = '', time = ''] = clockOf(zone).format(at).split(', ');
  const [month, day, year] = date.split('/');
  const [hour, minute] = time.split(':');
  return { day: `${year}-${month}-${day}`, hour: Number(hour), minute: Number(minute) };
}

/** Minutes a zone is ahead of UTC at an instant. */
export function offset(at: number, zone: string): number {
  const { day, hour, minute } = civil(at, zone);
  return (Date.parse(day + 'T00:00Z') + (hour * 60 + minute) * MINUTE - Math.floor(at / MINUTE) * MINUTE) / MINUTE;
}

/** The first instant of a day in a zone. Where midnight is skipped it is the first instant after it. */
export function startOfDay(day: string, zone: string): number {
  const utc = Date.parse(day + 'T00:00Z');
  // Days only ever go forward, so the first minute that belongs to this day or a later one is found by halving.
  let before = (utc - 16 * HOUR) / MINUTE;
  let after = (utc + 16 * HOUR) / MINUTE;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (civil(middle * MINUTE, zone).day < day) before = middle;
    else after = middle;
  }
  return after * MINUTE;
}

export interface Shift {
  /** The instant at which clocks change. */
  at: number;
  /** Minutes they go forward; negative when they go back. */
  minutes: number;
}

/** The change of clocks between two instants, if there is one. */
export function shiftBetween(from: number, to: number, zone: string): Shift | null {
  const first = offset(from, zone);
  for (let start = from; start < to; start += DAY) {
    const end = Math.min(start + DAY, to);
    if (offset(end, zone) === first) continue;
    let before = start / MINUTE;
    let after = end / MINUTE;
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (offset(middle * MINUTE, zone) === first) before = middle;
      else after = middle;
    }
    const at = Math.ceil(after) * MINUTE;
    return { at, minutes: offset(at, zone) - first };
  }
  return null;
}

/** The zone the browser says it is in; the given one when it does not know. */
export function browserZone(otherwise: string): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return isZone(zone) && zone !== 'Etc/Unknown' ? zone : otherwise;
}

/** `America/Argentina/Buenos_Aires` is "Buenos Aires". */
export const city = (zone: string): string => (zone.split('/').at(-1) as string).replaceAll('_', ' ');

/** `GMT+5:30`, `GMT-3`, `GMT`. */
export function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const rest = size % 60;
  return 'GMT' + (minutes < 0 ? '-' : minutes > 0 ? '+' : '') + (size ? Math.floor(size / 60) : '') + (rest ? ':' + String(rest).padStart(2, '0') : '');
}

function longName(zone: string, locale: string, at: number): string {
  try {
    const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'longGeneric' }).formatToParts(at);
    return parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
  } catch {
    return '';
  }
}

export interface ZoneEntry {
  zone: string;
  city: string;
  /** "Eastern Time"; in the language of the page. */
  name: string;
  /** `GMT-5` */
  offset: string;
  /** What a search looks through, in plain lower case. */
  words: string;
}

const plain = (text: string): string => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase();

function entry(zone: string, locale: string, at: number): ZoneEntry {
  const ahead = offsetText(offset(at, zone));
  const name = longName(zone, locale, at);
  return { zone, city: city(zone), name, offset: ahead, words: plain(`${city(zone)} ${zone} ${zone.replaceAll(/[/_]/g, ' ')} ${name} ${ahead} ${ahead.replace('GMT', 'UTC')}`) };
}

/** Every zone the browser knows, the given ones first, the others by name. */
export function allZones(first: readonly string[], locale: string, at: number): ZoneEntry[] {
  const all = [...Intl.supportedValuesOf('timeZone'), 'UTC'].sort((a, b) => (city(a) < city(b) ? -1 : 1));
  return [...new Set([...first, ...all])].map((zone) => entry(zone, locale, at));
}

/** The zones that have all words of the search; those whose city begins with it first. */
export function searchZones(zones: readonly ZoneEntry[], search: string): ZoneEntry[] {
  const wanted = plain(search).split(/\s+/).filter(Boolean);
  if (!wanted.length) return [...zones];
  const found = zones.filter(({ words }) => wanted.every((word) => words.includes(word)));
  const begins = (zone: ZoneEntry): number => Number(!zone.words.startsWith(wanted[0] as string));
  return found.sort((a, b) => begins(a) - begins(b));
}
