// What happened to a message so far, in order, and what is still to come.

import type { MessageStatus, OutboxMessage } from '@frontdesk/api-client';

export interface Step {
  kind: 'queued' | 'leaves' | Exclude<MessageStatus, 'queued'>;
  /** Absent for what is not over. */
  at: string | null;
  tone: 'done' | 'good' | 'bad' | 'unsure' | 'open';
}

export function stepsOf(message: OutboxMessage): Step[] {
  const { status } = message;
  const steps: Step[] = [{ kind: 'queued', at: message.created_at, tone: 'done' }];
  if (status === 'queued') steps.push({ kind: 'leaves', at: message.send_at, tone: 'open' });
  if (status === 'sending') steps.push({ kind: 'sending', at: null, tone: 'open' });
  // Reports come late and out of order: arrived is arrived, also where nobody said that it had left.
  if (typeof message.sent_at === 'string') steps.push({ kind: 'sent', at: message.sent_at, tone: 'done' });
  if (typeof message.delivered_at === 'string') steps.push({ kind: 'delivered', at: message.delivered_at, tone: 'good' });
  if (typeof message.read_at === 'string') steps.push({ kind: 'read', at: message.read_at, tone: 'good' });
  if (status === 'failed' || status === 'undelivered') steps.push({ kind: status, at: message.updated_at, tone: 'bad' });
  if (status === 'cancelled') steps.push({ kind: 'cancelled', at: message.updated_at, tone: 'done' });
  if (status === 'in_doubt') steps.push({ kind: 'in_doubt', at: message.updated_at, tone: 'unsure' });
  return steps;
}
