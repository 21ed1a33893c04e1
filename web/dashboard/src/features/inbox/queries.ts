// What the inbox asks the server for.

import type { CannedReply, Contact, Conversation, Message, Page, TurnRecord } from '@frontdesk/api-client';
import { infiniteQueryOptions, queryOptions, type InfiniteData } from '@tanstack/react-query';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { withMessages, type Thread } from '../../app/live/threads';
import { queryClient } from '../../app/query';
import type { InboxSearch } from './routes';

const THREAD_PAGE = 60;

export function listQuery({ view = 'all', state = 'open', channel, q }: InboxSearch) {
  const filter = { view, state, channel, q: q ?? '' };
  return infiniteQueryOptions({
    queryKey: keys.conversationList(filter),
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Conversation>>('/conversations', {
        query: { view, state: state === 'all' ? undefined : state, channel, q, cursor: pageParam, limit: 40 },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function conversationQuery(id: string) {
  return queryOptions({
    queryKey: keys.conversation(id),
    queryFn: ({ signal }) => api.get<Conversation>(`/conversations/${id}`, { signal }),
    // The list holds the same object; only a conversation opened by its link is asked for.
    initialData: () => listed(id)?.conversation,
    initialDataUpdatedAt: () => listed(id)?.at,
  });
}

function listed(id: string): { conversation: Conversation; at: number } | undefined {
  for (const query of queryClient.getQueryCache().findAll({ queryKey: [...keys.conversations, 'list'] })) {
    const data = query.state.data as InfiniteData<Page<Conversation>> | undefined;
    const conversation = data?.pages.flatMap((page) => page.items).find((each) => each.id === id);
    if (conversation !== undefined) return { conversation, at: query.state.dataUpdatedAt };
  }
  return undefined;
}

export function threadQuery(id: string) {
  return queryOptions({
    queryKey: keys.messages(id),
    queryFn: async ({ signal }): Promise<Thread> => {
      const page = await api.get<Page<Message>>(`/conversations/${id}/messages`, { query: { limit: THREAD_PAGE }, signal });
      const newest: Thread = { messages: page.items, older: page.next_cursor ?? null };
      const before = queryClient.getQueryData<Thread>(keys.messages(id));
      // What was scrolled up to stays, as long as no hole would open between it and the newest.
      const joins = (before?.messages.at(-1)?.seq ?? 0) + 1 >= (newest.messages[0]?.seq ?? 0);
      return before !== undefined && before.messages.length > 0 && joins ? withMessages(before, newest.messages) : newest;
    },
  });
}

/** Puts the messages before the first one shown into the thread. */
export async function loadOlder(id: string, cursor: string | null): Promise<void> {
  if (cursor === null) return;
  const page = await api.get<Page<Message>>(`/conversations/${id}/messages`, { query: { cursor, limit: THREAD_PAGE } });
  queryClient.setQueryData<Thread>(
    keys.messages(id),
    (thread) => thread && { ...withMessages(thread, page.items), older: page.next_cursor ?? null },
  );
}

export function turnsQuery(id: string) {
  return queryOptions({
    queryKey: keys.turns(id),
    queryFn: ({ signal }) => api.get<TurnRecord[]>(`/conversations/${id}/turns`, { signal }),
    select: byId,
  });
}

const byId = (turns: TurnRecord[]): ReadonlyMap<string, TurnRecord> => new Map(turns.map((turn) => [turn.id, turn]));

export const cannedRepliesQuery = queryOptions({
  queryKey: keys.cannedReplies,
  queryFn: ({ signal }) => api.get<CannedReply[]>('/canned-replies', { signal }),
});

export function contactQuery(id: string) {
  return queryOptions({
    queryKey: keys.contact(id),
    queryFn: ({ signal }) => api.get<Contact>(`/contacts/${id}`, { signal }),
  });
}
