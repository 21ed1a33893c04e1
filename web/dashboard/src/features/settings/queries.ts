// What the settings ask the server for.

import type {
  Agent,
  ApiKey,
  AuditEntry,
  CannedReply,
  Connection,
  ConnectionTest,
  CreatedApiKey,
  JobCounts,
  JobState,
  Json,
  Page,
  Permission,
  QueueJob,
  Vendor,
  WidgetKey,
} from '@frontdesk/api-client';
import { queryOptions, useMutation } from '@tanstack/react-query';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';
import type { SettingsSearch } from './routes';

const all = { limit: 250 };

export const widgetKeysQuery = queryOptions({
  queryKey: keys.widgetKeys,
  queryFn: async ({ signal }) => (await api.get<Page<WidgetKey>>('/widget-keys', { query: all, signal })).items,
});

export const apiKeysQuery = queryOptions({
  queryKey: keys.apiKeys,
  queryFn: async ({ signal }) => (await api.get<Page<ApiKey>>('/keys', { query: all, signal })).items,
});

export const connectionsQuery = queryOptions({
  queryKey: [...keys.connections, 'all'],
  queryFn: async ({ signal }) => (await api.get<Page<Connection>>('/connections', { query: all, signal })).items,
});

export const vendorsQuery = queryOptions({
  queryKey: keys.vendors,
  queryFn: ({ signal }) => api.get<Vendor[]>('/connections/vendors', { signal }),
  staleTime: Infinity,
});

export const cannedRepliesQuery = queryOptions({
  queryKey: keys.cannedReplies,
  queryFn: ({ signal }) => api.get<CannedReply[]>('/canned-replies', { signal }),
});

export const agentNamesQuery = queryOptions({
  queryKey: [...keys.agents, 'list', false],
  queryFn: ({ signal }) => api.get<Agent[]>('/agents', { signal }),
});

/** The filters of the audit log as the server wants them: whole days, in the business's zone by the caller. */
export function auditFilter({ actor, action, from, to }: SettingsSearch) {
  return { actor, action, from: from === undefined ? undefined : dayStart(from), to: to === undefined ? undefined : dayEnd(to) };
}

const dayStart = (day: string) => new Date(`${day}T00:00:00`).toISOString();
const dayEnd = (day: string) => new Date(`${day}T23:59:59.999`).toISOString();

export function auditQuery(search: SettingsSearch) {
  const query = { ...auditFilter(search), cursor: search.trail?.at(-1), limit: 50 };
  return queryOptions({
    queryKey: keys.audit(query),
    queryFn: ({ signal }) => api.get<Page<AuditEntry>>('/audit', { query, signal }),
    staleTime: 0,
  });
}

const refresh = (queryKey: readonly string[]) => () => queryClient.invalidateQueries({ queryKey });

export function useSaveWidgetKey() {
  return useMutation({
    meta: { inline: true },
    mutationFn: ({ id, ...key }: { id?: string; name: string; origins: string[]; agent_id: string | null }) =>
      id === undefined ? api.post<WidgetKey>('/widget-keys', key) : api.patch<WidgetKey>(`/widget-keys/${id}`, key),
    onSuccess: refresh(keys.widgetKeys),
  });
}

export async function revokeWidgetKey(id: string): Promise<void> {
  await api.del(`/widget-keys/${id}`);
  await refresh(keys.widgetKeys)();
}

export function useCreateApiKey() {
  return useMutation({
    meta: { inline: true },
    mutationFn: (key: { name: string; scopes: Permission[]; expires_at?: string }) => api.post<CreatedApiKey>('/keys', key),
    onSuccess: refresh(keys.apiKeys),
  });
}

export async function revokeApiKey(id: string): Promise<void> {
  await api.del(`/keys/${id}`);
  await refresh(keys.apiKeys)();
}

export interface ConnectionValues {
  name: string;
  settings: Record<string, Json>;
  secret?: string | null;
  hook_secret?: string | null;
  enabled: boolean;
}

export function useSaveConnection() {
  return useMutation({
    meta: { inline: true },
    mutationFn: ({ id, vendor, ...values }: ConnectionValues & { id?: string; vendor: string }) =>
      id === undefined ? api.post<Connection>('/connections', { vendor, ...values }) : api.patch<Connection>(`/connections/${id}`, values),
    onSuccess: refresh(keys.connections),
  });
}

export function useSwitchConnection(id: string) {
  return useMutation({
    mutationFn: (enabled: boolean) => api.patch<Connection>(`/connections/${id}`, { enabled }),
    onSuccess: refresh(keys.connections),
  });
}

export function useTestConnection(id: string) {
  return useMutation({
    mutationFn: () => api.post<ConnectionTest>(`/connections/${id}/test`),
    onSuccess: refresh(keys.connections),
  });
}

export async function deleteConnection(id: string): Promise<void> {
  await api.del(`/connections/${id}`);
  await refresh(keys.connections)();
}

export function useSaveReply() {
  return useMutation({
    meta: { inline: true },
    mutationFn: ({ id, ...reply }: { id?: string; shortcut: string; text: string }) =>
      id === undefined ? api.post<CannedReply>('/canned-replies', reply) : api.patch<CannedReply>(`/canned-replies/${id}`, reply),
    onSuccess: refresh(keys.cannedReplies),
  });
}

export async function deleteReply(id: string): Promise<void> {
  await api.del(`/canned-replies/${id}`);
  await refresh(keys.cannedReplies)();
}

export function jobsQuery(state: JobState, trail: string[] | undefined) {
  const query = { state, cursor: trail?.at(-1), limit: 50 };
  return queryOptions({
    queryKey: keys.jobList(query),
    queryFn: ({ signal }) => api.get<Page<QueueJob>>('/jobs', { query, signal }),
    // No event tells of jobs.
    refetchInterval: 10_000,
  });
}

export const jobCountsQuery = queryOptions({
  queryKey: keys.jobCounts,
  queryFn: ({ signal }) => api.get<JobCounts>('/jobs/counts', { signal }),
  refetchInterval: 10_000,
});

const reloadJobs = () => queryClient.invalidateQueries({ queryKey: keys.jobs });

export function useRetryJob() {
  return useMutation({ mutationFn: (id: string) => api.post<QueueJob>(`/jobs/${id}/retry`), onSettled: reloadJobs });
}

export async function discardJob(id: string): Promise<void> {
  await api.del(`/jobs/${id}`);
  await reloadJobs();
}
