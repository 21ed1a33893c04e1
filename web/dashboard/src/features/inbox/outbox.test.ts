import { describe, expect, it } from 'vitest';
import { reduceOutbox, type Outbox, type OutboxChange } from './outbox';

const send = (clientId: string, text: string, at = '1'): OutboxChange => ({ type: 'sending', conversationId: 'c', clientId, text, at });
const after = (...changes: OutboxChange[]) => changes.reduce<Outbox>(reduceOutbox, new Map()).get('c');

describe('the outbox', () => {
  it('keeps a failed reply with its text and place, and sends it again under the same id', () => {
    const failed: OutboxChange = { type: 'failed', conversationId: 'c', clientId: 'a', error: 'offline' };
    expect(after(send('a', 'one'), send('b', 'two'), failed)?.[0]).toMatchObject({ text: 'one', status: 'failed' });
    const again = after(send('a', 'one', '1'), send('b', 'two'), failed, send('a', 'one', '9'));
    expect(again?.map((each) => [each.clientId, each.status, each.at])).toEqual([
      ['a', 'sending', '1'],
      ['b', 'sending', '1'],
    ]);
  });

  it('forgets a reply once it is stored or thrown away', () => {
    expect(after(send('a', 'one'), { type: 'gone', conversationId: 'c', clientId: 'a' })).toEqual([]);
  });
});
