import { describe, expect, it } from 'vitest';
import { addDays, addMonths, length, sameDay, step, weeks, weekStart } from '../src/calendar';

describe('a month', () => {
  it('has its days', () => {
    expect(['2026-02', '2028-02', '2026-12', '2100-02'].map(length)).toEqual([28, 29, 31, 28]);
  });

  it('begins its weeks where the locale does', () => {
    expect(weekStart('en-US')).toBe(0);
    expect(weekStart('de-DE')).toBe(1);
    expect(weekStart('not a locale')).toBe(1);
    expect(weeks('2026-11', 0)[0]).toEqual(['2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04', '2026-11-05', '2026-11-06', '2026-11-07']);
    expect(weeks('2026-11', 1)[0]).toEqual([null, null, null, null, null, null, '2026-11-01']);
  });

  it('is a grid of whole weeks that has each day once', () => {
    for (let i = 0; i < 48; i++) {
      const month = addMonths('2026-01', i);
      for (const start of [0, 1, 6]) {
        const grid = weeks(month, start);
        expect(grid.every((week) => week.length === 7)).toBe(true);
        expect(grid.flat().filter(Boolean)).toEqual(Array.from({ length: length(month) }, (_, day) => addDays(month + '-01', day)));
      }
    }
  });
});

describe('keys', () => {
  it('lead from day to day as in every calendar grid', () => {
    const from = (key: string, shift = false): string | null => step('2026-11-18', key, shift, 1);
    expect(from('ArrowLeft')).toBe('2026-11-17');
    expect(from('ArrowDown')).toBe('2026-11-25');
    expect(from('Home')).toBe('2026-11-16');
    expect(from('End')).toBe('2026-11-22');
    expect(from('PageDown')).toBe('2026-12-18');
    expect(from('PageUp', true)).toBe('2025-11-18');
    expect(from('a')).toBeNull();
  });

  it('land on the last day where a month is shorter', () => {
    expect(sameDay('2026-01-31', 1)).toBe('2026-02-28');
    expect(sameDay('2028-02-29', 12)).toBe('2029-02-28');
    expect(step('2026-12-31', 'ArrowRight', false, 1)).toBe('2027-01-01');
  });
});
