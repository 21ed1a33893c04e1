import { describe, expect, it } from 'vitest';
import { closedOn, withHoliday } from './closed';

const holidays = [
  { key: 'christmas_day', date: '2026-12-25', name: 'Christmas Day' },
  { key: 'labor_day', date: '2026-09-07', name: 'Labor Day' },
];

describe('closed days', () => {
  const settings = { country: 'US', working: ['labor_day'], own: [{ date: '2026-12-28', yearly: true, name: 'Stocktaking' }, { date: '2026-11-27', yearly: false, name: 'Outing' }] };

  it('are the holidays that are kept and days of one’s own', () => {
    expect(closedOn(settings, holidays, '2026-12-25')).toBe('Christmas Day');
    expect(closedOn(settings, holidays, '2026-09-07')).toBeNull();
    expect(closedOn(settings, holidays, '2027-12-28')).toBe('Stocktaking');
    expect(closedOn(settings, holidays, '2027-11-27')).toBeNull();
  });

  it('change one by one', () => {
    expect(withHoliday(['labor_day'], 'christmas_day', false)).toEqual(['labor_day', 'christmas_day']);
    expect(withHoliday(['labor_day'], 'labor_day', true)).toEqual([]);
  });
});
