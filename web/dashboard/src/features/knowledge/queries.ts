// What the knowledge pages ask the server for.

import type { Chunk, FaqPair, KnowledgeQueryResult, Page, Source, SourceContent } from '@frontdesk/api-client';
import { infiniteQueryOptions, queryOptions, useMutation } from '@tanstack/react-query';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';
import type { KnowledgeSearch } from './routes';

export const PAGE_SIZE = 50;

export function sourcesQuery({ q, status, kind, trail }: KnowledgeSearch) {
  const filter = { q, status, kind, cursor: trail?.at(-1) };
  return queryOptions({
    queryKey: keys.sourceList(filter),
    queryFn: ({ signal }) => api.get<Page<Source>>('/knowledge/sources', { query: { ...filter, limit: PAGE_SIZE }, signal }),
  });
}

/** The question and answer sources, to add a pair to. */
export const faqSourcesQuery = queryOptions({
  queryKey: keys.sourceList({ kind: 'faq', all: true }),
  queryFn: async ({ signal }) =>
    (await api.get<Page<Source>>('/knowledge/sources', { query: { kind: 'faq', limit: 250 }, signal })).items,
});

export function sourceQuery(id: string) {
  return queryOptions({
    queryKey: keys.source(id),
    queryFn: ({ signal }) => api.get<Source>(`/knowledge/sources/${id}`, { signal }),
  });
}

export function contentQuery(id: string) {
  return queryOptions({
    queryKey: keys.sourceContent(id),
    queryFn: ({ signal }) => api.get<SourceContent>(`/knowledge/sources/${id}/content`, { signal }),
  });
}

export function chunksQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: keys.sourceChunks(id),
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Chunk>>(`/knowledge/sources/${id}/chunks`, { query: { cursor: pageParam, limit: 20 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function questionQuery(question: string) {
  return queryOptions({
    queryKey: ['knowledge-query', question],
    queryFn: ({ signal }) => api.post<KnowledgeQueryResult>('/knowledge/query', { question, limit: 8 }, { signal }),
    enabled: question !== '',
    staleTime: 0,
    retry: false,
  });
}

export type NewSource =
  | { kind: 'text'; title: string; text: string }
  | { kind: 'faq'; title: string; pairs: FaqPair[] }
  | { kind: 'page'; url: string }
  | { kind: 'site'; url: string; max_pages: number };

const refresh = () => queryClient.invalidateQueries({ queryKey: keys.sources });

export function useAddSource() {
  return useMutation({
    meta: { inline: true },
    mutationFn: (source: NewSource) => api.post<Source>('/knowledge/sources', source),
    onSuccess: refresh,
  });
}

/** Puts pairs behind those a source has. */
export function useAddPairs() {
  return useMutation({
    meta: { inline: true },
    mutationFn: async ({ id, pairs }: { id: string; pairs: FaqPair[] }) => {
      const content = await api.get<SourceContent>(`/knowledge/sources/${id}/content`);
      return api.patch<Source>(`/knowledge/sources/${id}`, { pairs: [...(content.pairs ?? []), ...pairs] });
    },
    onSuccess: refresh,
  });
}

export function useChangeSource(id: string) {
  return useMutation({
    meta: { inline: true },
    mutationFn: (change: { title?: string; text?: string; pairs?: FaqPair[] }) => api.patch<Source>(`/knowledge/sources/${id}`, change),
    onSuccess: (source) => {
      queryClient.setQueryData(keys.source(id), source);
      return refresh();
    },
  });
}

export function useSyncSource(id: string) {
  return useMutation({
    mutationFn: () => api.post<Source>(`/knowledge/sources/${id}/sync`),
    onSuccess: (source) => {
      queryClient.setQueryData(keys.source(id), source);
      return refresh();
    },
  });
}

export async function deleteSource(id: string): Promise<void> {
  await api.del(`/knowledge/sources/${id}`);
  queryClient.removeQueries({ queryKey: keys.source(id) });
  await refresh();
}
