// Lengths of time as people say them: 120 minutes are 2 hours, 90 are 90 minutes.

export type MinuteUnit = 'minute' | 'hour' | 'day';

export const UNIT_MINUTES: Record<MinuteUnit, number> = { minute: 1, hour: 60, day: 1440 };

/** The largest unit that says it without a fraction. */
export function unitOf(minutes: number): MinuteUnit {
  if (minutes > 0 && minutes % UNIT_MINUTES.day === 0) return 'day';
  if (minutes > 0 && minutes % UNIT_MINUTES.hour === 0) return 'hour';
  return 'minute';
}

/** The name of a unit as it stands after a number: "hour" after 1, "hours" after 2. */
export function unitName(unit: MinuteUnit, count: number, language: string): string {
  const parts = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).formatToParts(count);
  return parts.find((part) => part.type === 'unit')?.value ?? unit;
}

/** "2 hours", "1 day". */
export function minutesText(minutes: number, language: string): string {
  const unit = unitOf(minutes);
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(minutes / UNIT_MINUTES[unit]);
}
