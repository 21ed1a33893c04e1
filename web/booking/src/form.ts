// What is asked of a customer, and whether what they typed will do. Pure; the server has the last word and its answers by
// field land here too.

import type { Texts } from './i18n';
import type { PublicType, Question } from './protocol';

export type Value = string | readonly string[] | boolean;
export type Values = Readonly<Record<string, Value>>;
export type Errors = Readonly<Record<string, string>>;

export type FieldKind = 'text' | 'email' | 'phone' | 'number' | 'long_text' | 'select' | 'multi_select' | 'checkbox' | 'date';

export interface Field {
  /** `name`, `email`, `phone`, `message`, or `answers/key`. */
  id: string;
  kind: FieldKind;
  label: string;
  required: boolean;
  choices: readonly string[];
  /** What browsers may fill in (WCAG 1.3.5). */
  autocomplete: string;
  hint: string;
  /** Characters it may have. */
  limit: number;
}

const field = (id: string, kind: FieldKind, label: string, required: boolean, more: Partial<Field> = {}): Field => ({
  id, kind, label, required, choices: [], autocomplete: 'off', hint: '', limit: 200, ...more,
});

/** Where the business comes to, where the type has no question of its own for it. */
const ADDRESS = 'place';

const KINDS: Record<Question['kind'], FieldKind> = {
  text: 'text', long_text: 'long_text', number: 'number', select: 'select', multi_select: 'multi_select', checkbox: 'checkbox', phone: 'phone',
};

export function contactFields(t: Texts, phoneRequired: boolean): Field[] {
  return [
    field('name', 'text', t('name'), true, { autocomplete: 'name', limit: 120 }),
    field('email', 'email', t('email'), true, { autocomplete: 'email', limit: 254 }),
    field('phone', 'phone', t('phone'), phoneRequired, { autocomplete: 'tel', hint: phoneRequired ? t('phoneCall') : '', limit: 40 }),
  ];
}

export function fields(type: PublicType, t: Texts): Field[] {
  const isAt = type.location_kind;
  const asksAddress = isAt === 'customer' && !type.questions.some(({ key }) => key === 'address');
  return [
    ...contactFields(t, isAt === 'phone'),
    ...(asksAddress ? [field(ADDRESS, 'text', t('address'), true, { autocomplete: 'street-address', hint: t('addressHint'), limit: 500 })] : []),
    ...type.questions.map(({ key, kind, label, required, choices }) =>
      field('answers/' + key, KINDS[kind], label, required, { choices, limit: kind === 'long_text' ? 2000 : kind === 'phone' ? 40 : 300, autocomplete: kind === 'phone' ? 'tel' : 'off' }),
    ),
    field('message', 'long_text', t('message'), false, { limit: 2000 }),
  ];
}

const EMAIL = /^[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@.,;<>]{2,}$/;

/** Why a value will not do; an empty text when it will. */
export function check({ kind, required, limit }: Field, value: Value | undefined, t: Texts): string {
  if (kind === 'checkbox') return required && value !== true ? t('tick') : '';
  if (kind === 'multi_select') return required && !(value as readonly string[] | undefined)?.length ? t('chooseSome') : '';
  const text = String(value ?? '').trim();
  if (!text) return required ? t(kind === 'select' ? 'chooseOne' : 'needed') : '';
  if ([...text].length > limit) return t('tooLong', limit);
  if (kind === 'email' && !EMAIL.test(text)) return t('badEmail');
  if (kind === 'phone' && (text.match(/\d/g)?.length ?? 0) < 6) return t('badPhone');
  if (kind === 'phone' && /[^\d\s()+./x#*-]/i.test(text)) return t('badPhone');
  if (kind === 'number' && !/^[-+]?\d+([.,]\d+)?$/.test(text)) return t('badNumber');
  return '';
}

export function checkAll(list: readonly Field[], values: Values, t: Texts): Errors {
  return Object.fromEntries(list.map((f) => [f.id, check(f, values[f.id], t)]).filter(([, error]) => error));
}

/** The server's words by field, where the form has that field; the rest in one line. */
export function fromServer(list: readonly Field[], problems: ReadonlyMap<string, string>): { errors: Errors; rest: string } {
  const errors: Record<string, string> = {};
  const rest: string[] = [];
  for (const [pointer, message] of problems) {
    const id = pointer.replace(/^\//, '');
    const says = message.charAt(0).toUpperCase() + message.slice(1);
    if (list.some((f) => f.id === id)) errors[id] = says;
    else rest.push(`${id}: ${message}`);
  }
  return { errors, rest: rest.join('; ') };
}

/**
 * The values as they travel: trimmed, answers by question, nothing empty. The choices of a question stand one a line. An
 * address nobody made a question for leads the message.
 */
export function wire(list: readonly Field[], values: Values): Record<string, string | Record<string, string>> {
  const out: Record<string, string> = {};
  const answers: Record<string, string> = {};
  for (const { id, kind } of list) {
    const value = values[id];
    const text = kind === 'checkbox' ? (value ? 'true' : '') : Array.isArray(value) ? value.join('\n') : String(value ?? '').trim();
    if (!text) continue;
    if (id.startsWith('answers/')) answers[id.slice(8)] = kind === 'number' ? text.replace(',', '.') : text;
    else out[id] = text;
  }
  const { [ADDRESS]: address, ...others } = out;
  if (address) return wired({ ...others, message: [address, others['message']].filter(Boolean).join('\n\n') }, answers);
  return wired(out, answers);
}

function wired(out: Record<string, string>, answers: Record<string, string>): Record<string, string | Record<string, string>> {
  return Object.keys(answers).length ? { ...out, answers } : out;
}
