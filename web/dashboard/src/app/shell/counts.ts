import type { ConversationCounts, MessageCounts, Page, Task } from '@frontdesk/api-client';
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

/** The first open tasks: enough to say that there are some, and how many when there are few. */
const MOST_TASKS = 9;
const openTasksQuery = queryOptions({
  queryKey: keys.taskList({ count: MOST_TASKS }),
  queryFn: ({ signal }) => api.get<Page<Task>>('/tasks', { query: { limit: MOST_TASKS + 1 }, signal }),
});

/** How many tasks are open: "3", or "9+"; empty for none. */
export function useOpenTasks(): string {
  const count = useQuery(openTasksQuery).data?.items.length ?? 0;
  return count === 0 ? '' : count > MOST_TASKS ? `${String(MOST_TASKS)}+` : String(count);
}

/** How many conversations wait for a person. */
export function useWaiting(): number {
  return useQuery(countsQuery).data?.waiting ?? 0;
}
