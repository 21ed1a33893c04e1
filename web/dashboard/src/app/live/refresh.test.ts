import type { LoggedEvent } from '@frontdesk/api-client';
import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keys } from '../keys';
import { applyAtOnce, Refresher, staleAfter } from './refresh';

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

  it('without end refresh a thing less and less often, and at once again after a pause', () => {
    const client = new QueryClient();
    const invalidate = vi.spyOn(client, 'invalidateQueries').mockResolvedValue();
    const refresher = new Refresher(client);
    for (let tenth = 0; tenth < 600; tenth += 1) {
      refresher.refresh([keys.conversations]);
      vi.advanceTimersByTime(100);
    }
    expect(invalidate.mock.calls.length).toBeLessThan(20);
    vi.runAllTimers();
    invalidate.mockClear();
    refresher.refresh([keys.conversations]);
    expect(invalidate).toHaveBeenCalledTimes(1);
  });

  it('that say who has the floor change it at once, but never back', () => {
    const client = new QueryClient();
    const key = keys.conversation('conv_1');
    client.setQueryData(key, { id: 'conv_1', floor: { holder: 'ai' }, epoch: 3 });
    const changed = (epoch: number): LoggedEvent => ({
      seq: 1,
      at: '2026-03-18T09:30:00.000Z',
      kind: 'conversation.floor_changed',
      conversation_id: 'conv_1',
      floor: { holder: 'person', user_id: 'user_1' },
      epoch,
    });
    applyAtOnce(client, changed(2));
    expect(client.getQueryData(key)).toMatchObject({ floor: { holder: 'ai' }, epoch: 3 });
    applyAtOnce(client, changed(4));
    expect(client.getQueryData(key)).toMatchObject({ floor: { holder: 'person' }, epoch: 4 });
  });

  it('that say what became of a message mark it at once, also where it was scrolled up to', () => {
    const client = new QueryClient();
    const key = keys.messages('conv_1');
    client.setQueryData(key, { messages: [{ id: 'msg_1', delivery: { status: 'sent' } }, { id: 'msg_2' }], older: null });
    const event: LoggedEvent = { seq: 1, at: '2026-03-18T09:30:00.000Z', kind: 'message.status_changed', conversation_id: 'conv_1', message_id: 'msg_1', status: 'delivered' };
    applyAtOnce(client, event);
    expect(client.getQueryData(key)).toEqual({ messages: [{ id: 'msg_1', delivery: { status: 'delivered' } }, { id: 'msg_2' }], older: null });
    expect(staleAfter(event)).toContainEqual(keys.outbox);
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
