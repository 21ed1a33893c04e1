import { describe, expect, it } from 'vitest';
import type { ServerEvent } from '../src/protocol';
import { awaiting, initial, reduce, unread, type Action, type State } from '../src/state';
import { timeline, type Row } from '../src/timeline';
import { message } from './message';

const after = (...actions: Action[]): State => actions.reduce(reduce, initial([]));
const server = (event: ServerEvent): Action => ({ type: 'server', event });
const arrives = (...args: Parameters<typeof message>): Action => server({ type: 'message', message: message(...args) });
const delta = (turn_id: string, text: string): Action => server({ type: 'delta', turn_id, text });
const ready = server({ type: 'ready', state: 'open', floor: { holder: 'ai' }, seq: 0 });
const shown = (state: State): string[] =>
  timeline(state, '').flatMap((row: Row) => (row.kind === 'bubble' || row.kind === 'line' ? [row.text] : row.kind === 'joined' ? [row.name + ' joined'] : row.kind === 'fresh' ? ['--'] : []));

describe('messages', () => {
  it('are ordered by seq and never doubled, however they arrive', () => {
    const state = after(arrives(2), arrives(1), arrives(2), { type: 'stored', message: message(3) }, arrives(3));
    expect(state.messages.map((m) => m.seq)).toEqual([1, 2, 3]);
  });

  it('take the place of the pending one with their client_id', () => {
    const pending = { id: 'c1', text: 'hi', at: 0, failed: null };
    const state = after({ type: 'queue', pending }, arrives(1, { author: 'customer', client_id: 'c1', text: 'hi' }));
    expect(state.pending).toEqual([]);
    expect(shown(state)).toEqual(['hi']);
  });

  it('never show notes between team members', () => {
    expect(after(arrives(1, { author: 'note' })).messages).toEqual([]);
  });

  it('do not move the cursor when only posted: others before it may be missing', () => {
    const state = after(arrives(1), { type: 'stored', message: message(3, { author: 'customer' }) });
    expect(state.cursor).toBe(1);
    expect(reduce(state, { type: 'poll', poll: { messages: [message(2), message(3)], state: 'open', floor: { holder: 'ai' } } }).cursor).toBe(3);
  });

  it('count as unread until read, the visitor\u2019s own and event lines not at all', () => {
    const state = after(arrives(1, { author: 'customer' }), arrives(2), arrives(3, { author: 'person' }), arrives(4, { author: 'system' }));
    expect(unread(state)).toBe(2);
    const seen = reduce(state, { type: 'read' });
    expect(unread(seen)).toBe(0);
    expect(reduce(seen, { type: 'read' })).toBe(seen);
  });
});

describe('a reply being written', () => {
  it('grows and is replaced by its message', () => {
    const growing = after(ready, delta('t', 'Hel'), delta('t', 'lo'));
    expect(shown(growing)).toEqual(['Hello']);
    expect(shown(reduce(growing, arrives(1, { turn_id: 't', text: 'Hello.' })))).toEqual(['Hello.']);
  });

  it('keeps its place on the screen when its message comes', () => {
    const growing = after(ready, delta('t', 'Hello'));
    const key = timeline(growing, '')[0]?.key;
    expect(timeline(reduce(growing, arrives(1, { turn_id: 't' })), '').find((row) => row.kind === 'bubble')?.key).toBe(key);
  });

  it('ignores words that come after its message', () => {
    expect(after(ready, arrives(1, { turn_id: 't' }), delta('t', 'late')).drafts).toEqual([]);
  });

  it('goes when aborted, and its cut message stays', () => {
    const aborted = after(ready, delta('t', 'Half'), server({ type: 'aborted', turn_id: 't' }));
    expect(shown(aborted)).toEqual(['Half']);
    expect(shown(reduce(aborted, { type: 'settle' }))).toEqual([]);
    expect(shown(reduce(reduce(aborted, arrives(1, { turn_id: 't', text: 'Half', cut: true })), { type: 'settle' }))).toEqual(['Half']);
  });

  it('is not continued mid-sentence after a broken line', () => {
    const state = after(ready, delta('t', 'First '), { type: 'link', link: 'waiting' }, ready, delta('t', 'rest'));
    expect(shown(state)).toEqual([]);
    expect(state.typing).not.toBeNull();
    expect(shown(reduce(state, arrives(1, { turn_id: 't', text: 'First rest' })))).toEqual(['First rest']);
  });

  it('is waited for only while the agent has the floor and nothing else is on its way', () => {
    const asked = after(ready, arrives(1, { author: 'customer' }));
    expect(awaiting(asked)).toBe(true);
    expect(awaiting(reduce(asked, server({ type: 'floor', floor: { holder: 'nobody' }, name: null })))).toBe(false);
    expect(awaiting(reduce(asked, server({ type: 'state', state: 'ended' })))).toBe(false);
    expect(awaiting(reduce(asked, arrives(2)))).toBe(false);
  });
});

describe('the floor', () => {
  const maya = server({ type: 'floor', floor: { holder: 'person' }, name: 'Maya' });

  it('says who joined, once, where it happened', () => {
    expect(shown(after(arrives(1), maya, maya, arrives(2)))).toEqual(['text 1', 'Maya joined', 'text 2']);
  });

  it('leaves it to the server\u2019s own line, before or after the event', () => {
    const line = (seq: number): Action => arrives(seq, { author: 'system', text: 'Maya joined the conversation' });
    expect(shown(after(arrives(1), line(2), maya))).toEqual(['text 1', 'Maya joined the conversation']);
    expect(shown(after(arrives(1), maya, line(2)))).toEqual(['text 1', 'Maya joined the conversation']);
  });

  it('is known by name after a reload', () => {
    const session = { token: 't', conversation_id: 'c', state: 'open' as const, floor: { holder: 'person' as const }, messages: [message(1, { author: 'person', author_name: 'Maya' })] };
    expect(after({ type: 'session', session, fresh: false, rated: false, read: 0 }).floorName).toBe('Maya');
  });
});

describe('a new conversation', () => {
  it('keeps the old transcript above and starts counting again', () => {
    const session = { token: 'n', conversation_id: 'c2', state: 'open' as const, floor: { holder: 'ai' as const }, messages: [] };
    const state = after(arrives(5), { type: 'session', session, fresh: true, rated: false, read: 0 });
    expect([state.cursor, state.read, state.rated]).toEqual([0, 0, false]);
    expect(shown(reduce(state, arrives(1, { id: 'other', text: 'again' })))).toEqual(['text 5', '--', 'again']);
  });
});

describe('the timeline', () => {
  it('parts days and groups what one writer says together', () => {
    const rows = timeline(after(arrives(1), arrives(2), arrives(3, { created_at: '2026-03-20T10:00:00.000Z' })), '');
    expect(rows.map((row) => row.kind)).toEqual(['day', 'bubble', 'bubble', 'day', 'bubble']);
    expect(rows.flatMap((row) => (row.kind === 'bubble' ? [[row.first, row.last]] : []))).toEqual([[true, false], [false, true], [true, true]]);
  });

  it('greets first unless the conversation already does', () => {
    expect(timeline(after(), 'Hi!').map((row) => row.key)).toEqual(['greeting']);
    expect(timeline(after(arrives(1, { text: 'Hi!' })), 'Hi!').filter((row) => row.kind === 'bubble')).toHaveLength(1);
  });

  it('gives every row its own key', () => {
    const keys = timeline(after(arrives(1, { turn_id: 't' }), arrives(2, { turn_id: 't' }), delta('t2', 'x')), 'Hi').map((row) => row.key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
