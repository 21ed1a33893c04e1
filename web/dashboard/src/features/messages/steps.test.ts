import type { OutboxMessage } from '@frontdesk/api-client';
import { describe, expect, it } from 'vitest';
import { stepsOf } from './steps';

const at = (minute: number) => `2026-03-18T09:0${String(minute)}:00Z`;
const message = (part: Partial<OutboxMessage>) => ({ status: 'sent', created_at: at(0), send_at: at(1), updated_at: at(5), ...part }) as OutboxMessage;
const kinds = (part: Partial<OutboxMessage>) => stepsOf(message(part)).map((step) => step.kind);

describe('what happened to a message', () => {
  it('is in order, with what it waits for', () => {
    expect(kinds({ status: 'queued' })).toEqual(['queued', 'leaves']);
    expect(kinds({ status: 'read', sent_at: at(1), delivered_at: at(2), read_at: at(3) })).toEqual(['queued', 'sent', 'delivered', 'read']);
    expect(kinds({ status: 'delivered', delivered_at: at(2) })).toEqual(['queued', 'delivered']);
  });

  it('ends with what went wrong', () => {
    expect(stepsOf(message({ status: 'undelivered', sent_at: at(1) })).at(-1)).toEqual({ kind: 'undelivered', at: at(5), tone: 'bad' });
    expect(kinds({ status: 'in_doubt' })).toEqual(['queued', 'in_doubt']);
    expect(kinds({ status: 'cancelled' })).toEqual(['queued', 'cancelled']);
  });
});
