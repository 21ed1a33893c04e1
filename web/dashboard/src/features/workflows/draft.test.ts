import type { Step, WorkflowSettings } from '@frontdesk/api-client';
import { describe, expect, it } from 'vitest';
import { blankSettings, DEEDS, faultsIn, faultUnder, freshId, leadingOn, moved, newAction, plainWords, redirected, refusedOf, same, without, wordsBy } from './draft';

const wait = (id: string): Step => ({ id, action: { do: 'wait', minutes: 5 } });
const fork = (id: string, otherwise: string | null): Step => ({ id, action: { do: 'condition', test: { if: 'booked' }, otherwise } });
const order = (steps: readonly Step[]) => steps.map((step) => step.id).join(' ');
const leadOf = (steps: readonly Step[], id: string) => {
  const action = steps.find((step) => step.id === id)?.action;
  return action?.do === 'condition' ? action.otherwise : undefined;
};

describe('steps', () => {
  const steps = [wait('a'), fork('b', 'd'), wait('c'), wait('d')];

  it('move to the place of another, up and down', () => {
    expect(order(moved(steps, 'a', 'c'))).toBe('b c a d');
    expect(order(moved(steps, 'd', 'a'))).toBe('d a b c');
    expect(order(moved(steps, 'a', 'a'))).toBe('a b c d');
    expect(order(moved(steps, 'x', 'a'))).toBe('a b c d');
  });

  it('of a condition never lead back', () => {
    expect(leadOf(moved(steps, 'a', 'c'), 'b')).toBe('d');
    expect(leadOf(moved(steps, 'd', 'a'), 'b')).toBeNull();
    expect(leadOf(without(steps, 'd'), 'b')).toBeNull();
    expect(redirected(steps, without(steps, 'd'))).toBe(1);
    expect(redirected(steps, without(steps, 'b'))).toBe(0);
    expect(leadOf(leadingOn([fork('x', 'x')]), 'x')).toBeNull();
  });

  it('have names the server takes, one of each deed', () => {
    for (const deed of DEEDS) {
      expect(newAction(deed).do).toBe(deed);
      expect(freshId(deed)).toMatch(/^[a-z0-9_-]{1,30}$/u);
    }
    expect(freshId('follow_up', () => 0.999)).toBe('follow-up-zzzzzz');
  });

  it('keep the words when somebody else is to write them', () => {
    const ai = wordsBy({ by: 'text', text: 'Hi' }, 'ai');
    expect(ai).toEqual({ by: 'ai', instruction: '', fallback: 'Hi' });
    expect(wordsBy(ai, 'text')).toEqual({ by: 'text', text: 'Hi' });
  });
});

describe('words', () => {
  it('read as for somebody who is known', () => {
    const words = '{% if first_name %}Hi {{ first_name }}, {% else %}Hello, {% endif %}this is {{business_name}}. {{ booking_link }}';
    expect(plainWords(words, (variable) => variable.replaceAll('_', ' '))).toBe('Hi [first name], this is [business name]. [booking link]');
    expect(plainWords('100 % sure { of } it', String)).toBe('100 % sure { of } it');
  });
});

describe('settings', () => {
  it('are the same when only what is absent is written out', () => {
    const settings = blankSettings('One');
    const { again_after_days: _gone, ...short } = settings;
    expect(same(settings, short)).toBe(true);
    expect(same(settings, { ...settings, stop_on_reply: false })).toBe(false);
    expect(same({ steps: [1, 2] }, { steps: [2, 1] })).toBe(false);
  });
});

describe('what the server refused', () => {
  const settings: WorkflowSettings = { ...blankSettings('Nurture'), steps: [wait('a'), wait('b')], criteria: [] };
  const refused = refusedOf(settings, [
    { field: '/settings/steps/1/action/minutes', message: 'must be from a minute to a year' },
    { field: '/name', message: 'must not be empty' },
    { field: '/goal', message: 'needs criteria' },
  ]);

  it('stays with its step when that moves', () => {
    const faults = faultsIn(refused, { ...settings, steps: moved(settings.steps, 'b', 'a') });
    expect(faults.get('/steps/b/action/minutes')).toBe('must be from a minute to a year');
    expect(faultUnder(faults, '/steps/b')).toBe('must be from a minute to a year');
    expect(faultUnder(faults, '/steps/a')).toBeUndefined();
  });

  it('goes when its field changes, or its step is taken out', () => {
    expect(faultsIn(refused, { ...settings, name: 'Other' }).has('/name')).toBe(false);
    expect(faultsIn(refused, { ...settings, steps: [wait('a')] }).has('/steps/b/action/minutes')).toBe(false);
    const changed: Step = { id: 'b', action: { do: 'wait', minutes: 9 } };
    expect(faultsIn(refused, { ...settings, steps: [wait('a'), changed] }).size).toBe(2);
    expect(faultsIn(refused, { ...settings, criteria: [{ id: 'c', text: 'Owns it', words: [], required: true }] }).has('/goal')).toBe(false);
    expect(faultsIn(null, settings).size).toBe(0);
  });
});
