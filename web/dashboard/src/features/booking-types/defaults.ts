// A booking type as a form holds it, and back.

import type { BookingLimits, BookingLocation, BookingQuestion, BookingType, BookingTypeSettings, Price, QuestionKind } from '@frontdesk/api-client';

/** A question in the form; a new one has no key until it is saved. */
export interface QuestionForm extends BookingQuestion {
  uid: string;
}

export interface TypeForm extends Omit<BookingTypeSettings, 'questions' | 'price' | 'reminders' | 'limits'>, Record<string, unknown> {
  slug: string;
  price: Price | null;
  reminders: number[] | null;
  limits: Required<BookingLimits>;
  questions: QuestionForm[];
}

let made = 0;

export const freshQuestion = (): QuestionForm => ({ uid: `new-${String((made += 1))}`, key: '', label: '', kind: 'text', required: false, choices: [] });

export function formOf({ id: _id, position: _position, created_at: _created, updated_at: _updated, ...rest }: BookingType): TypeForm {
  return {
    ...rest,
    price: rest.price ?? null,
    reminders: rest.reminders ?? null,
    limits: {
      per_day: rest.limits.per_day ?? null,
      per_week: rest.limits.per_week ?? null,
      per_staff_day: rest.limits.per_staff_day ?? null,
      per_staff_week: rest.limits.per_staff_week ?? null,
    },
    questions: rest.questions.map((question) => ({ ...question, uid: question.key })),
  };
}

const CHOOSES = new Set<QuestionKind>(['select', 'multi_select']);

export const hasChoices = (kind: QuestionKind): boolean => CHOOSES.has(kind);

/** The form as the server takes it: new questions get their keys, choices only where there is something to choose. */
export function settingsOf({ questions, ...form }: TypeForm): BookingTypeSettings & { slug: string } {
  const keyed: BookingQuestion[] = [];
  const kept = questions.filter((question) => question.key !== '');
  for (const { uid: _uid, ...question } of questions) {
    keyed.push({
      ...question,
      key: question.key === '' ? keyFor(question.label, [...kept, ...keyed]) : question.key,
      label: question.label.trim(),
      choices: hasChoices(question.kind) ? question.choices.map((choice) => choice.trim()).filter((choice) => choice !== '') : [],
    });
  }
  return { ...form, name: form.name.trim(), slug: form.slug.trim().toLowerCase(), questions: keyed };
}

export function locationOf(kind: BookingLocation['kind'], before: BookingLocation, firstPlace: string | undefined): BookingLocation {
  switch (kind) {
    case 'place':
      return { kind, place_id: before.kind === 'place' ? before.place_id : (firstPlace ?? '') };
    case 'address':
      return { kind, address: before.kind === 'address' ? before.address : '' };
    case 'video':
      return { kind, url: before.kind === 'video' ? before.url : '' };
    default:
      return { kind };
  }
}

/** A key for a new question, from its label: short, plain, and nobody else's. */
export function keyFor(label: string, questions: readonly BookingQuestion[]): string {
  const plain = label
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, '_')
    .replaceAll(/^_+|_+$/gu, '')
    .slice(0, 32);
  const base = plain === '' ? 'question' : plain;
  let key = base;
  for (let count = 2; questions.some((question) => question.key === key); count += 1) key = `${base}_${String(count)}`;
  return key;
}

/** Moves one of a list to another place. */
export function reordered<Item>(list: readonly Item[], from: number, to: number): Item[] {
  const rest = list.filter((_, index) => index !== from);
  const item = list[from];
  return item === undefined ? rest : [...rest.slice(0, to), item, ...rest.slice(to)];
}

export const MOST_DURATIONS = 8;

export const isDuration = (minutes: number): boolean => Number.isInteger(minutes) && minutes >= 5 && minutes <= 1440;

/** With one more: the usual one stays first, the others go by length. */
export function withDuration(durations: readonly number[], minutes: number): number[] {
  const [usual, ...others] = [...durations, minutes];
  return usual === undefined ? [] : [usual, ...others.sort((a, b) => a - b)];
}
