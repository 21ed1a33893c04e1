// What the pages of approved templates ask the server for.

import type { ApprovedTemplate, ChannelTemplate, ChannelTemplateText, ChannelTemplates, TemplateCategory } from '@frontdesk/api-client';
import { queryOptions, useMutation } from '@tanstack/react-query';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { catchUp } from '../../app/live';
import { queryClient } from '../../app/query';

export const channelTemplatesQuery = queryOptions({
  queryKey: keys.channelTemplates,
  queryFn: ({ signal }) => api.get<ChannelTemplates>('/channel-templates', { signal }),
});

const reload = () => queryClient.invalidateQueries({ queryKey: keys.channelTemplates });

export interface NewChannelTemplate extends Partial<ChannelTemplateText> {
  connection_id?: string;
  name: string;
  language: string;
  category: TemplateCategory;
  body: string;
  submit: boolean;
}

/** Writes a new template, or a draft anew. */
export function useWriteTemplate(draft: string | null) {
  return useMutation({
    meta: { inline: true },
    mutationFn: (template: NewChannelTemplate) =>
      draft === null ? api.post<ChannelTemplate>('/channel-templates', template) : api.put<ChannelTemplate>(`/channel-templates/${draft}`, template),
    onSuccess: reload,
  });
}

/** Hands a draft in for approval. */
export function useSubmitTemplate() {
  return useMutation({ mutationFn: (id: string) => api.post<ChannelTemplate>(`/channel-templates/${id}/submit`), onSuccess: reload });
}

export async function deleteTemplate(id: string): Promise<void> {
  await api.del(`/channel-templates/${id}`);
  await reload();
}

/** Asks the vendor for the newest. */
export function useSyncTemplates() {
  return useMutation({
    mutationFn: () => api.post<ChannelTemplates>('/channel-templates/sync'),
    onSuccess: (all) => queryClient.setQueryData(keys.channelTemplates, all),
  });
}

/** Sends a template into a conversation. */
export function useSendTemplate(conversation: string) {
  return useMutation({
    meta: { inline: true },
    mutationFn: ({ template, clientId }: { template: ApprovedTemplate; clientId: string }) => api.post(`/conversations/${conversation}/messages`, { text: '', template, client_id: clientId }),
    onSuccess: () => {
      void catchUp(conversation);
      void queryClient.invalidateQueries({ queryKey: keys.conversation(conversation) });
    },
  });
}
