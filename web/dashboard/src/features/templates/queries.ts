// What the pages of messages ask the server for.

import type { Language, Template, TemplateChannel, TemplateKind, TemplatePreview, TemplateVariable, TemplateVersion } from '@frontdesk/api-client';
import { keepPreviousData, queryOptions, useMutation } from '@tanstack/react-query';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';

export const templatesQuery = queryOptions({
  queryKey: keys.templates,
  queryFn: ({ signal }) => api.get<Template[]>('/templates', { signal }),
});

export function variablesQuery(kind: TemplateKind) {
  return queryOptions({
    queryKey: keys.templateVariables(kind),
    queryFn: ({ signal }) => api.get<TemplateVariable[]>('/templates/variables', { query: { kind }, signal }),
    staleTime: Infinity,
  });
}

/** Which text it is. */
export interface Place {
  kind: TemplateKind;
  channel: TemplateChannel;
  language: Language;
}

const pathOf = ({ kind, channel, language }: Place): string => `/templates/${kind}/${channel}/${language}`;

export const isAt = (place: Place, template: Place): boolean => template.kind === place.kind && template.channel === place.channel && template.language === place.language;

export function versionsQuery(place: Place) {
  return queryOptions({
    queryKey: keys.templateVersions(place.kind, place.channel, place.language),
    queryFn: ({ signal }) => api.get<TemplateVersion[]>(`${pathOf(place)}/versions`, { signal }),
  });
}

export interface Draft extends Place {
  /** Empty in short messages, which have none. */
  subject: string;
  body: string;
}

/** A text with the values of a booking; with examples when there is none. */
export interface Trial extends Draft {
  booking: string | undefined;
}

const sent = ({ booking, subject, ...draft }: Trial) => ({ ...draft, ...(draft.channel === 'email' ? { subject } : {}), ...(booking === undefined ? {} : { booking_id: booking }) });

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
    before?.map((each) => (isAt(template, each) ? template : each)),
  );
  void queryClient.invalidateQueries({ queryKey: keys.templateVersions(template.kind, template.channel, template.language) });
}

export function useSaveTemplate() {
  return useMutation({
    meta: { inline: true },
    mutationFn: ({ subject, body, ...place }: Draft) => api.put<Template>(pathOf(place), place.channel === 'email' ? { subject, body } : { body }),
    onSuccess: took,
  });
}

export async function resetTemplate(place: Place): Promise<Template> {
  const shipped = await api.del<Template>(pathOf(place));
  took(shipped);
  return shipped;
}

export function useTestTemplate() {
  return useMutation({
    mutationFn: (draft: Trial) => api.post<{ to: string }>('/templates/test', sent(draft)),
  });
}
