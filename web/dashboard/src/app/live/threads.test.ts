import type { Message, Page } from '@frontdesk/api-client';
import { QueryClient } from '@tanstack/react-query';
import { beforeEach, describe, expect, it } from 'vitest';
import { keys } from '../keys';
import type { Change } from './ephemeral';
import { FULL, Threads, withMessages, type Thread } from './threads';

function message(seq: number, more: Partial<Message> = {}): Message {
  return {
    id: `msg_${String(seq)}`,
    conversation_id: 'conv_1',
    seq,
    author: 'customer',
    text: `m${String(seq)}`,
    citations: [],
    cut: false,
    created_at: '2026-03-18T09:30:00.000Z',
    ...more,
  };
}

let client: QueryClient;
let stored: Message[];
let asked: number[];
let changes: Change[];
let hold: Promise<void>;
let threads: Threads;

const shown = () => client.getQueryData<Thread>(keys.messages('conv_1'))?.messages.map((each) => each.seq);

beforeEach(() => {
  client = new QueryClient();
  stored = [];
  asked = [];
  changes = [];
  hold = Promise.resolve();
  threads = new Threads(
    client,
    async (_id, after): Promise<Page<Message>> => {
      asked.push(after);
      await hold;
      const rest = stored.filter((each) => each.seq > after);
      return { items: rest.slice(0, FULL), next_cursor: null };
    },
    (change) => changes.push(change),
  );
});

describe('a thread', () => {
  it('holds each message once and in order, however they arrive', () => {
    const thread = withMessages({ messages: [message(1), message(3)], older: null }, [message(2), message(3, { text: 'newer' })]);
    expect(thread.messages.map((each) => each.text)).toEqual(['m1', 'm2', 'newer']);
  });

  it('fetches everything that came after its last message, however much', async () => {
    client.setQueryData<Thread>(keys.messages('conv_1'), { messages: [message(1)], older: null });
    stored = Array.from({ length: 2 * FULL + 1 }, (_, index) => message(index + 1));
    await threads.catchUp('conv_1');
    expect(shown()).toEqual(stored.map((each) => each.seq));
    expect(asked).toEqual([1, FULL + 1, 2 * FULL + 1]);
  });

  it('asks once more when a message came while it was asking', async () => {
    client.setQueryData<Thread>(keys.messages('conv_1'), { messages: [message(1)], older: null });
    let release = () => undefined as unknown;
    hold = new Promise((resolve) => (release = () => resolve()));
    stored = [message(2)];
    const first = threads.catchUp('conv_1');
    await threads.catchUp('conv_1');
    await threads.catchUp('conv_1');
    expect(asked).toEqual([1]);
    release();
    // Stored after the first answer was made, announced before it arrived.
    stored = [message(2), message(3)];
    await first;
    expect(shown()).toEqual([1, 2, 3]);
  });

  it('puts the stored reply in the place of the one that was being written', async () => {
    client.setQueryData<Thread>(keys.messages('conv_1'), { messages: [message(1)], older: null });
    stored = [message(2, { author: 'ai', turn_id: 'turn_7' })];
    await threads.catchUp('conv_1');
    expect(changes).toEqual([{ type: 'stored', conversation_id: 'conv_1', turn_id: 'turn_7' }]);
  });

  it('that nobody looks at is not fetched', async () => {
    stored = [message(1)];
    await threads.catchUp('conv_1');
    expect(asked).toEqual([]);
    expect(shown()).toBeUndefined();
  });
});
