import { describe, expect, it } from 'vitest';
import { niceTop } from './scale';

describe('the top of an axis', () => {
  it.each([
    [0, 2],
    [1, 2],
    [3, 4],
    [7, 8],
    [10, 10],
    [11, 20],
    [31, 40],
    [101, 200],
    [999, 1000],
  ])('of %d is %d', (value, top) => {
    expect(niceTop(value)).toBe(top);
  });
});
