import { describe, expect, it } from 'vitest';
import { bookingsSearch, filtersElsewhere } from './routes';
import { queryOf, searchOf } from './views';

describe('a saved view', () => {
  it('comes back as it was', () => {
    const search = bookingsSearch({ status: ['pending', 'no_show'], when: 'week', q: 'a&b=c "d"', sort: '-start', size: 100, staff: ['staff_1'] });
    expect(searchOf(queryOf(search))).toEqual(search);
    expect(searchOf(queryOf({}))).toEqual({});
  });

  it('is the same whatever the order of the filters, and does not keep the page', () => {
    const one = bookingsSearch({ when: 'past', status: ['pending'] });
    const other = { ...bookingsSearch({ status: ['pending'], when: 'past' }), trail: ['cursor'] };
    expect(queryOf(other)).toBe(queryOf(one));
  });

  it('survives what it does not know', () => {
    expect(searchOf('?when="someday"&mood="blue"&status=%5B%22pending%22%2C%22eaten%22%5D')).toEqual({ status: ['pending'] });
    expect(searchOf('%%%')).toEqual({});
  });
});

describe('the list of another workspace', () => {
  it('keeps the filters that mean the same there', () => {
    const search = bookingsSearch({ q: 'grace', status: ['pending'], when: 'custom', from: '2026-11-01', type: ['type_1'], staff: ['staff_1'], size: 25, trail: ['cursor'] });
    expect(filtersElsewhere(search)).toEqual({ q: 'grace', status: ['pending'], when: 'custom', from: '2026-11-01', size: 25 });
  });
});
