import { describe, expect, it } from 'vitest';
import { sentence } from './text';

describe('the beginning of a sentence', () => {
  it.each([
    ['the customer asked not to be contacted', 'The customer asked not to be contacted'],
    ['él pidió otra hora', 'Él pidió otra hora'],
    ['https://example.com/hook answered 500', 'https://example.com/hook answered 500'],
    ['', ''],
  ])('of “%s” is “%s”', (text, wanted) => {
    expect(sentence(text)).toBe(wanted);
  });
});
