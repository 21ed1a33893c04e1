// Who waits for a time that is not free.

import type { Page, WaitingEntry } from '@frontdesk/api-client';
import { queryOptions, useMutation } from '@tanstack/react-query';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';
import { OPEN, type WaitingSearch } from './routes';

export function waitingQuery({ show, type, trail }: WaitingSearch) {
  const query = { status: show === 'all' ? undefined : (show ?? OPEN.join()), type, cursor: trail?.at(-1), limit: 50 };
  return queryOptions({
    queryKey: keys.waiting(query),
    queryFn: ({ signal }) => api.get<Page<WaitingEntry>>('/waiting-list', { query, signal }),
  });
}

const refresh = () => queryClient.invalidateQueries({ queryKey: [...keys.bookings, 'waiting'] });

export interface NewWaiting {
  type_id: string;
  from: string;
  to: string;
  staff_id?: string;
  contact_id?: string;
  name?: string;
  email?: string;
  phone?: string;
}

export function useJoin() {
  return useMutation({
    mutationFn: (waiting: NewWaiting) => api.post<WaitingEntry>('/waiting-list', waiting),
    meta: { inline: true },
    onSuccess: refresh,
  });
}

export function useOffer(id: string) {
  return useMutation({
    mutationFn: (slot: string) => api.post<WaitingEntry>(`/waiting-list/${id}/offer`, { slot }),
    meta: { inline: true },
    onSuccess: refresh,
  });
}

export async function leave(id: string): Promise<void> {
  await api.del(`/waiting-list/${id}`);
  await refresh();
}
