import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClient, type Client } from '../src/client';
import { texts } from '../src/i18n';
import type { Frame, Message, ServerEvent } from '../src/protocol';
import { memory, remember } from '../src/storage';
import { message } from './message';

class FakeSocket {
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  sent: Frame[] = [];
  closed = false;
  send(data: string): void {
    this.sent.push(JSON.parse(data) as Frame);
  }
  close(): void {
    this.closed = true;
  }
  says(event: ServerEvent): void {
    this.onmessage?.({ data: JSON.stringify(event) });
  }
  /** Opens and is greeted. */
  up(): void {
    this.onopen?.();
    this.says({ type: 'ready', state: 'open', floor: { holder: 'ai' }, seq: 0 });
  }
}

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
const messagesOf = (socket: FakeSocket | undefined): string[] => (socket?.sent ?? []).flatMap((f) => (f.type === 'message' ? [`${f.client_id}:${f.text}`] : []));

describe('the client', () => {
  let sockets: FakeSocket[];
  let requests: { path: string; body: Record<string, unknown> | null; token: string | null }[];
  let reply: (path: string, body: Record<string, unknown> | null) => Response | Promise<Response>;
  let store: ReturnType<typeof memory>;
  let client: Client;
  let network: boolean;
  let ids: number;
  let tokens: number;

  const make = (): Client =>
    createClient({
      base: 'https://host/api/v1/widget/',
      key: 'pk_1',
      locale: 'en-US',
      pageUrl: 'https://page/',
      memory: remember(store, 'pk_1'),
      texts: texts('en'),
      fetch: async (url, init) => {
        const path = url.slice('https://host/api/v1/widget/'.length);
        const body = typeof init.body === 'string' ? (JSON.parse(init.body) as Record<string, unknown>) : null;
        requests.push({ path, body, token: (init.headers as Record<string, string>)['Authorization'] ?? null });
        return reply(path, body);
      },
      socket: () => {
        const socket = new FakeSocket();
        sockets.push(socket);
        return socket as unknown as WebSocket;
      },
      hasNetwork: () => network,
      hidden: () => false,
      now: () => Date.now(),
      random: () => 1,
      newId: () => `c${++ids}`,
      changed: () => undefined,
    });

  const session = (messages: Message[] = []): Response =>
    Response.json({ token: `token${++tokens}`, conversation_id: 'conv', state: 'open', floor: { holder: 'ai' }, messages }, { status: 201 });
  const confirm = (socket: FakeSocket, seq: number, id: string, text = 'x'): void =>
    socket.says({ type: 'message', message: message(seq, { author: 'customer', client_id: id, text }) });

  beforeEach(() => {
    vi.useFakeTimers();
    sockets = [];
    requests = [];
    store = memory();
    network = true;
    ids = tokens = 0;
    reply = () => session();
    client = make();
  });
  afterEach(() => {
    client.stop();
    vi.useRealTimers();
  });

  async function connected(): Promise<FakeSocket> {
    client.start();
    await settle();
    const socket = sockets.at(-1) as FakeSocket;
    socket.up();
    return socket;
  }

  it('asks for nothing before it is started', async () => {
    await vi.advanceTimersByTimeAsync(60_000);
    expect([requests, sockets]).toEqual([[], []]);
  });

  it('sends one message at a time, in order, each once confirmed', async () => {
    const socket = await connected();
    client.send('a');
    client.send('b');
    expect(messagesOf(socket)).toEqual(['c1:a']);
    confirm(socket, 1, 'c1');
    expect(messagesOf(socket)).toEqual(['c1:a', 'c2:b']);
    confirm(socket, 2, 'c2');
    expect(client.state().pending).toEqual([]);
    expect(remember(store, 'pk_1').pending()).toEqual([]);
  });

  it('sends an unconfirmed message again with the same client_id, and asks for what it missed', async () => {
    const socket = await connected();
    socket.says({ type: 'message', message: message(4) });
    client.send('a');
    socket.onclose?.();
    await vi.advanceTimersByTimeAsync(600);
    const next = sockets.at(-1) as FakeSocket;
    next.up();
    expect(next).not.toBe(socket);
    expect(next.sent[0]).toEqual({ type: 'hello', token: 'token1', after: 4 });
    expect(messagesOf(next)).toEqual(['c1:a']);
  });

  it('takes an unconfirmed send for a dead line', async () => {
    const socket = await connected();
    client.send('a');
    await vi.advanceTimersByTimeAsync(15_000);
    expect(socket.closed).toBe(true);
  });

  it('pings, and takes silence for a dead line', async () => {
    const socket = await connected();
    await vi.advanceTimersByTimeAsync(25_000);
    expect(socket.sent.at(-1)).toEqual({ type: 'ping' });
    socket.says({ type: 'pong' });
    await vi.advanceTimersByTimeAsync(24_999);
    expect(socket.closed).toBe(false);
    await vi.advanceTimersByTimeAsync(10_001);
    expect(socket.closed).toBe(true);
  });

  it('waits longer after each failure, half a minute at most', async () => {
    reply = () => Promise.reject(new Error('no network'));
    client.start();
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      const before = requests.length;
      const start = Date.now();
      while (requests.length === before) await vi.advanceTimersByTimeAsync(100);
      waits.push(Date.now() - start);
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });

  it('comes back at once when the network does', async () => {
    const socket = await connected();
    client.lost();
    expect(socket.closed).toBe(true);
    const before = sockets.length;
    client.wake();
    await settle();
    expect(sockets.length).toBe(before + 1);
  });

  it('falls back to requests after three sockets that do not open, and tries a socket again each minute', async () => {
    const stored: Message[] = [];
    reply = (path, body) => {
      if (path === 'sessions') return session();
      if (body) {
        const made = message(stored.length + 1, { author: 'customer', client_id: String(body['client_id']), text: String(body['text']) });
        stored.push(made);
        return Response.json(made, { status: 201 });
      }
      const cursor = Number(path.split('=')[1]);
      return Response.json({ messages: stored.filter((m) => m.seq > cursor), state: 'open', floor: { holder: 'ai' } });
    };
    client.send('a');
    for (let i = 0; i < 3; i++) {
      await vi.advanceTimersByTimeAsync(2000);
      sockets[i]?.onclose?.();
    }
    await settle();
    expect(stored.map((m) => m.text)).toEqual(['a']);
    expect(client.state().pending).toEqual([]);
    stored.push(message(2, { text: 'answer' }));
    await vi.advanceTimersByTimeAsync(2000);
    expect(client.state().messages.map((m) => m.text)).toEqual(['a', 'answer']);
    expect(sockets).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(62_000);
    expect(sockets).toHaveLength(4);
    sockets[3]?.up();
    const calls = requests.length;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(requests.length).toBe(calls);
  });

  it('does not blame the socket while there is no network', async () => {
    client.start();
    await settle();
    network = false;
    for (let i = 0; i < 5; i++) {
      sockets.at(-1)?.onclose?.();
      await vi.advanceTimersByTimeAsync(30_000);
    }
    expect(requests.filter((r) => r.path.startsWith('messages'))).toEqual([]);
  });

  it('waits as long as the server says, then sends the same message', async () => {
    const socket = await connected();
    client.send('a');
    socket.says({ type: 'error', code: 'rate_limited', message: '', client_id: 'c1', retry_after_ms: 3000, fatal: false });
    expect(client.state().notice).toContain('3 s');
    await vi.advanceTimersByTimeAsync(2999);
    expect(messagesOf(socket)).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(messagesOf(socket)).toEqual(['c1:a', 'c1:a']);
    expect(client.state().notice).toBeNull();
  });

  it('a refused message is kept with its reason and does not hold up the next', async () => {
    const socket = await connected();
    client.send('a');
    client.send('b');
    socket.says({ type: 'error', code: 'too_long', message: '', client_id: 'c1', retry_after_ms: null, fatal: false });
    expect(client.state().pending[0]?.failed).toContain('4000 characters');
    expect(messagesOf(socket)).toEqual(['c1:a', 'c2:b']);
  });

  it('a refusal that names no message fails none', async () => {
    const socket = await connected();
    client.send('a');
    socket.says({ type: 'error', code: 'malformed', message: 'Odd frame.', client_id: null, retry_after_ms: null, fatal: false });
    expect(client.state().pending[0]?.failed).toBeNull();
  });

  it('an unknown token is replaced and unsent messages go to the new session', async () => {
    const socket = await connected();
    client.send('a');
    socket.says({ type: 'error', code: 'unauthorized', message: '', client_id: null, retry_after_ms: null, fatal: true });
    await vi.advanceTimersByTimeAsync(1);
    expect(requests.at(-1)?.body).not.toHaveProperty('token');
    const next = sockets.at(-1) as FakeSocket;
    next.up();
    expect(next.sent[0]).toEqual({ type: 'hello', token: 'token2', after: 0 });
    expect(messagesOf(next)).toEqual(['c1:a']);
  });

  it('keeps unsent messages for the next page, which sends them under the same client_id', async () => {
    reply = () => Promise.reject(new Error('no network'));
    client.send('a');
    client.send('b');
    await settle();
    client.stop();
    reply = () => session([message(1, { author: 'customer', client_id: 'c1', text: 'a' })]);
    client = make();
    const socket = await connected();
    expect(messagesOf(socket)).toEqual(['c2:b']);
  });

  it('resumes with the token it remembers', async () => {
    await connected();
    client.stop();
    client = make();
    await connected();
    expect(requests.at(-1)?.body).toMatchObject({ key: 'pk_1', token: 'token1' });
  });

  it('bounds the queue and says so', () => {
    reply = () => Promise.reject(new Error('no network'));
    const taken = Array.from({ length: 51 }, () => client.send('x'));
    expect(taken.filter(Boolean)).toHaveLength(50);
    expect(taken.at(-1)).toBe(false);
  });

  it('survives answers that are not JSON and unknown events', async () => {
    const socket = await connected();
    socket.onmessage?.({ data: 'nonsense' });
    socket.says({ type: 'later_addition' } as unknown as ServerEvent);
    expect(client.state().link).toBe('online');
  });
});
