import { describe, expect, it } from 'vitest';
import { ruleKind } from './verdict';

describe('a rule', () => {
  it.each([
    ['opt-out/1', 'optOut'],
    ['bounce/1', 'bounce'],
    ['business-hours/1', 'businessHours'],
    ['us-fl-hours/2', 'hours'],
    ['house-cap-day/1', 'cap'],
    ['whatsapp-opt-in/1', 'consent'],
    ['whatsapp-window/2022-02', 'window'],
    ['us-fl-cap/2021-07+own', 'cap'],
    ['something-new/3', 'other'],
  ])('%s is about %s', (rule, kind) => {
    expect(ruleKind(rule)).toBe(kind);
  });
});
