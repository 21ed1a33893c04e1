// A conversation under random faults, with a server that keeps its promises and a network that keeps none: whatever
// happens, every message arrives once, in order, and the page ends up showing exactly what the server holds.

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createClient, type Client } from '../src/client';
import { texts } from '../src/i18n';
import type { Frame, Message, ServerEvent } from '../src/protocol';
import { memory, remember } from '../src/storage';
import { message } from './message';

/** mulberry32: a small seeded generator. */
function seeded(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

class World {
  stored: Message[] = [];
  lines = new Set<Line>();
  /** Chances of a fault at each step; all zero is a healthy network. */
  faults = { refuse: 0.3, loseFrame: 0.15, cutAfterStore: 0.15, loseRequest: 0.3, interrupt: 0.3 };
  constructor(readonly random: () => number) {}

  chance(p: number): boolean {
    return this.random() < p;
  }

  add(change: Partial<Message>): Message {
    const made = message(this.stored.length + 1, change);
    this.stored.push(made);
    for (const line of this.lines) line.says({ type: 'message', message: made });
    return made;
  }

  receive(text: string, clientId: string): Message {
    const known = this.stored.find((m) => m.client_id === clientId);
    if (known) return known;
    // Someone else may speak just before, so that the answer to a post is not the next message.
    if (this.chance(this.faults.interrupt)) this.add({ text: 'meanwhile' });
    return this.add({ author: 'customer', text, client_id: clientId });
  }
}

class Line {
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  private dead = false;

  constructor(private readonly world: World) {
    setTimeout(() => (world.chance(world.faults.refuse) ? this.die() : this.onopen?.()), 20);
  }

  says(event: ServerEvent): void {
    if (this.dead) return;
    if (this.world.chance(this.world.faults.loseFrame)) this.die();
    else setTimeout(() => this.dead || this.onmessage?.({ data: JSON.stringify(event) }), 10);
  }

  die(): void {
    this.dead = true;
    this.world.lines.delete(this);
    // Half of the dead lines say nothing: the client must find out by itself.
    if (this.world.chance(0.5)) setTimeout(() => this.onclose?.(), 5);
  }

  send(data: string): void {
    const { world } = this;
    if (this.dead) return;
    const frame = JSON.parse(data) as Frame;
    if (frame.type === 'hello') {
      this.says({ type: 'ready', state: 'open', floor: { holder: 'ai' }, seq: world.stored.length });
      for (const m of world.stored) if (m.seq > frame.after) this.says({ type: 'message', message: m });
      if (!this.dead) world.lines.add(this);
    } else if (frame.type === 'message') {
      if (world.chance(world.faults.loseFrame)) return this.die();
      if (world.chance(world.faults.cutAfterStore)) this.die();
      const before = world.stored.length;
      const stored = world.receive(frame.text, frame.client_id);
      if (world.stored.length === before) this.says({ type: 'message', message: stored });
    } else if (frame.type === 'ping') this.says({ type: 'pong' });
  }

  close(): void {
    this.dead = true;
    this.world.lines.delete(this);
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it.each(Array.from({ length: 150 }, (_, seed) => seed))('loses and doubles nothing (seed %i)', async (seed) => {
  const world = new World(seeded(seed));
  // Every third world has no sockets at all until it heals.
  if (seed % 3 === 0) world.faults.refuse = 1;
  const store = memory();
  let ids = 0;
  const page = (): Client =>
    createClient({
      base: 'https://host/',
      key: 'k',
      locale: 'en',
      pageUrl: '',
      memory: remember(store, 'k'),
      texts: texts('en'),
      fetch: async (url, init) => {
        await new Promise((done) => setTimeout(done, 15));
        if (world.chance(world.faults.loseRequest)) throw new Error('lost on the way there');
        const path = url.slice('https://host/'.length);
        const body = typeof init.body === 'string' ? (JSON.parse(init.body) as Record<string, string>) : {};
        const answer =
          path === 'sessions'
            ? { token: 't', conversation_id: 'c', state: 'open', floor: { holder: 'ai' }, messages: world.stored.slice(-100) }
            : init.method === 'POST'
              ? world.receive(body['text'] ?? '', body['client_id'] ?? '')
              : { messages: world.stored.filter((m) => m.seq > Number(path.split('=')[1])), state: 'open', floor: { holder: 'ai' } };
        if (world.chance(world.faults.loseRequest)) throw new Error('lost on the way back');
        return Response.json(answer, { status: init.method === 'POST' ? 201 : 200 });
      },
      socket: () => new Line(world) as unknown as WebSocket,
      hasNetwork: () => true,
      hidden: () => false,
      now: () => Date.now(),
      random: world.random,
      newId: () => `id${++ids}`,
      changed: () => undefined,
    });

  let client = page();
  client.start();
  const said: string[] = [];
  for (let step = 0; step < 60; step++) {
    const what = world.random();
    if (what < 0.35) {
      const text = `m${said.length}`;
      if (client.send(text)) said.push(text);
    } else if (what < 0.5) world.add({ text: `answer ${step}` });
    else if (what < 0.58) for (const line of [...world.lines]) line.die();
    else if (what < 0.62) client.lost();
    else if (what < 0.66) client.wake();
    else if (what < 0.7) {
      client.stop();
      client = page();
      client.start();
    }
    await vi.advanceTimersByTimeAsync(world.random() * 4000);
  }
  world.faults = { refuse: 0, loseFrame: 0, cutAfterStore: 0, loseRequest: 0, interrupt: 0 };
  await vi.advanceTimersByTimeAsync(180_000);

  expect(world.stored.filter((m) => m.author === 'customer').map((m) => m.text)).toEqual(said);
  expect(client.state().pending).toEqual([]);
  expect(client.state().messages.map((m) => m.id)).toEqual(world.stored.slice(-client.state().messages.length).map((m) => m.id));
  expect(client.state().messages.length).toBe(world.stored.length);
  client.stop();
});
