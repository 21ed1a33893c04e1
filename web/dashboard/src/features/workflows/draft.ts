// A workflow while it is edited: new steps, their order, where conditions may lead, and what the server found wrong.

import type { Action, Criterion, FieldProblem, OutreachMessage, Step, WorkflowSettings, Words } from '@frontdesk/api-client';

export type Deed = Action['do'];

/** In the order they are offered. */
export const DEEDS = ['send', 'wait', 'follow_up', 'condition', 'tag', 'set_status', 'task', 'webhook', 'end'] as const satisfies readonly Deed[];

export const MOST_STEPS = 50;
export const MOST_CRITERIA = 10;
/** The longest wait: a leap year, in minutes. */
export const MOST_MINUTES = 527_040;

/** What fills in words, in every message and task. */
export const WORKFLOW_VARIABLES = ['first_name', 'name', 'company', 'business_name', 'booking_link'] as const;

const DAY = 1440;

const newMessage = (): OutreachMessage => ({ channel: 'best', subject: null, words: { by: 'text', text: '' }, whatsapp_template: null });

/** A deed as a new step begins with it. */
export function newAction(deed: Deed): Action {
  switch (deed) {
    case 'wait':
      return { do: deed, minutes: DAY };
    case 'send':
      return { do: deed, message: newMessage() };
    case 'follow_up':
      return { do: deed, message: newMessage(), times: 2, every_minutes: 2 * DAY };
    case 'condition':
      return { do: deed, test: { if: 'booked' }, otherwise: null };
    case 'tag':
      return { do: deed, add: [], remove: [] };
    case 'set_status':
      return { do: deed, status: 'contacted' };
    case 'task':
      return { do: deed, title: '', due_in_days: 1 };
    case 'webhook':
      return { do: deed, url: '' };
    case 'end':
      return { do: deed };
  }
}

/**
 * A name no step of the workflow has or had: contacts keep their place by it, so one that was taken out must not come
 * back as something else.
 */
export function freshId(prefix: string, random: () => number = Math.random): string {
  const tail = Array.from({ length: 6 }, () => Math.floor(random() * 36).toString(36)).join('');
  return `${prefix.replaceAll('_', '-')}-${tail}`;
}

export const newStep = (deed: Deed): Step => ({ id: freshId(deed), action: newAction(deed) });

export const newCriterion = (): Criterion => ({ id: freshId('fits'), text: '', words: [], required: true });

export function blankSettings(name: string): WorkflowSettings {
  const message: OutreachMessage = { ...newMessage(), words: { by: 'text', text: '' } };
  return {
    name,
    trigger: { on: 'contact_added' },
    filter: {},
    steps: [{ id: freshId('send'), action: { do: 'send', message } }],
    goal: 'booking',
    stop_on_reply: true,
    stop_on_booking: true,
    again_after_days: null,
    purpose: 'marketing',
    criteria: [],
  };
}

/** The words with the text kept when who writes them changes. */
export function wordsBy(words: Words, by: Words['by']): Words {
  if (words.by === by) return words;
  return words.by === 'text' ? { by: 'ai', instruction: '', fallback: words.text } : { by: 'text', text: words.fallback };
}

export function inserted<Item>(list: readonly Item[], at: number, item: Item): Item[] {
  return [...list.slice(0, at), item, ...list.slice(at)];
}

/** The steps with one moved to another's place; conditions that would then lead back lead to the end. */
export function moved(steps: readonly Step[], id: string, target: string): Step[] {
  const from = steps.findIndex((step) => step.id === id);
  const to = steps.findIndex((step) => step.id === target);
  const step = steps[from];
  if (step === undefined || to === -1 || from === to) return [...steps];
  const rest = steps.filter((each) => each.id !== id);
  return leadingOn(inserted(rest, to, step));
}

export function without(steps: readonly Step[], id: string): Step[] {
  return leadingOn(steps.filter((step) => step.id !== id));
}

/** Conditions lead to later steps only: one that does not any more leads to the end. */
export function leadingOn(steps: readonly Step[]): Step[] {
  return steps.map((step, n) => {
    const { action } = step;
    if (action.do !== 'condition' || typeof action.otherwise !== 'string') return step;
    const leads = steps.slice(n + 1).some((later) => later.id === action.otherwise);
    return leads ? step : { ...step, action: { ...action, otherwise: null } };
  });
}

/** Words with variables as they read for somebody of whom everything is known, each variable by its name. */
export function plainWords(words: string, nameOf: (variable: string) => string): string {
  return words
    .replaceAll(/\{%-?\s*else\b[^%]*%\}[\s\S]*?(?=\{%-?\s*endif)/gu, '')
    .replaceAll(/\{%[^%]*%\}/gu, '')
    .replaceAll(/\{\{-?\s*(\w+)[^}]*\}\}/gu, (_all, variable: string) => `[${nameOf(variable)}]`);
}

/** How many conditions lead elsewhere than before. */
export function redirected(before: readonly Step[], after: readonly Step[]): number {
  const lead = (steps: readonly Step[]) => new Map(steps.map((step) => [step.id, step.action.do === 'condition' ? (step.action.otherwise ?? null) : null]));
  const then = lead(before);
  return [...lead(after)].filter(([id, otherwise]) => then.has(id) && then.get(id) !== otherwise).length;
}

/** Settings in one form, so that what the server writes out in full equals what was left out here. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, each]) => each !== null && each !== undefined);
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, canonical(each)]));
}

export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(canonical(one)) === JSON.stringify(canonical(other));
}

/**
 * What the server refused, by place. Steps and criteria are named by their ids and not by their number, so that a
 * message stays with its step when that moves.
 */
export interface Refused {
  settings: WorkflowSettings;
  /** Absent numbers: `/steps/ask-1a2b3c/action/minutes`. */
  faults: readonly { place: string; message: string }[];
}

const LISTS = ['steps', 'criteria'] as const;

function placeOf(settings: WorkflowSettings, pointer: string): string {
  const parts = pointer.split('/');
  const list = LISTS.find((each) => each === parts[1]);
  if (list === undefined || parts[2] === undefined) return pointer;
  const id = settings[list][Number(parts[2])]?.id;
  return id === undefined ? pointer : ['', list, id, ...parts.slice(3)].join('/');
}

/** `/settings/steps/0/...` of a body and `/steps/0/...` of the settings are the same place. */
export function refusedOf(settings: WorkflowSettings, errors: readonly FieldProblem[]): Refused {
  return { settings, faults: errors.map(({ field, message }) => ({ place: placeOf(settings, field.replace(/^\/settings(?=\/)/u, '')), message })) };
}

/** What stands at a place. */
function valueAt(settings: WorkflowSettings, place: string): unknown {
  let at: unknown = settings;
  for (const part of place.split('/').slice(1)) {
    if (Array.isArray(at)) {
      const list: unknown[] = at;
      at = list.find((each) => typeof each === 'object' && each !== null && 'id' in each && each.id === part) ?? list[Number(part)];
    } else {
      at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[part] : undefined;
    }
  }
  return at;
}

/** The faults that still hold: what was changed since is no longer known to be wrong. */
export function faultsIn(refused: Refused | null, settings: WorkflowSettings): ReadonlyMap<string, string> {
  const standing = new Map<string, string>();
  for (const { place, message } of refused?.faults ?? []) {
    const then = refused === null ? undefined : valueAt(refused.settings, place);
    const gone = LISTS.some((list) => {
      const [, named, id] = place.split('/');
      return named === list && id !== undefined && !settings[list].some((each) => each.id === id);
    });
    if (gone || !same(then ?? null, valueAt(settings, place) ?? null)) continue;
    if (place === '/goal' && settings.criteria.length > 0) continue;
    standing.set(place, standing.has(place) ? `${standing.get(place) ?? ''}; ${message}` : message);
  }
  return standing;
}

/** The first fault at a place or below it. */
export function faultUnder(faults: ReadonlyMap<string, string>, place: string): string | undefined {
  for (const [at, message] of faults) if (at === place || at.startsWith(`${place}/`)) return message;
  return undefined;
}

/** What has to be filled in before the server needs to be asked. */
export function missingIn(settings: WorkflowSettings, say: { name: string; words: string; title: string; url: string; steps: string; criterion: string; moments: string; field: string }): FieldProblem[] {
  const missing: FieldProblem[] = [];
  const need = (field: string, filled: boolean, message: string) => {
    if (!filled) missing.push({ field, message });
  };
  const words = (at: string, { words: said }: OutreachMessage) => {
    if (said.by === 'text') need(`${at}/words/text`, said.text.trim() !== '', say.words);
    else {
      need(`${at}/words/instruction`, said.instruction.trim() !== '', say.words);
      need(`${at}/words/fallback`, said.fallback.trim() !== '', say.words);
    }
  };
  need('/name', settings.name.trim() !== '', say.name);
  if (settings.trigger.on === 'booking') need('/trigger/moments', settings.trigger.moments.length > 0, say.moments);
  if (settings.trigger.on === 'date') need('/trigger/field', settings.trigger.field !== '', say.field);
  need('/steps', settings.steps.length > 0, say.steps);
  settings.steps.forEach(({ action }, n) => {
    const at = `/steps/${String(n)}/action`;
    if (action.do === 'send' || action.do === 'follow_up') words(`${at}/message`, action.message);
    if (action.do === 'task') need(`${at}/title`, action.title.trim() !== '', say.title);
    if (action.do === 'webhook') need(`${at}/url`, action.url.trim() !== '', say.url);
  });
  settings.criteria.forEach(({ text }, n) => need(`/criteria/${String(n)}/text`, text.trim() !== '', say.criterion));
  return missing;
}
