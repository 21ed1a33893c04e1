import { expect, it } from 'vitest';
import { memory, remember } from '../src/storage';

it('keeps each unsent message by itself, oldest first, apart from other keys', () => {
  const store = memory();
  const [a, b, other] = [remember(store, 'pk_1'), remember(store, 'pk_1'), remember(store, 'pk_10')];
  a.keep({ id: 'x', text: 'second', at: 2, failed: null });
  b.keep({ id: 'y', text: 'first', at: 1, failed: 'why' });
  other.keep({ id: 'z', text: 'elsewhere', at: 0, failed: null });
  expect(a.pending()).toEqual([
    { id: 'y', text: 'first', at: 1, failed: null },
    { id: 'x', text: 'second', at: 2, failed: null },
  ]);
  b.forget('x');
  expect(a.pending().map((p) => p.id)).toEqual(['y']);
});

it('skips damaged entries', () => {
  const store = memory();
  store.setItem('frontdesk:pk_1:m:bad', '{');
  store.setItem('frontdesk:pk_1:m:odd', '{"text":5}');
  store.setItem('frontdesk:pk_1:read', 'x');
  expect(remember(store, 'pk_1').pending()).toEqual([]);
  expect(remember(store, 'pk_1').read('c')).toBe(0);
});

it('remembers what was read of the last conversation only', () => {
  const kept = remember(memory(), 'pk_1');
  kept.setRead('conv_1', 20);
  expect([kept.read('conv_1'), kept.read('conv_2')]).toEqual([20, 0]);
});

it('goes on when the store is full', () => {
  const full = memory();
  const kept = remember({ ...full, setItem: () => { throw new Error('full'); } }, 'pk_1');
  expect(() => kept.setToken('t')).not.toThrow();
});
