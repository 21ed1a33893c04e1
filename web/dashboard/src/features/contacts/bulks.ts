// What actions on many contacts ask the server for.

import type { Bulk, BulkAction, BulkSelection } from '@frontdesk/api-client';
import { queryOptions } from '@tanstack/react-query';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';

/** An action; asked for again while it works, should no event arrive. */
export function bulkQuery(id: string) {
  return queryOptions({
    queryKey: keys.bulk(id),
    queryFn: ({ signal }) => api.get<Bulk>(`/contact-bulks/${id}`, { signal }),
    refetchInterval: (query) => (query.state.data?.state === 'running' || query.state.data?.state === 'undoing' ? 1500 : false),
  });
}

function kept(bulk: Bulk): Bulk {
  queryClient.setQueryData(keys.bulk(bulk.id), bulk);
  return bulk;
}

export const startBulk = async (action: BulkAction, selection: BulkSelection) => kept(await api.post<Bulk>('/contact-bulks', { action, selection }));
export const cancelBulk = async (id: string) => kept(await api.post<Bulk>(`/contact-bulks/${id}/cancel`));
export const undoBulk = async (id: string) => kept(await api.post<Bulk>(`/contact-bulks/${id}/undo`));
