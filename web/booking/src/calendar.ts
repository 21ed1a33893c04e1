// A month as a grid of days, and where the keys of the keyboard lead in it. Days are `YYYY-MM-DD`, months `YYYY-MM`.
// Pure arithmetic on the civil calendar: no zone, no clock.

const at = (day: string): number => Date.parse(day + 'T00:00Z');
const text = (time: number): string => new Date(time).toISOString().slice(0, 10);

export const monthOf = (day: string): string => day.slice(0, 7);
export const firstOf = (month: string): string => month + '-01';
export const addDays = (day: string, count: number): string => text(at(day) + count * 86_400_000);

export function addMonths(month: string, count: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return text(Date.UTC(year, number - 1 + count, 1)).slice(0, 7);
}

/** Days in a month. */
export const length = (month: string): number => Number(addDays(firstOf(addMonths(month, 1)), -1).slice(8));

/** The same day of another month, or its last one. */
export function sameDay(day: string, months: number): string {
  const month = addMonths(monthOf(day), months);
  return `${month}-${String(Math.min(Number(day.slice(8)), length(month))).padStart(2, '0')}`;
}

/** Sunday is 0. */
export const weekday = (day: string): number => new Date(at(day)).getUTCDay();

// CLDR week data for the regions of the page's languages, for browsers without it: where weeks do not begin on Monday.
const SUNDAY = /-(US|CA|MX|BR|CO|PE|VE|DO|GT|HN|NI|PA|PR|PY|SV|ZA|IN|JP|KR|IL|PH|TW|HK|AU)\b/;

/** The weekday with which weeks begin where the locale is at home; Sunday is 0. */
export function weekStart(locale: string): number {
  try {
    type WithWeek = Intl.Locale & { getWeekInfo?: () => { firstDay: number }; weekInfo?: { firstDay: number } };
    const full = new Intl.Locale(locale) as WithWeek;
    const info = full.getWeekInfo?.() ?? full.weekInfo;
    if (info) return info.firstDay % 7;
    return SUNDAY.test(full.maximize().toString()) ? 0 : 1;
  } catch {
    return 1;
  }
}

/** The weeks of a month; null where a week reaches into another month. */
export function weeks(month: string, start: number): (string | null)[][] {
  const first = firstOf(month);
  const lead = (weekday(first) - start + 7) % 7;
  const days: (string | null)[] = Array.from({ length: lead }, () => null);
  for (let i = 0; i < length(month); i++) days.push(addDays(first, i));
  while (days.length % 7) days.push(null);
  return Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7));
}

/** Where a key leads from a day; null when the key means nothing in a calendar (WAI-ARIA grid pattern). */
export function step(day: string, key: string, shift: boolean, start: number): string | null {
  const column = (weekday(day) - start + 7) % 7;
  switch (key) {
    case 'ArrowLeft':
      return addDays(day, -1);
    case 'ArrowRight':
      return addDays(day, 1);
    case 'ArrowUp':
      return addDays(day, -7);
    case 'ArrowDown':
      return addDays(day, 7);
    case 'Home':
      return addDays(day, -column);
    case 'End':
      return addDays(day, 6 - column);
    case 'PageUp':
      return sameDay(day, shift ? -12 : -1);
    case 'PageDown':
      return sameDay(day, shift ? 12 : 1);
    default:
      return null;
  }
}
