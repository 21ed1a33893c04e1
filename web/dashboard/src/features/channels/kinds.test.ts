import { describe, expect, it } from 'vitest';
import { isOfChannel, stateOf } from './kinds';

const test = (ok: boolean) => ({ ok, message: '', latency_ms: 1, at: '2026-03-18T09:30:00Z' });

describe('a kind of channel', () => {
  it('is as well as the worst of what is in use', () => {
    expect(stateOf([])).toBe('none');
    expect(stateOf([{ enabled: false, last_test: test(true) }])).toBe('off');
    expect(stateOf([{ enabled: true, last_test: null }])).toBe('untested');
    expect(stateOf([{ enabled: true, last_test: test(true) }])).toBe('connected');
    expect(stateOf([{ enabled: true, last_test: test(true) }, { enabled: true, last_test: test(false) }])).toBe('failing');
    expect(stateOf([{ enabled: true, last_test: test(true) }, { enabled: false, last_test: test(false) }])).toBe('connected');
  });

  it('is not a model', () => {
    expect(isOfChannel('sms')).toBe(true);
    expect(isOfChannel('model')).toBe(false);
  });
});
