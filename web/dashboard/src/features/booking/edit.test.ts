import { describe, expect, it } from 'vitest';
import { changesOf } from './edit';

const booking = { name: 'Grace Hopper', email: 'grace@example.com', phone: null, message: '', answers: { insurer: 'Cigna' } };
const same = { name: 'Grace Hopper ', email: 'grace@example.com', phone: '', message: '', answers: { insurer: 'Cigna' } };

describe('a correction', () => {
  it('holds only what is new', () => {
    expect(changesOf(booking, same)).toEqual({});
    expect(changesOf(booking, { ...same, phone: ' +1 617 555 0134 ' })).toEqual({ phone: '+1 617 555 0134' });
  });

  it('takes an address away by its being empty', () => {
    expect(changesOf(booking, { ...same, email: '' })).toEqual({ email: '' });
  });

  it('holds all answers when one was changed, added or left out', () => {
    expect(changesOf(booking, { ...same, answers: { insurer: 'Aetna' } })).toEqual({ answers: { insurer: 'Aetna' } });
    expect(changesOf(booking, { ...same, answers: {} })).toEqual({ answers: {} });
    expect(changesOf(booking, { ...same, answers: { insurer: 'Cigna', age: '41' } })).toEqual({ answers: { insurer: 'Cigna', age: '41' } });
  });
});
