// What the workflows' pages ask the server for.

import type {
  Enrolled,
  Enrolment,
  EnrolmentStory,
  Funnel,
  Page,
  Workflow,
  WorkflowPending,
  WorkflowPreview,
  WorkflowRecipe,
  WorkflowSettings,
} from '@frontdesk/api-client';
import { queryOptions, useMutation } from '@tanstack/react-query';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';
import type { WorkflowSearch } from './routes';

export const workflowsQuery = queryOptions({
  queryKey: [...keys.workflows, 'list'],
  queryFn: ({ signal }) => api.get<Workflow[]>('/workflows', { signal }),
});

export const recipesQuery = queryOptions({
  queryKey: keys.workflowRecipes,
  queryFn: ({ signal }) => api.get<WorkflowRecipe[]>('/workflows/recipes', { signal }),
  staleTime: Infinity,
});

export function workflowQuery(id: string) {
  return queryOptions({
    queryKey: keys.workflow(id),
    queryFn: ({ signal }) => api.get<Workflow>(`/workflows/${id}`, { signal }),
  });
}

/** What waits in one or several workflows, together. */
export function pendingQuery(ids: readonly string[]) {
  return queryOptions({
    queryKey: keys.workflowPending(ids),
    queryFn: async ({ signal }) => {
      const each = await Promise.all(ids.map((id) => api.get<WorkflowPending>(`/workflows/${id}/pending`, { signal })));
      return together(each);
    },
    staleTime: 0,
    gcTime: 0,
  });
}

export function together(each: readonly WorkflowPending[]): WorkflowPending {
  const dues = each.map((one) => one.next_due_at).filter((at) => typeof at === 'string');
  return {
    active: each.reduce((sum, one) => sum + one.active, 0),
    waiting_messages: each.reduce((sum, one) => sum + one.waiting_messages, 0),
    next_due_at: dues.sort()[0] ?? null,
  };
}

export function funnelQuery(id: string) {
  return queryOptions({
    queryKey: keys.workflowFunnel(id),
    queryFn: ({ signal }) => api.get<Funnel>(`/workflows/${id}/funnel`, { signal }),
  });
}

export function enrolmentsQuery(id: string, { progress, step, trail }: WorkflowSearch) {
  const query = { state: progress, step, cursor: trail?.at(-1), limit: 50 };
  return queryOptions({
    queryKey: keys.enrolments({ id, ...query }),
    queryFn: ({ signal }) => api.get<Page<Enrolment>>(`/workflows/${id}/enrolments`, { query, signal }),
  });
}

export function enrolmentQuery(id: string) {
  return queryOptions({
    queryKey: keys.enrolment(id),
    queryFn: ({ signal }) => api.get<EnrolmentStory>(`/enrolments/${id}`, { signal }),
  });
}

export function contactEnrolmentsQuery(id: string) {
  return queryOptions({
    queryKey: keys.contactEnrolments(id),
    queryFn: ({ signal }) => api.get<Enrolment[]>(`/contacts/${id}/enrolments`, { signal }),
  });
}

/** What the next contacts would get; asked for by hand, because a model may write it. */
export function usePreview() {
  return useMutation({
    meta: { inline: true },
    mutationFn: (draft: { settings: WorkflowSettings; workflow_id?: string }) => api.post<WorkflowPreview>('/workflows/preview', draft),
  });
}

function kept(workflow: Workflow): Workflow {
  queryClient.setQueryData(keys.workflow(workflow.id), workflow);
  void queryClient.invalidateQueries({ queryKey: workflowsQuery.queryKey });
  return workflow;
}

export function useCreateWorkflow() {
  return useMutation({
    meta: { inline: true },
    mutationFn: (settings: WorkflowSettings) => api.post<Workflow>('/workflows', settings),
    onSuccess: kept,
  });
}

export function useSaveWorkflow(id: string) {
  return useMutation({
    meta: { inline: true },
    mutationFn: (change: { settings: WorkflowSettings; version: number }) => api.put<Workflow>(`/workflows/${id}`, change),
    onSuccess: kept,
    // Whoever was faster is to be seen.
    onError: () => void queryClient.invalidateQueries({ queryKey: keys.workflow(id), exact: true }),
  });
}

export async function setWorkflowsState(ids: readonly string[], state: 'active' | 'paused'): Promise<Workflow[]> {
  const changed = await api.post<Workflow[]>('/workflows/state', { ids, state });
  for (const workflow of changed) queryClient.setQueryData(keys.workflow(workflow.id), workflow);
  await queryClient.invalidateQueries({ queryKey: workflowsQuery.queryKey });
  return changed;
}

export async function deleteWorkflow(id: string): Promise<void> {
  await api.del(`/workflows/${id}`);
  queryClient.removeQueries({ queryKey: keys.workflow(id) });
  await queryClient.invalidateQueries({ queryKey: keys.workflows });
}

export async function enrol(id: string, contacts: readonly string[]): Promise<Enrolled> {
  const enrolled = await api.post<Enrolled>(`/workflows/${id}/enrolments`, { contact_ids: contacts });
  await queryClient.invalidateQueries({ queryKey: keys.workflows });
  return enrolled;
}

export async function stopEnrolment(id: string): Promise<void> {
  await api.post(`/enrolments/${id}/stop`);
  await queryClient.invalidateQueries({ queryKey: keys.workflows });
}
