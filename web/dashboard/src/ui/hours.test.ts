import { describe, expect, it } from 'vitest';
import { dayName, isValid, minutesOf, nextStretch, timeOf } from './hours';

describe('hours', () => {
  it('shows the day’s end as midnight and reads it back', () => {
    expect(timeOf(1440)).toBe('00:00');
    expect(minutesOf('00:00', true)).toBe(1440);
    expect(minutesOf('00:00', false)).toBe(0);
    expect(minutesOf('', true)).toBeNull();
  });

  it('refuses stretches that are empty or overlap', () => {
    expect(isValid({ mon: [{ from: 540, to: 720 }, { from: 780, to: 1020 }] })).toBe(true);
    expect(isValid({ mon: [{ from: 540, to: 800 }, { from: 780, to: 1020 }] })).toBe(false);
    expect(isValid({ mon: [{ from: 540, to: 540 }] })).toBe(false);
  });

  it('offers hours after the last ones while the day lasts', () => {
    expect(nextStretch([{ from: 540, to: 720 }])).toEqual({ from: 780, to: 1020 });
    expect(nextStretch([{ from: 540, to: 1430 }])).toBeNull();
  });

  it('names the days in the language', () => {
    expect(dayName('mon', 'en')).toBe('Monday');
    expect(dayName('sun', 'es')).toBe('domingo');
  });
});
