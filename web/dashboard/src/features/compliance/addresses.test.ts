import { describe, expect, it } from 'vitest';
import { decode, looksLikeAddress, readAddresses, searched, typedAddresses } from './addresses';

describe('a file of addresses', () => {
  it('is read whichever column they are in, each once', () => {
    const read = readAddresses('name;phone;mail\nAda;+1 (201) 555-0123;\nBob;;Bob@Example.com\r\n"Cleo";"+12015550123"\nDora;none;-\n\n');
    expect(read.addresses).toEqual([
      { line: 2, address: '+1 (201) 555-0123' },
      { line: 3, address: 'Bob@Example.com' },
    ]);
    expect(read.repeated).toBe(1);
    expect(read.without).toEqual([{ line: 5, text: 'Dora;none;-' }]);
  });

  it('may have no headers, and area codes in a column of their own', () => {
    expect(readAddresses('201,5550123\n201,5550124').addresses.map(({ address }) => address)).toEqual(['2015550123', '2015550124']);
  });

  it('may be what a spreadsheet saves as Unicode text', () => {
    const text = '\uFEFFa@b.example\n';
    const bytes = new Uint8Array(text.length * 2);
    [...text].forEach((character, at) => {
      bytes[2 * at] = character.charCodeAt(0) & 0xff;
      bytes[2 * at + 1] = character.charCodeAt(0) >> 8;
    });
    expect(decode(bytes.buffer).trim()).toBe('a@b.example');
  });
});

describe('an address', () => {
  it('is searched for as the lists hold it', () => {
    expect(searched(' +1 (201) 555-01')).toBe('+120155501');
    expect(searched('Bob@Ex')).toBe('bob@ex');
  });

  it('is a mail address or a number, not a year or a name', () => {
    expect(['a@b.example', '+12015550123', '(201) 555-0123'].every(looksLikeAddress)).toBe(true);
    expect(['2026', 'Ada', 'a@b', '12-2026'].some(looksLikeAddress)).toBe(false);
  });

  it('is typed with commas or lines between', () => {
    expect(typedAddresses('a@b.example, +12015550123\n\n c@d.example;')).toEqual(['a@b.example', '+12015550123', 'c@d.example']);
  });
});
