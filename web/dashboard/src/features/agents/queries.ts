// What the agents' pages ask the server for.

import type {
  Agent,
  AgentSettings,
  AgentState,
  AgentVersion,
  Connection,
  Page,
  Persona,
  PersonaVoice,
  SettingChange,
  Source,
  ToolDescription,
} from '@frontdesk/api-client';
import { infiniteQueryOptions, queryOptions, useMutation } from '@tanstack/react-query';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';

export function agentsQuery(archived: boolean) {
  return queryOptions({
    queryKey: [...keys.agents, 'list', archived],
    queryFn: ({ signal }) => api.get<Agent[]>('/agents', { query: { archived: archived || undefined }, signal }),
  });
}

export function agentQuery(id: string) {
  return queryOptions({
    queryKey: keys.agent(id),
    queryFn: ({ signal }) => api.get<Agent>(`/agents/${id}`, { signal }),
  });
}

export const toolsQuery = queryOptions({
  queryKey: keys.agentTools,
  queryFn: ({ signal }) => api.get<ToolDescription[]>('/agents/tools', { signal }),
  staleTime: Infinity,
});

export const personasQuery = queryOptions({
  queryKey: keys.personas,
  queryFn: ({ signal }) => api.get<Persona[]>('/personas', { signal }),
});

export const modelsQuery = queryOptions({
  queryKey: [...keys.connections, 'models'],
  queryFn: async ({ signal }) =>
    (await api.get<Page<Connection>>('/connections', { query: { limit: 250 }, signal })).items.filter((each) => each.category === 'model'),
});

export const allSourcesQuery = queryOptions({
  queryKey: keys.sourceList({ all: true }),
  queryFn: async ({ signal }) => (await api.get<Page<Source>>('/knowledge/sources', { query: { limit: 250 }, signal })).items,
});

export function versionsQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: keys.agentVersions(id),
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<AgentVersion>>(`/agents/${id}/versions`, { query: { cursor: pageParam, limit: 30 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function diffQuery(id: string, from: string, to: string) {
  return queryOptions({
    queryKey: keys.agentDiff(id, from, to),
    queryFn: ({ signal }) => api.get<SettingChange[]>(`/agents/${id}/diff`, { query: { from, to }, signal }),
    staleTime: 0,
  });
}

function took(agent: Agent): void {
  queryClient.setQueryData(keys.agent(agent.id), agent);
  void queryClient.invalidateQueries({ queryKey: [...keys.agents, 'list'] });
}

export interface AgentChange {
  name?: string;
  state?: AgentState;
  is_default?: true;
  draft?: AgentSettings;
  /** What it was read as; the server refuses when somebody has changed it since. */
  if_updated_at?: string;
}

export function useChangeAgent(id: string, inline = false) {
  return useMutation({
    meta: { inline },
    mutationFn: (change: AgentChange) => api.patch<Agent>(`/agents/${id}`, change),
    onSuccess: took,
  });
}

export function useCreateAgent() {
  return useMutation({
    meta: { inline: true },
    mutationFn: (name: string) => api.post<Agent>('/agents', { name }),
    onSuccess: took,
  });
}

export function useCloneAgent() {
  return useMutation({
    mutationFn: (id: string) => api.post<Agent>(`/agents/${id}/clone`),
    onSuccess: took,
  });
}

async function reread(id: string): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: keys.agents });
  await queryClient.invalidateQueries({ queryKey: keys.agent(id) });
}

export function usePublish(id: string) {
  return useMutation({
    meta: { inline: true },
    mutationFn: (note: string) => api.post<AgentVersion>(`/agents/${id}/publish`, { note }),
    onSuccess: () => reread(id),
  });
}

export async function rollBack(id: string, number: number): Promise<void> {
  await api.post<AgentVersion>(`/agents/${id}/rollback`, { number });
  await reread(id);
}

export async function deleteAgent(id: string): Promise<void> {
  await api.del(`/agents/${id}`);
  queryClient.removeQueries({ queryKey: keys.agent(id) });
  await queryClient.invalidateQueries({ queryKey: [...keys.agents, 'list'] });
}

export function useSavePersona() {
  return useMutation({
    meta: { inline: true },
    mutationFn: ({ id, ...persona }: { id?: string; name: string; voice: PersonaVoice }) =>
      id === undefined ? api.post<Persona>('/personas', persona) : api.patch<Persona>(`/personas/${id}`, persona),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.personas }),
  });
}

export async function deletePersona(id: string): Promise<void> {
  await api.del(`/personas/${id}`);
  await queryClient.invalidateQueries({ queryKey: keys.personas });
}
