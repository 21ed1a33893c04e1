import { describe, expect, it } from 'vitest';
import { reduce, type Change, type Happenings } from './ephemeral';

function after(...changes: Change[]) {
  return changes.reduce<Happenings>((state, change) => reduce(state, change), new Map()).get('conv_1');
}

const delta = (turn: string, text: string): Change => ({ type: 'delta', conversation_id: 'conv_1', turn_id: turn, text });

describe('a reply being written', () => {
  it('grows with each delta', () => {
    expect(after(delta('t1', 'We '), delta('t1', 'open at 9.'))?.draft).toEqual({ turnId: 't1', text: 'We open at 9.' });
  });

  it('starts over with the next turn', () => {
    expect(after(delta('t1', 'Old'), delta('t2', 'New'))?.draft?.text).toBe('New');
  });

  it('whose beginning was missed is not shown', () => {
    const missed: Change = { type: 'delta', conversation_id: 'conv_1', turn_id: 't1', text: 'at 9.', first: false };
    expect(after(missed)).toBeUndefined();
    expect(after({ ...missed, text: 'We open ', first: true }, missed)?.draft?.text).toBe('We open at 9.');
  });

  it('goes when it is stored', () => {
    expect(after(delta('t1', 'Hi'), { type: 'stored', conversation_id: 'conv_1', turn_id: 't1' })).toBeUndefined();
  });

  it('stays when another turn is stored or aborted', () => {
    const other: Change[] = [
      { type: 'stored', conversation_id: 'conv_1', turn_id: 't0' },
      { type: 'aborted', conversation_id: 'conv_1', turn_id: 't0' },
    ];
    expect(after(delta('t1', 'Hi'), ...other)?.draft?.text).toBe('Hi');
  });

  it('goes when it is aborted', () => {
    expect(after(delta('t1', 'Hi'), { type: 'aborted', conversation_id: 'conv_1', turn_id: 't1' })).toBeUndefined();
  });

  it('takes the place of the typing dots', () => {
    const typing: Change = { type: 'typing', conversation_id: 'conv_1', name: 'Ava' };
    expect(after(typing)?.typing).toEqual({ name: 'Ava' });
    expect(after(typing, delta('t1', 'Hi'))?.typing).toBeNull();
  });
});
