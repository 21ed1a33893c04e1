// What the pages of messages ask the server for.

import type { Language, Template, TemplateKind, TemplatePreview, TemplateVariable, TemplateVersion } from '@frontdesk/api-client';
import { keepPreviousData, queryOptions, useMutation } from '@tanstack/react-query';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';

export const templatesQuery = queryOptions({
  queryKey: keys.templates,
  // Letters: the editor's preview is one of a mail.
  queryFn: async ({ signal }) => {
    const all = await api.get<Template[]>('/templates', { signal });
    return all.filter((template) => template.channel === 'email');
  },
});

export function variablesQuery(kind: TemplateKind) {
  return queryOptions({
    queryKey: keys.templateVariables(kind),
    queryFn: ({ signal }) => api.get<TemplateVariable[]>('/templates/variables', { query: { kind }, signal }),
    staleTime: Infinity,
  });
}

const pathOf = (kind: TemplateKind, language: Language): string => `/templates/${kind}/email/${language}`;

export function versionsQuery(kind: TemplateKind, language: Language) {
  return queryOptions({
    queryKey: keys.templateVersions(kind, language),
    queryFn: ({ signal }) => api.get<TemplateVersion[]>(`${pathOf(kind, language)}/versions`, { signal }),
  });
}

export interface Draft {
  kind: TemplateKind;
  language: Language;
  subject: string;
  body: string;
}

/** A text with the values of a booking; with examples when there is none. */
export interface Trial extends Draft {
  booking: string | undefined;
}

const sent = ({ booking, ...draft }: Trial) => ({ ...draft, channel: 'email', ...(booking === undefined ? {} : { booking_id: booking }) });

export function previewQuery(draft: Trial) {
  return queryOptions({
    queryKey: keys.templatePreview(draft),
    queryFn: ({ signal }) => api.post<TemplatePreview>('/templates/preview', sent(draft), { signal }),
    staleTime: Infinity,
    gcTime: 60_000,
    // The last one that worked stays beside what is wrong now.
    placeholderData: keepPreviousData,
  });
}

function took(template: Template): void {
  queryClient.setQueryData<Template[]>(keys.templates, (before) =>
    before?.map((each) => (each.kind === template.kind && each.language === template.language ? template : each)),
  );
  void queryClient.invalidateQueries({ queryKey: keys.templateVersions(template.kind, template.language) });
}

export function useSaveTemplate() {
  return useMutation({
    meta: { inline: true },
    mutationFn: ({ kind, language, subject, body }: Draft) => api.put<Template>(pathOf(kind, language), { subject, body }),
    onSuccess: took,
  });
}

export async function resetTemplate(kind: TemplateKind, language: Language): Promise<Template> {
  const shipped = await api.del<Template>(pathOf(kind, language));
  took(shipped);
  return shipped;
}

export function useTestTemplate() {
  return useMutation({
    mutationFn: (draft: Trial) => api.post<{ to: string }>('/templates/test', sent(draft)),
  });
}
