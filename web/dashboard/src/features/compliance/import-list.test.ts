import { Problem } from '@frontdesk/api-client';
import { describe, expect, it } from 'vitest';
import { putAll, refusedFile, type Progress } from './import-list';

const lines = (count: number) => Array.from({ length: count }, (_, index) => ({ line: index + 1, address: `a${String(index)}@b.example` }));
const going = new AbortController().signal;

describe('a file put on a list', () => {
  it('goes in parts, and says how far it has come', async () => {
    const sizes: number[] = [];
    const heard: Progress[] = [];
    const send = (addresses: string[]) => {
      sizes.push(addresses.length);
      return Promise.resolve(addresses.length - 1);
    };
    const end = await putAll(lines(2300), send, (progress) => heard.push(progress), going);
    expect(sizes).toEqual([1000, 1000, 300]);
    expect(heard.map(({ done }) => done)).toEqual([1000, 2000, 2300]);
    expect(end).toEqual({ done: 2300, added: 2297, refused: [] });
  });

  it('sets aside what is refused, with its line, and goes on with the others', async () => {
    const send = (addresses: string[]) => {
      const at = addresses.indexOf('a1@b.example');
      if (at >= 0) return Promise.reject(new Problem('validation', 422, { errors: [{ field: `/addresses/${String(at)}`, message: 'is no address' }] }));
      return Promise.resolve(addresses.length);
    };
    const end = await putAll(lines(3), send, () => undefined, going);
    expect(end).toEqual({ done: 3, added: 2, refused: [{ line: 2, address: 'a1@b.example', why: 'is no address' }] });
    expect(refusedFile([{ line: 2, address: '=1+1', why: 'says "no"' }])).toBe('line,address,why\r\n2,"\'=1+1","says ""no"""');
  });

  it('stops at a problem that is not about one address, and when it is told to', async () => {
    const failing = () => Promise.reject(new Problem('forbidden', 403));
    await expect(putAll(lines(3), failing, () => undefined, going)).rejects.toThrow();
    const stop = new AbortController();
    const end = await putAll(lines(2300), (addresses) => Promise.resolve(addresses.length), () => stop.abort(), stop.signal);
    expect(end.done).toBe(1000);
  });
});
