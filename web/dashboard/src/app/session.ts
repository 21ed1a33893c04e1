// The signed-in person, their workspace, and what they may do there.

import type { Me, Member, Page, Permission, Workspace, WorkspaceMembership } from '@frontdesk/api-client';
import { queryOptions, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { allows } from './access';
import { api } from './api';
import { keys } from './keys';
import { currentWorkspace, setCurrentWorkspace, useCurrentWorkspace } from './workspace';

export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: ({ signal }) => api.get<Me>('/auth/me', { signal }),
  staleTime: 5 * 60_000,
});

export const workspaceQuery = queryOptions({
  queryKey: keys.workspace,
  queryFn: ({ signal }) => api.get<Workspace>('/workspace', { signal }),
  staleTime: 5 * 60_000,
});

export const membersQuery = queryOptions({
  queryKey: keys.members,
  queryFn: async ({ signal }) => (await api.get<Page<Member>>('/team/members', { signal, query: { limit: 250 } })).items,
  staleTime: 60_000,
});

/** Settles which workspace this tab works in: the first one when the remembered one is gone. */
export function settleWorkspace(me: Me): void {
  const wanted = currentWorkspace();
  const found = me.workspaces.find((workspace) => workspace.id === wanted) ?? me.workspaces[0];
  if (found !== undefined) setCurrentWorkspace(found.id);
}

/** The signed-in person; only under the shell, which has loaded it. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

/** What the person is in the workspace this tab works in. */
export function useMembership(): WorkspaceMembership | undefined {
  const id = useCurrentWorkspace();
  return useMe().workspaces.find((workspace) => workspace.id === id);
}

export function useWorkspace(): Workspace | undefined {
  return useQuery(workspaceQuery).data;
}

/** Whether the person may do it in this workspace. */
export function useCan(permission: Permission): boolean {
  const membership = useMembership();
  return membership !== undefined && allows(membership.role, permission);
}

/** The team, by user id. */
export function useMembers(): ReadonlyMap<string, Member> {
  const { data } = useQuery({ ...membersQuery, select: byUser });
  return data ?? NOBODY;
}

const NOBODY: ReadonlyMap<string, Member> = new Map();
const byUser = (members: Member[]) => new Map(members.map((member) => [member.user_id, member]));
