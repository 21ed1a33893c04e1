import { describe, expect, it } from 'vitest';
import { safeNext } from './routes';

describe('where sign-in leads', () => {
  it('is a page of ours', () => {
    expect(safeNext('/inbox/conv_1?view=mine')).toBe('/inbox/conv_1?view=mine');
  });

  it.each(['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '', 7, undefined])('is never %s', (next) => {
    expect(safeNext(next)).toBeUndefined();
  });
});
