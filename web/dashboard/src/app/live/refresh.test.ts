import type { LoggedEvent } from '@frontdesk/api-client';
import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keys } from '../keys';
import { Refresher, staleAfter } from './refresh';

describe('events', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('in a row refresh a thing once at the start and once at the end', () => {
    const client = new QueryClient();
    const invalidate = vi.spyOn(client, 'invalidateQueries').mockResolvedValue();
    const refresher = new Refresher(client);
    for (let turn = 0; turn < 50; turn += 1) refresher.refresh([keys.conversations]);
    expect(invalidate).toHaveBeenCalledTimes(1);
    vi.runAllTimers();
    expect(invalidate).toHaveBeenCalledTimes(2);
  });

  it('of a message by the agent also make its turns old', () => {
    const event: LoggedEvent = {
      seq: 1,
      at: '2026-03-18T09:30:00.000Z',
      kind: 'message.created',
      conversation_id: 'conv_1',
      message_id: 'msg_1',
      author: 'ai',
      message_seq: 2,
    };
    expect(staleAfter(event)).toContainEqual(keys.turns('conv_1'));
    expect(staleAfter({ ...event, author: 'customer' })).not.toContainEqual(keys.turns('conv_1'));
  });
});
