import { describe, expect, it } from 'vitest';
import { MAX_FILE_BYTES, faultOf } from './upload';

describe('faultOf', () => {
  it('finds what the server would refuse before it is sent', () => {
    expect(faultOf({ name: 'Prices.PDF', size: 10 })).toBeNull();
    expect(faultOf({ name: 'photo.jpg', size: 10 })).toBe('type');
    expect(faultOf({ name: 'empty.txt', size: 0 })).toBe('empty');
    expect(faultOf({ name: 'book.docx', size: MAX_FILE_BYTES + 1 })).toBe('size');
  });
});
