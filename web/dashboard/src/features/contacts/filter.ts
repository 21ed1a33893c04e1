// Filters of contacts: what is empty is left out, days become instants, and each kind of field has its comparisons.

import type { ContactFilter, FieldComparison, FieldKind } from '@frontdesk/api-client';

/** A filter without what it does not ask. */
export function compact(filter: { [Key in keyof ContactFilter]?: ContactFilter[Key] | undefined }): ContactFilter {
  const asked = Object.entries(filter).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0));
  return Object.fromEntries(asked) as ContactFilter;
}

/** What a filter asks that can be asked: a comparison with nothing is not finished. */
export function finished(filter: ContactFilter): ContactFilter {
  const { fields, ...rest } = compact(filter);
  const whole = (fields ?? []).filter((test) => test.test === 'set' || (test.value !== undefined && test.value !== null && test.value !== ''));
  return whole.length === 0 ? rest : { ...rest, fields: whole };
}

/** How many things a filter asks. */
export function asks(filter: ContactFilter): number {
  const { fields, ...rest } = finished(filter);
  return Object.keys(rest).length + (fields ?? []).length;
}

/** The beginning of a day, `days` later, in the browser's time. */
export function startOf(day: string, days: number): string | undefined {
  const [year, month, date] = day.split('-').map(Number);
  if (year === undefined || month === undefined || date === undefined || Number.isNaN(year + month + date)) return undefined;
  return new Date(year, month - 1, date + days).toISOString();
}

/** The day of an instant, `days` later, as a date field takes it. */
export function dayOf(at: string | undefined, days: number): string {
  if (at === undefined) return '';
  const date = new Date(at);
  date.setDate(date.getDate() + days);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${String(date.getFullYear())}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export function comparisonsOf(kind: FieldKind): FieldComparison[] {
  if (kind === 'number' || kind === 'date') return ['is', 'below', 'above', 'set'];
  if (kind === 'bool' || kind === 'choice') return ['is', 'set'];
  return ['is', 'begins', 'set'];
}
