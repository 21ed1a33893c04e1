import { describe, expect, it } from 'vitest';
import { gapsOf, joined, place, spanOn, type Span } from './layout';

const BERLIN = 'Europe/Berlin';
const at = (text: string) => Date.parse(text);

function placed(...spans: [number, number][]) {
  return place(spans.map(([from, to], index) => ({ item: index, from, to })))
    .sort((a, b) => a.item - b.item)
    .map(({ column, width, columns }) => [column, width, columns]);
}

describe('what is seen of a booking on a day', () => {
  it('is clipped at midnight on both sides', () => {
    const [from, to] = [at('2026-06-01T20:00:00Z'), at('2026-06-02T04:00:00Z')];
    expect(spanOn('2026-06-01', from, to, BERLIN)).toEqual({ from: 22 * 60, to: 1440 });
    expect(spanOn('2026-06-02', from, to, BERLIN)).toEqual({ from: 0, to: 360 });
    expect(spanOn('2026-06-03', from, to, BERLIN)).toBeNull();
    expect(spanOn('2026-05-31', from, to, BERLIN)).toBeNull();
  });

  it('that ends at midnight is not on the next day', () => {
    expect(spanOn('2026-06-02', at('2026-06-01T20:00:00Z'), at('2026-06-01T22:00:00Z'), BERLIN)).toBeNull();
  });

  it('reaches over the skipped hour of a day of 23 hours', () => {
    expect(spanOn('2026-03-29', at('2026-03-29T00:30:00Z'), at('2026-03-29T01:30:00Z'), BERLIN)).toEqual({ from: 90, to: 210 });
    expect(spanOn('2026-03-29', at('2026-03-29T07:00:00Z'), at('2026-03-29T08:00:00Z'), BERLIN)).toEqual({ from: 540, to: 600 });
  });

  it('keeps its length in the repeated hour of a day of 25 hours', () => {
    // 02:30 summer time to 02:30 winter time.
    expect(spanOn('2026-10-25', at('2026-10-25T00:30:00Z'), at('2026-10-25T01:30:00Z'), BERLIN)).toEqual({ from: 150, to: 210 });
    expect(spanOn('2026-10-25', at('2026-10-25T08:00:00Z'), at('2026-10-25T09:00:00Z'), BERLIN)).toEqual({ from: 540, to: 600 });
    // The last hour of the day is where it always is.
    expect(spanOn('2026-10-25', at('2026-10-25T22:00:00Z'), at('2026-10-25T23:00:00Z'), BERLIN)).toEqual({ from: 1380, to: 1440 });
  });
});

describe('things side by side', () => {
  it('take the whole width when they do not overlap', () => {
    expect(placed([540, 600], [600, 660])).toEqual([[0, 1, 1], [0, 1, 1]]);
  });

  it('share it when they do', () => {
    expect(placed([540, 600], [570, 630], [600, 660])).toEqual([[0, 1, 2], [1, 1, 2], [0, 1, 2]]);
  });

  it('reach to the right where nothing is in the way', () => {
    // A long one, two beside it at first, one later.
    expect(placed([540, 720], [540, 600], [540, 600], [630, 660])).toEqual([[0, 1, 3], [1, 1, 3], [2, 1, 3], [1, 2, 3]]);
  });

  it('never overlap, whatever they are', () => {
    let seed = 7;
    const random = (most: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % most;
    for (let round = 0; round < 50; round += 1) {
      const spans = Array.from({ length: 40 }, (_, item) => {
        const from = random(1400);
        return { item, from, to: Math.min(1440, from + 20 + random(180)) };
      });
      const result = place(spans);
      expect(result).toHaveLength(40);
      for (const a of result) {
        expect(a.column + a.width).toBeLessThanOrEqual(a.columns);
        for (const b of result) {
          if (a.item === b.item || a.from >= b.to || b.from >= a.to) continue;
          const apart = a.column + a.width <= b.column || b.column + b.width <= a.column;
          expect(apart, `${String(a.item)} and ${String(b.item)} at ${String(a.from)} and ${String(b.from)}`).toBe(true);
        }
      }
    }
  });

  it('two short ones right after each other are not drawn over each other', () => {
    const [first, second] = place([{ item: 'a', from: 540, to: 545 }, { item: 'b', from: 545, to: 550 }]);
    expect(first?.column).not.toBe(second?.column);
  });
});

describe('hours', () => {
  const open: Span[] = [{ from: 540, to: 720 }, { from: 780, to: 1020 }];
  it('are closed between and around what is open', () => {
    expect(gapsOf(open)).toEqual([{ from: 0, to: 540 }, { from: 720, to: 780 }, { from: 1020, to: 1440 }]);
    expect(gapsOf([])).toEqual([{ from: 0, to: 1440 }]);
  });
  it('of several people are joined', () => {
    expect(joined([{ from: 780, to: 900 }, { from: 540, to: 800 }, { from: 1000, to: 1020 }])).toEqual([{ from: 540, to: 900 }, { from: 1000, to: 1020 }]);
  });
});
