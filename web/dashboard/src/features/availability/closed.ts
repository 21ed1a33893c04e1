// Which days the business is closed: public holidays it keeps and days off of its own.

import type { Holiday, HolidaySettings } from '@frontdesk/api-client';

/** Why the business is closed on a day; null when it is not. `holidays` are its country's. */
export function closedOn({ working, own }: HolidaySettings, holidays: readonly Holiday[], day: string): string | null {
  const mine = own.find((each) => each.date === day || (each.yearly && each.date.slice(5) === day.slice(5)));
  if (mine !== undefined) return mine.name;
  return holidays.find((each) => each.date === day && !working.includes(each.key))?.name ?? null;
}

/** With one of the country's holidays kept or worked on. */
export function withHoliday(working: readonly string[], key: string, closed: boolean): string[] {
  return closed ? working.filter((each) => each !== key) : [...new Set([...working, key])];
}
