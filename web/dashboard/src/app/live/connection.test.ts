import type { LoggedEvent } from '@frontdesk/api-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { LiveConnection, type LiveStatus, type SocketLike } from './connection';

class FakeSocket implements SocketLike {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  sent: { type: string; after?: number | null }[] = [];
  closed = false;
  send(text: string) {
    this.sent.push(JSON.parse(text) as { type: string });
  }
  close() {
    this.closed = true;
  }
  /** The server accepts, then says these frames. */
  say(...frames: object[]) {
    this.onopen?.();
    this.tell(...frames);
  }
  tell(...frames: object[]) {
    for (const frame of frames) this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

interface Timer {
  at: number;
  run: () => void;
}

let sockets: FakeSocket[];
let timers: Set<Timer>;
let now: number;
let events: LoggedEvent[];
let resyncs: number;
let statuses: LiveStatus[];
let renewals: number;
let signedIn: boolean;
let live: LiveConnection;

function last(): FakeSocket {
  const socket = sockets.at(-1);
  if (socket === undefined) throw new Error('no socket was opened');
  return socket;
}

/** Lets time pass, firing timers in order. */
async function pass(milliseconds: number) {
  const end = now + milliseconds;
  for (;;) {
    const due = [...timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
    if (due === undefined) break;
    timers.delete(due);
    now = due.at;
    due.run();
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  }
  now = end;
}

function event(seq: number): object {
  return { type: 'event', seq, at: '2026-03-18T09:30:00.000Z', kind: 'workspace.updated' };
}

const seqs = () => events.map((each) => each.seq);

beforeEach(() => {
  sockets = [];
  timers = new Set();
  now = 0;
  events = [];
  resyncs = 0;
  statuses = [];
  renewals = 0;
  signedIn = true;
  live = new LiveConnection({
    open: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    after: (milliseconds, run) => {
      const timer = { at: now + milliseconds, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    random: () => 1,
    renew: () => {
      renewals += 1;
      return Promise.resolve(signedIn);
    },
    onEvent: (each) => events.push(each),
    onEphemeral: () => undefined,
    onResync: () => (resyncs += 1),
    onStatus: (status) => statuses.push(status),
  });
  live.start();
});

describe('the live connection', () => {
  it('starts at the head of the log and refreshes what was asked for before', () => {
    last().say({ type: 'ready', seq: 41 }, event(42), event(43));
    expect(last().sent[0]).toEqual({ type: 'hello', after: null });
    expect(seqs()).toEqual([42, 43]);
    expect(resyncs).toBe(1);
    expect(statuses.at(-1)).toBe('live');
  });

  it('resumes after the last event it has and handles what it missed once', async () => {
    last().say({ type: 'ready', seq: 10 }, event(11));
    last().onclose?.();
    expect(statuses.at(-1)).toBe('reconnecting');
    await pass(1000);
    expect(sockets).toHaveLength(2);
    last().say({ type: 'ready', seq: 13 }, event(12), event(13));
    expect(last().sent[0]).toEqual({ type: 'hello', after: 11 });
    expect(seqs()).toEqual([11, 12, 13]);
    expect(resyncs).toBe(1);
  });

  it('handles an event that comes twice once', () => {
    last().say({ type: 'ready', seq: 5 }, event(6), event(6), event(5), event(7));
    expect(seqs()).toEqual([6, 7]);
  });

  it('asks again from the last sure event when there is a hole', () => {
    last().say({ type: 'ready', seq: 5 }, event(6), event(8));
    expect(sockets).toHaveLength(2);
    expect(sockets[0]?.closed).toBe(true);
    last().say({ type: 'ready', seq: 8 }, event(7), event(8));
    expect(last().sent[0]).toEqual({ type: 'hello', after: 6 });
    expect(seqs()).toEqual([6, 7, 8]);
  });

  it('ignores what a dropped connection still says', () => {
    const first = last();
    first.say({ type: 'ready', seq: 5 });
    const handler = first.onmessage;
    first.tell(event(9));
    handler?.({ data: JSON.stringify(event(6)) });
    expect(seqs()).toEqual([]);
  });

  it.each([
    ['reset before ready', [{ type: 'reset' }, { type: 'ready', seq: 900 }]],
    ['reset after ready', [{ type: 'ready', seq: 900 }, { type: 'reset' }]],
  ])('asks for everything anew when the log was cut: %s', async (_name, frames) => {
    last().say({ type: 'ready', seq: 5 });
    last().onclose?.();
    await pass(1000);
    last().say(...frames, event(901));
    expect(resyncs).toBe(2);
    expect(seqs()).toEqual([901]);
  });

  it('waits longer after each failure and starts over after a success', async () => {
    last().say({ type: 'ready', seq: 1 });
    last().onclose?.();
    await pass(499);
    expect(sockets).toHaveLength(1);
    await pass(1);
    expect(sockets).toHaveLength(2);
    last().onclose?.();
    await pass(999);
    expect(sockets).toHaveLength(2);
    await pass(1);
    expect(sockets).toHaveLength(3);
    last().say({ type: 'ready', seq: 1 });
    last().onclose?.();
    await pass(500);
    expect(sockets).toHaveLength(4);
  });

  it('renews the sign-in after a refused connection, and stops when it has lapsed', async () => {
    last().onclose?.();
    await pass(500);
    expect([renewals, sockets.length]).toEqual([1, 2]);
    signedIn = false;
    last().onclose?.();
    await pass(60_000);
    expect([renewals, sockets.length, statuses.at(-1)]).toEqual([2, 2, 'stopped']);
  });

  it('takes silence for a dead connection', async () => {
    last().say({ type: 'ready', seq: 1 });
    await pass(59_000);
    last().tell({ type: 'pong' });
    await pass(59_000);
    expect(sockets).toHaveLength(1);
    await pass(2_000);
    expect(sockets).toHaveLength(2);
    expect(sockets[0]?.sent.some((frame) => frame.type === 'ping')).toBe(true);
  });

  it('says nothing more once stopped', async () => {
    last().say({ type: 'ready', seq: 1 });
    live.stop();
    await pass(120_000);
    expect(sockets).toHaveLength(1);
    expect(statuses.at(-1)).toBe('stopped');
  });
});
