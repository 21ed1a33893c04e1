import type { LoggedEvent, Message } from '@frontdesk/api-client';
import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keys } from '../keys';
import { newerMessages, Refresher, staleAfter, withMessages } from './refresh';

function message(seq: number, text = `m${String(seq)}`): Message {
  return {
    id: `msg_${String(seq)}`,
    conversation_id: 'conv_1',
    seq,
    author: 'customer',
    text,
    citations: [],
    cut: false,
    created_at: '2026-03-18T09:30:00.000Z',
  };
}

describe('a thread', () => {
  it('holds each message once and in order, however they arrive', () => {
    const thread = withMessages({ messages: [message(1), message(3)], hasOlder: false }, [message(2), message(3, 'newer')]);
    expect(thread.messages.map((each) => each.text)).toEqual(['m1', 'm2', 'newer']);
  });

  it('fetches everything that came after its last message', async () => {
    const asked: number[] = [];
    const found = await newerMessages({ messages: [message(4)], hasOlder: true }, (after) => {
      asked.push(after);
      return Promise.resolve({ items: [message(after + 1)], next_cursor: after < 6 ? 'more' : null });
    });
    expect(asked).toEqual([4, 5, 6]);
    expect(found.map((each) => each.seq)).toEqual([5, 6, 7]);
  });
});

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
