// Connected calendars by the account they belong to: access is given, lost and given back account by account.

import type { ConnectedCalendar } from '@frontdesk/api-client';
import { groupBy } from '../../ui/group';

/** How an account is doing, worst first. */
export type AccountState = 'disconnected' | 'failing' | 'stale' | 'waiting' | 'ok' | 'unused';

export interface Account {
  id: string;
  vendor: string;
  name: string;
  /** Those in use first, otherwise as the server has them. */
  calendars: ConnectedCalendar[];
  state: AccountState;
  /** When the calendar in use that is furthest behind was read. */
  readAt: string | null;
  /** What the vendor said, where something is wrong. */
  error: string | null;
}

export const isUsed = (calendar: ConnectedCalendar): boolean => calendar.blocks || calendar.writes;

function stateOf(calendars: readonly ConnectedCalendar[]): AccountState {
  const used = calendars.filter(isUsed);
  if (calendars.some(({ status }) => status === 'disconnected')) return 'disconnected';
  if (used.length === 0) return 'unused';
  if (used.some(({ status }) => status === 'failing')) return 'failing';
  // What was never read is not old yet.
  if (used.some(({ stale, synced_at: at }) => stale && typeof at === 'string')) return 'stale';
  return used.some(({ status }) => status === 'waiting') ? 'waiting' : 'ok';
}

export function accountsOf(calendars: readonly ConnectedCalendar[]): Account[] {
  const groups = groupBy(calendars, ({ connection_id: id }) => id);
  return [...groups].map(([id, all]) => {
    const used = all.filter(isUsed);
    const read = used.map(({ synced_at: at }) => at ?? null);
    return {
      id,
      vendor: all[0]?.vendor ?? '',
      name: all[0]?.account ?? '',
      calendars: [...used, ...all.filter((calendar) => !isUsed(calendar))],
      state: stateOf(all),
      readAt: read.includes(null) ? null : (read.sort()[0] ?? null),
      error: all.find(({ error }) => typeof error === 'string' && error !== '')?.error ?? null,
    };
  });
}

/** What an account by password is connected with: the server names it `user (host)`. */
export function loginOf(account: Pick<Account, 'name'> | undefined): { url: string; username: string } {
  const [, username = '', host = ''] = /^(.*) \(([^()\s]+)\)$/u.exec(account?.name ?? '') ?? [];
  return { url: host === '' ? '' : `https://${host}`, username };
}
