// What the messages' pages ask the server for.

import type { ComposedMessage, Conversation, MessageFigures, MessageLink, MessageSettings, NewMessage, OutboxMessage, Page } from '@frontdesk/api-client';
import { queryOptions, useMutation } from '@tanstack/react-query';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';
import type { WrittenMessage } from './compose';
import type { MessagesSearch } from './routes';

export function outboxQuery({ q, status, channel, contact, trail }: MessagesSearch) {
  const query = { q, status, channel, contact, cursor: trail?.at(-1), limit: 50 };
  return queryOptions({
    queryKey: keys.outboxList(query),
    queryFn: ({ signal }) => api.get<Page<OutboxMessage>>('/messages', { query, signal }),
  });
}

export function outboxMessageQuery(id: string) {
  return queryOptions({
    queryKey: keys.outboxMessage(id),
    queryFn: ({ signal }) => api.get<OutboxMessage>(`/messages/${id}`, { signal }),
  });
}

/** How a message would leave; asked for while it is written. */
export function composedQuery(message: WrittenMessage | null) {
  return queryOptions({
    queryKey: keys.composed(message ?? {}),
    queryFn: ({ signal }) => api.post<ComposedMessage>('/messages/preview', { ...message, client_id: 'preview' }, { signal }),
    enabled: message !== null,
    staleTime: 10_000,
    gcTime: 60_000,
    retry: false,
  });
}

/** Whether an answer may leave in a conversation now, and what it would leave from; asked anew with each message there. */
export function gateQuery({ id, channel, contact_id, last_message_at }: Pick<Conversation, 'id' | 'channel' | 'contact_id' | 'last_message_at'>) {
  const message: NewMessage = { ...(typeof contact_id === 'string' ? { contact_id } : {}), channel, text: '…', purpose: 'reply', client_id: 'preview' };
  return queryOptions({
    queryKey: [...keys.gates, id, last_message_at],
    queryFn: ({ signal }) => api.post<ComposedMessage>('/messages/preview', message, { signal }),
    staleTime: 60_000,
    gcTime: 60_000,
    retry: false,
  });
}

/** How messages fared, queued from one instant until another. */
export function figuresQuery(range: { from: string; to: string }) {
  return queryOptions({
    queryKey: keys.figures(range),
    queryFn: ({ signal }) => api.get<MessageFigures>('/messages/figures', { query: range, signal }),
    staleTime: 60_000,
  });
}

export function messageLinksQuery(id: string) {
  return queryOptions({
    queryKey: keys.messageLinks(id),
    queryFn: ({ signal }) => api.get<MessageLink[]>(`/messages/${id}/links`, { signal }),
  });
}

export const messageSettingsQuery = queryOptions({
  queryKey: keys.messageSettings,
  queryFn: ({ signal }) => api.get<MessageSettings>('/message-settings', { signal }),
});

export function useSaveMessageSettings() {
  return useMutation({
    meta: { inline: true },
    mutationFn: (settings: MessageSettings) => api.put<MessageSettings>('/message-settings', settings),
    onSuccess: (settings) => queryClient.setQueryData(keys.messageSettings, settings),
  });
}

function changed(message: OutboxMessage): void {
  queryClient.setQueryData(keys.outboxMessage(message.id), message);
  void queryClient.invalidateQueries({ queryKey: keys.outbox });
  if (typeof message.conversation_id === 'string') void queryClient.invalidateQueries({ queryKey: keys.messages(message.conversation_id) });
}

export function useSendMessage() {
  return useMutation({
    meta: { inline: true },
    mutationFn: (message: WrittenMessage & { client_id: string }) => api.post<OutboxMessage>('/messages', message),
    onSuccess: changed,
  });
}

export type MessageStep =
  | { step: 'cancel' }
  | { step: 'retry'; text?: string; to?: string }
  | { step: 'decide'; arrived: boolean }
  | { step: 'reschedule'; send_at: string };

export function stepMessage(id: string, { step, ...body }: MessageStep): Promise<OutboxMessage> {
  return api.post<OutboxMessage>(`/messages/${id}/${step}`, step === 'cancel' ? undefined : body);
}

/** Does something to a message. A refusal mostly means that it has moved on meanwhile, so it is asked for again. */
export function useMessageStep(id: string) {
  return useMutation({
    meta: { inline: true },
    mutationFn: (step: MessageStep) => stepMessage(id, step),
    onSuccess: changed,
    onError: () => void queryClient.invalidateQueries({ queryKey: keys.outbox }),
  });
}
