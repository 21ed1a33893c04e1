import type { ConversationCounts, MessageCounts } from '@frontdesk/api-client';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api } from '../api';
import { keys } from '../keys';

export const countsQuery = queryOptions({
  queryKey: keys.conversationCounts,
  queryFn: ({ signal }) => api.get<ConversationCounts>('/conversations/counts', { signal }),
});

export const outboxCountsQuery = queryOptions({
  queryKey: keys.outboxCounts,
  queryFn: ({ signal }) => api.get<MessageCounts>('/messages/counts', { signal }),
});

/** Of how many messages a person has to say whether they arrived. */
export function useInDoubt(): number {
  return useQuery(outboxCountsQuery).data?.by_status.find((each) => each.status === 'in_doubt')?.count ?? 0;
}

/** How many conversations wait for a person. */
export function useWaiting(): number {
  return useQuery(countsQuery).data?.waiting ?? 0;
}
