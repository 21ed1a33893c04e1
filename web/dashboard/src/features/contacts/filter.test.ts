import { expect, test } from 'vitest';
import { asks, compact, dayOf, finished, startOf } from './filter';

test('what is empty is not asked', () => {
  expect(compact({ tags: [], statuses: ['booked'], days_since_contact: undefined })).toEqual({ statuses: ['booked'] });
  const draft = { fields: [{ key: 'Plan', test: 'is' as const }, { key: 'Size', test: 'set' as const }, { key: 'Ok', test: 'is' as const, value: false }] };
  expect(finished(draft)).toEqual({ fields: [draft.fields[1], draft.fields[2]] });
  expect(asks({ ...draft, tags: ['a'] })).toBe(3);
});

test('a day ends where the next begins', () => {
  const to = startOf('2026-02-28', 1);
  expect(dayOf(to, -1)).toBe('2026-02-28');
  expect(dayOf(startOf('2026-02-28', 0), 0)).toBe('2026-02-28');
  expect(startOf('', 0)).toBeUndefined();
});
