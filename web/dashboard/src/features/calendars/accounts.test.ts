import type { ConnectedCalendar } from '@frontdesk/api-client';
import { expect, test } from 'vitest';
import { accountsOf, loginOf } from './accounts';

function calendar(id: string, changes: Partial<ConnectedCalendar> = {}): ConnectedCalendar {
  return {
    id,
    connection_id: 'conn_1',
    vendor: 'caldav',
    account: 'maria@example.com',
    staff_id: 'staff_1',
    name: id,
    blocks: true,
    writes: false,
    writable: true,
    status: 'ok',
    synced_at: '2026-11-21T09:00:00Z',
    stale: false,
    ...changes,
  };
}
const unused = { blocks: false, writes: false, status: 'waiting', synced_at: null, stale: true } as const;

test('calendars of one account stand together, those in use first', () => {
  const accounts = accountsOf([calendar('a', unused), calendar('b', { connection_id: 'conn_2' }), calendar('c')]);
  expect(accounts.map(({ id, calendars }) => [id, calendars.map((each) => each.id)])).toEqual([
    ['conn_1', ['c', 'a']],
    ['conn_2', ['b']],
  ]);
});

test.each([
  ['ok', [calendar('a'), calendar('b', unused)]],
  ['unused', [calendar('a', unused)]],
  ['waiting', [calendar('a', { status: 'waiting', synced_at: null, stale: true })]],
  ['stale', [calendar('a'), calendar('b', { stale: true })]],
  ['failing', [calendar('a', { stale: true }), calendar('b', { status: 'failing' })]],
  ['disconnected', [calendar('a'), calendar('b', { ...unused, status: 'disconnected' })]],
])('an account is %s', (state, calendars) => {
  expect(accountsOf(calendars)[0]?.state).toBe(state);
});

test('its age is that of the one furthest behind', () => {
  const late = calendar('b', { synced_at: '2026-11-21T07:00:00Z' });
  expect(accountsOf([calendar('a'), late, calendar('c', unused)])[0]?.readAt).toBe('2026-11-21T07:00:00Z');
  expect(accountsOf([calendar('a'), calendar('b', { synced_at: null })])[0]?.readAt).toBeNull();
});

test.each([
  ['maria@example.com (caldav.icloud.com)', 'maria@example.com', 'https://caldav.icloud.com'],
  ['Maria (at work) (127.0.0.1:5232)', 'Maria (at work)', 'https://127.0.0.1:5232'],
  ['maria@example.com', '', ''],
])('%s is opened anew', (name, username, url) => {
  expect(loginOf({ name })).toEqual({ username, url });
});
