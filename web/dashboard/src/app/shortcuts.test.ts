import { describe, expect, it } from 'vitest';
import { match, type Shortcut } from './shortcuts';

const shortcut = (keys: string): Shortcut => ({ keys, label: keys, group: '', run: () => undefined });
const all = ['g i', 'g c', 'i', 'r', '?'].map(shortcut);

/** What the keys run, one after the other. */
function press(...pressed: string[]): string[] {
  let before = '';
  return pressed.flatMap((key) => {
    const { hit, rest } = match(all, before, key);
    before = rest;
    return hit === undefined ? [] : [hit.keys];
  });
}

describe('shortcuts', () => {
  it('of two keys win over those of one', () => {
    expect(press('g', 'i', 'i')).toEqual(['g i', 'i']);
  });

  it('start over after a key that leads nowhere', () => {
    expect(press('g', 'x', 'r', 'x', '?')).toEqual(['r', '?']);
  });

  it('wait on the newest first key', () => {
    expect(press('g', 'g', 'c')).toEqual(['g c']);
  });
});
