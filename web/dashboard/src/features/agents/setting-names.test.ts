import { describe, expect, it } from 'vitest';
import { nameOf } from './setting-names';

const known = (name: string) => ['greeting', 'brain_models', 'tools'].includes(name);

describe('nameOf', () => {
  it('finds the setting a path names and where in it', () => {
    expect(nameOf('/greeting', known)).toEqual({ known: 'greeting', rest: '' });
    expect(nameOf('/brain/models/0', known)).toEqual({ known: 'brain_models', rest: '1' });
    expect(nameOf('/some_new/thing', known)).toEqual({ known: null, rest: 'some new thing' });
  });
});
