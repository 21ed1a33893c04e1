import { describe, expect, it } from 'vitest';
import { rangeOf, usualSort } from './range';
import { bookingsSearch } from './routes';

const BERLIN = 'Europe/Berlin';
const range = (search: Record<string, unknown>) => rangeOf(bookingsSearch(search), '2026-10-25', '2026-10-25T10:00:00Z', BERLIN);

describe('date ranges', () => {
  it('are whole days of the business, also of 25 hours', () => {
    expect(range({ when: 'today' })).toEqual({ from: '2026-10-24T22:00:00Z', to: '2026-10-25T23:00:00Z' });
    expect(range({ when: 'tomorrow' })).toEqual({ from: '2026-10-25T23:00:00Z', to: '2026-10-26T23:00:00Z' });
    expect(range({ when: 'week' })).toEqual({ from: '2026-10-18T22:00:00Z', to: '2026-10-25T23:00:00Z' });
    expect(range({ when: 'month' })).toEqual({ from: '2026-09-30T22:00:00Z', to: '2026-10-31T23:00:00Z' });
  });

  it('include both days of a range of one’s own, or are open', () => {
    expect(range({ when: 'custom', from: '2026-11-02', to: '2026-11-02' })).toEqual({ from: '2026-11-01T23:00:00Z', to: '2026-11-02T23:00:00Z' });
    expect(range({ when: 'custom', to: '2026-11-02' })).toEqual({ to: '2026-11-02T23:00:00Z' });
    expect(range({})).toEqual({ from: '2026-10-25T10:00:00Z' });
    expect(range({ when: 'all' })).toEqual({});
  });

  it('what the address holds is checked', () => {
    expect(bookingsSearch({ status: ['pending', 'eaten'], when: 'someday', from: '2026-13-40', size: 7, sort: 'name', staff: 'x' })).toEqual({ status: ['pending'] });
    expect(usualSort('past')).toBe('-start');
  });
});
