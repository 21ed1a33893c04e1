import { describe, expect, it } from 'vitest';
import { minutesText, unitName, unitOf } from './minutes';

describe('lengths of time', () => {
  it('are said in the largest unit that fits', () => {
    expect(unitOf(0)).toBe('minute');
    expect(unitOf(90)).toBe('minute');
    expect(unitOf(120)).toBe('hour');
    expect(unitOf(1440)).toBe('day');
    expect(minutesText(120, 'en')).toBe('2 hours');
    expect(minutesText(1440, 'es')).toBe('1 día');
  });

  it('have units that agree with their number', () => {
    expect(unitName('hour', 1, 'en')).toBe('hour');
    expect(unitName('hour', 2, 'en')).toBe('hours');
    expect(unitName('day', 3, 'es')).toBe('días');
  });
});
