import { describe, expect, it } from 'vitest';
import { groupsOf, hoursText, linesOf, weekOf } from './hours';

describe('the hours of a rule', () => {
  it('come back as they were written', () => {
    const lines = ['mon 08:00-12:00', 'mon 13:00-24:00', 'sat 10:00-17:00'];
    expect(linesOf(weekOf(lines))).toEqual(lines);
    expect(linesOf(weekOf(['mon-wed 09:00-18:00']))).toEqual(['mon 09:00-18:00', 'tue 09:00-18:00', 'wed 09:00-18:00']);
  });

  it('are told with equal days together, and not over a day off', () => {
    expect(groupsOf(['mon-tue 09:00-18:00', 'thu 09:00-18:00']).map(({ days }) => days)).toEqual([['mon', 'tue'], ['thu']]);
    expect(hoursText(['mon-fri 09:00-18:00', 'sat 10:00-17:00'], 'en').replaceAll(/[\u2009\u202f]/gu, ' ')).toBe('Mon – Fri 9:00 AM – 6:00 PM; Sat 10:00 AM – 5:00 PM');
  });
});
