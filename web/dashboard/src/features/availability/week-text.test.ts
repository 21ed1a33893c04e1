import type { Weekday, WeeklyRule } from '@frontdesk/api-client';
import { describe, expect, it } from 'vitest';
import { weekText } from './week-text';

const rule = (day: Weekday, from: number, to: number): WeeklyRule => ({ day, hours: { from: from * 60, to: to * 60 } });
const plain = (text: string) => text.replaceAll(/\s/gu, ' ');

describe('a week in a line', () => {
  it('joins days in a row with the same hours', () => {
    const week = (['mon', 'tue', 'wed', 'fri'] as const).flatMap((day) => [rule(day, 9, 12), rule(day, 13, 17)]);
    expect(plain(weekText([...week, rule('sat', 9, 12)], 'en', 'never'))).toBe('Mon – Wed 9:00 AM – 5:00 PM, Fri 9:00 AM – 5:00 PM, Sat 9:00 AM – 12:00 PM');
  });

  it('says when there are none', () => {
    expect(weekText([], 'en', 'No hours')).toBe('No hours');
  });
});
