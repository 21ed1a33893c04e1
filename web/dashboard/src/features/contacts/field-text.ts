// What one of the business's own fields says, as people read it.

import type { CustomField, Json } from '@frontdesk/api-client';
import { formatDay, isDay } from '../../ui/civil';

/** The field that a value stands under; keys differ in their case alone. */
export const fieldOf = (key: string, known: readonly CustomField[]): CustomField | undefined => known.find((field) => field.key.toLowerCase() === key.toLowerCase());

/** A key that nobody set up as a field, as words. */
export function wordsOf(key: string): string {
  const words = key.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

interface Words {
  readonly language: string;
  readonly yes: string;
  readonly no: string;
}

export function fieldText(value: Json, { language, yes, no }: Words): string {
  if (typeof value === 'boolean') return value ? yes : no;
  if (typeof value === 'number') return new Intl.NumberFormat(language).format(value);
  if (isDay(value)) return formatDay(value, { year: 'numeric', month: 'short', day: 'numeric' }, language);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
