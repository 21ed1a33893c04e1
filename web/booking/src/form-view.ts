// Draws the fields of a form with their labels, hints and errors. It decides nothing.

import { html, nothing, type TemplateResult } from 'lit-html';
import { ifDefined } from 'lit-html/directives/if-defined.js';
import { live } from 'lit-html/directives/live.js';
import type { Errors, Field, Value, Values } from './form';
import type { Texts } from './i18n';
import { ALERT, DOWN } from './icons';

export interface FormShow {
  fields: readonly Field[];
  values: Values;
  errors: Errors;
  t: Texts;
  set: (id: string, value: Value) => void;
  left: (id: string) => void;
}

const TYPES: Partial<Record<Field['kind'], string>> = { email: 'email', phone: 'tel', date: 'date' };
export const idOf = (id: string): string => 'bk-' + id.replace('/', '-');

let pressed = false;

/** For the form's `pointerdown`: an error that appears under the pointer would move the button it is about to click. */
export function press(): void {
  pressed = true;
  const lift = (): void => void setTimeout(() => (pressed = false));
  for (const event of ['pointerup', 'pointercancel']) addEventListener(event, lift, { once: true });
}

function leave(id: string, left: (id: string) => void): void {
  if (pressed) addEventListener('pointerup', () => setTimeout(() => left(id)), { once: true });
  else left(id);
}

function wrong(id: string, errors: Errors): TemplateResult | typeof nothing {
  const error = errors[id];
  return error ? html`<span class="bad" id="${idOf(id)}-error">${ALERT}${error}</span>` : nothing;
}

function describedBy({ id, hint }: Field, errors: Errors): string | undefined {
  return [errors[id] ? `${idOf(id)}-error` : '', hint ? `${idOf(id)}-hint` : ''].filter(Boolean).join(' ') || undefined;
}

function label(field: Field, t: Texts): TemplateResult {
  return html`${field.label}${field.required ? nothing : html` <i>${t('optional')}</i>`}`;
}

function control(field: Field, show: FormShow): TemplateResult {
  const { values, errors, t, set, left } = show;
  const { id, kind, required, limit } = field;
  const value = String(values[id] ?? '');
  const invalid = errors[id] ? 'true' : 'false';
  const by = ifDefined(describedBy(field, errors));
  const typed = (event: Event): void => set(id, (event.target as HTMLInputElement).value);
  if (kind === 'long_text') {
    return html`<textarea id=${idOf(id)} rows="3" maxlength=${limit} dir="auto" ?required=${required} aria-invalid=${invalid} aria-describedby=${by} .value=${live(value)} @input=${typed} @blur=${() => leave(id, left)}></textarea>`;
  }
  if (kind === 'select') {
    return html`<span class="select"><select id=${idOf(id)} ?required=${required} aria-invalid=${invalid} aria-describedby=${by} @change=${typed}><option value="" ?selected=${!value}>${t('choose')}</option>${field.choices.map(
      (choice) => html`<option value=${choice} ?selected=${choice === value}>${choice}</option>`,
    )}</select>${DOWN}</span>`;
  }
  return html`<input id=${idOf(id)} type=${TYPES[kind] ?? 'text'} inputmode=${ifDefined(kind === 'number' ? 'decimal' : undefined)} maxlength=${limit} dir=${ifDefined(kind === 'text' ? 'auto' : undefined)} autocomplete=${field.autocomplete as 'on'} ?required=${required} aria-invalid=${invalid} aria-describedby=${by} .value=${live(value)} @input=${typed} @blur=${() => leave(id, left)}>`;
}

function several(field: Field, show: FormShow): TemplateResult {
  const { values, errors, t, set } = show;
  const chosen = (values[field.id] as readonly string[] | undefined) ?? [];
  const flip = (choice: string): void => set(field.id, field.choices.filter((c) => (c === choice ? !chosen.includes(c) : chosen.includes(c))));
  return html`<fieldset class="field" id=${idOf(field.id)} tabindex="-1" aria-describedby=${ifDefined(describedBy(field, errors))}><legend class="label">${label(field, t)}</legend>${field.choices.map(
    (choice) => html`<label class="check"><input type="checkbox" .checked=${chosen.includes(choice)} @change=${() => flip(choice)}><span>${choice}</span></label>`,
  )}${wrong(field.id, errors)}</fieldset>`;
}

function one(field: Field, show: FormShow): TemplateResult {
  const { values, errors, t, set } = show;
  const { id } = field;
  if (field.kind === 'multi_select') return several(field, show);
  if (field.kind === 'checkbox') {
    return html`<div class="field"><label class="check"><input id=${idOf(id)} type="checkbox" ?required=${field.required} aria-invalid=${errors[id] ? 'true' : 'false'} aria-describedby=${ifDefined(describedBy(field, errors))} .checked=${values[id] === true} @change=${(e: Event) => set(id, (e.target as HTMLInputElement).checked)}><span>${label(field, t)}</span></label>${wrong(id, errors)}</div>`;
  }
  return html`<div class="field"><label class="label" for=${idOf(id)}>${label(field, t)}</label>${control(field, show)}${field.hint ? html`<span class="hint" id="${idOf(id)}-hint">${field.hint}</span>` : nothing}${wrong(id, errors)}</div>`;
}

export function formView(show: FormShow): TemplateResult {
  return html`${show.fields.map((field) => one(field, show))}`;
}

/** Moves the focus to the first field with an error. */
export function focusFirstError(root: ParentNode, list: readonly Field[], errors: Errors): void {
  const first = list.find(({ id }) => errors[id]);
  if (first) root.querySelector<HTMLElement>('#' + idOf(first.id))?.focus();
}
