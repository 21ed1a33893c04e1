import type { OutboxMessage } from '@frontdesk/api-client';
import { describe, expect, it } from 'vitest';
import { remedyOf } from './remedy';

const refused = (rule: string): Pick<OutboxMessage, 'status' | 'verdict'> => ({ status: 'failed', verdict: { verdict: 'deny', rule, reason: 'because' } });

describe('what would let a refused message leave', () => {
  it.each([
    ['opt-out/1', 'optOut'],
    ['opt-out-channel/1', 'optOutChannel'],
    ['consent-revoked/1', 'revoked'],
    ['dnc/1', 'dnc'],
    ['complaint/1', 'complaint'],
    ['us-tcpa-consent/2013-10', 'consent'],
    ['us-tcpa-consent/2013-10+own', 'consent'],
  ])('of %s is %s', (rule, remedy) => {
    expect(remedyOf(refused(rule))).toBe(remedy);
  });

  it.each(['bounce/1', 'whatsapp-window/2022-02', 'us-fl-hours/2021-07', 'rules/1'])('%s may be over by the next try', (rule) => {
    expect(remedyOf(refused(rule))).toBeNull();
  });

  it('is not asked for where the provider failed, nor before or after the refusal', () => {
    expect(remedyOf({ status: 'failed', verdict: { verdict: 'allow' } })).toBeNull();
    expect(remedyOf({ status: 'failed', verdict: null })).toBeNull();
    expect(remedyOf({ ...refused('opt-out/1'), status: 'queued' })).toBeNull();
  });
});
