// What the leads' pages ask the server for.

import type { Lead, LeadStatus, Page } from '@frontdesk/api-client';
import { queryOptions, useMutation } from '@tanstack/react-query';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';
import type { LeadsSearch } from './routes';

export const STATUSES: readonly LeadStatus[] = ['new', 'contacted', 'qualified', 'won', 'lost'];

export function leadsQuery({ q, status, trail }: LeadsSearch) {
  const query = { q, status, cursor: trail?.at(-1), limit: 50 };
  return queryOptions({
    queryKey: keys.leadList(query),
    queryFn: ({ signal }) => api.get<Page<Lead>>('/leads', { query, signal }),
  });
}

export function leadQuery(id: string) {
  return queryOptions({
    queryKey: keys.lead(id),
    queryFn: ({ signal }) => api.get<Lead>(`/leads/${id}`, { signal }),
  });
}

export interface LeadChange {
  status?: LeadStatus;
  assignee?: string | null;
  need?: string;
}

export function useChangeLead(id: string) {
  return useMutation({
    mutationFn: (change: LeadChange) => api.patch<Lead>(`/leads/${id}`, change),
    // The list shows the change at once; the server's word follows.
    onMutate: (change) => {
      queryClient.setQueriesData<Page<Lead>>({ queryKey: [...keys.leads, 'list'] }, (page) =>
        page?.items === undefined ? page : { ...page, items: page.items.map((lead) => (lead.id === id ? { ...lead, ...change } : lead)) },
      );
    },
    onSuccess: (lead) => queryClient.setQueryData(keys.lead(id), lead),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.leads }),
  });
}
