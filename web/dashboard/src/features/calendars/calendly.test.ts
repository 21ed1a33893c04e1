import type { CalendlyReport } from '@frontdesk/api-client';
import { describe, expect, it } from 'vitest';
import { bringOver } from './calendly';

const left = { name: 'Intro', start: '2026-03-19T09:00:00.000Z', why: 'taken' };
const part = (made: number, next?: string): CalendlyReport => ({
  types: { made: 3, kept: 0, refused: [] },
  hours: 'set',
  bookings: { made, kept: 1, refused: [left] },
  ...(next === undefined ? {} : { next }),
});

describe('an import from Calendly', () => {
  it('goes on from part to part and adds up the appointments, types once', async () => {
    const asked: (string | undefined)[] = [];
    const seen: number[] = [];
    const parts = [part(50, 'a'), part(50, 'b'), part(7)];
    const report = await bringOver(
      (after) => {
        asked.push(after);
        return Promise.resolve(parts[asked.length - 1] ?? part(0));
      },
      undefined,
      (so) => seen.push(so.bookings.made),
    );
    expect(asked).toEqual([undefined, 'a', 'b']);
    expect(seen).toEqual([50, 100, 107]);
    expect(report.types.made).toBe(3);
    expect(report.bookings).toEqual({ made: 107, kept: 3, refused: [left, left, left] });
    expect(report.next).toBeUndefined();
  });

  it('stops when it is asked to wait and goes on from there', async () => {
    const waiting = await bringOver(() => Promise.resolve({ ...part(20, 'c'), wait_seconds: 30 }), undefined, () => undefined);
    expect(waiting).toMatchObject({ next: 'c', wait_seconds: 30 });
    const asked: (string | undefined)[] = [];
    const done = await bringOver(
      (after) => {
        asked.push(after);
        return Promise.resolve({ ...part(5), types: { made: 0, kept: 0, refused: [] }, hours: 'kept' as const });
      },
      waiting,
      () => undefined,
    );
    expect(asked).toEqual(['c']);
    expect(done).toMatchObject({ types: { made: 3 }, hours: 'set', bookings: { made: 25 } });
    expect(done.wait_seconds).toBeUndefined();
  });
});
