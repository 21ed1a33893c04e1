// What can be done to a conversation.

import type { Conversation, Message } from '@frontdesk/api-client';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { newClientId } from '../../app/client-id';
import { keys } from '../../app/keys';
import { catchUp } from '../../app/live';
import { withMessages, type Thread } from '../../app/live/threads';
import { queryClient } from '../../app/query';
import { notifyProblem, notifyUndo } from '../../ui/toast';
import { encoded } from './filing';
import { changeOutbox } from './outbox';

export type Step = 'take-over' | 'hand-back' | 'resolve' | 'reopen';

function took(conversation: Conversation): void {
  queryClient.setQueryData<Conversation>(keys.conversation(conversation.id), conversation);
  void queryClient.invalidateQueries({ queryKey: keys.conversations });
  void catchUp(conversation.id);
}

function take(id: string, step: Step): Promise<Conversation> {
  return api.post<Conversation>(`/conversations/${id}/${step}`);
}

export function useStep(id: string) {
  const { t } = useTranslation('inbox');
  return useMutation({
    mutationFn: (step: Step) => take(id, step),
    onSuccess: (conversation, step) => {
      took(conversation);
      // It leaves the list of open ones, so the way back is offered where the eyes are.
      if (step === 'resolve') notifyUndo(t('action.resolved'), () => void take(id, 'reopen').then(took, notifyProblem));
    },
    // Somebody else may have been faster: what is shown is asked for again.
    onError: () => void queryClient.invalidateQueries({ queryKey: keys.conversation(id) }),
  });
}

export function useAssign(id: string) {
  return useMutation({
    mutationFn: (userId: string | null) => api.put<Conversation>(`/conversations/${id}/assignee`, { user_id: userId }),
    onSuccess: took,
  });
}

function stored(message: Message): void {
  queryClient.setQueryData<Thread>(keys.messages(message.conversation_id), (thread) => {
    if (thread === undefined) return thread;
    // A message in between is on its way; to show this one first would hide the hole from the catching up.
    return (thread.messages.at(-1)?.seq ?? 0) + 1 >= message.seq ? withMessages(thread, [message]) : thread;
  });
  void catchUp(message.conversation_id);
}

/** Sends a reply; what fails stays in the outbox with its reason. */
export async function sendReply(conversationId: string, text: string, files: readonly File[] = [], clientId: string = newClientId()): Promise<void> {
  changeOutbox({ type: 'sending', conversationId, clientId, text, files, at: new Date().toISOString() });
  try {
    const along = files.length === 0 ? {} : { files: await Promise.all(files.map(encoded)) };
    stored(await api.post<Message>(`/conversations/${conversationId}/messages`, { text, client_id: clientId, ...along }));
    changeOutbox({ type: 'gone', conversationId, clientId });
    void queryClient.invalidateQueries({ queryKey: keys.conversation(conversationId) });
  } catch (error) {
    changeOutbox({ type: 'failed', conversationId, clientId, error });
  }
}

/** Says that the team has seen what the customer wrote. Nothing is lost when it fails: it is said again next time. */
export async function markRead(id: string): Promise<void> {
  try {
    await api.post(`/conversations/${id}/read`);
  } catch {
    return;
  }
  queryClient.setQueryData<Conversation>(keys.conversation(id), (conversation) => conversation && { ...conversation, unread: 0 });
  void queryClient.invalidateQueries({ queryKey: keys.conversations });
}

export function useAddNote(id: string) {
  return useMutation({
    mutationFn: (text: string) => api.post<Message>(`/conversations/${id}/notes`, { text }),
    onSuccess: stored,
  });
}
