import type { ConversationCounts } from '@frontdesk/api-client';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api } from '../api';
import { keys } from '../keys';

export const countsQuery = queryOptions({
  queryKey: keys.conversationCounts,
  queryFn: ({ signal }) => api.get<ConversationCounts>('/conversations/counts', { signal }),
});

/** How many conversations wait for a person. */
export function useWaiting(): number {
  return useQuery(countsQuery).data?.waiting ?? 0;
}
