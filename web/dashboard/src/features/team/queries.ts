// What the team page asks the server for; members are the session's, for every page names them.

import type { Invitation, Member, Page, Role } from '@frontdesk/api-client';
import { queryOptions, useMutation } from '@tanstack/react-query';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';

export const invitationsQuery = queryOptions({
  queryKey: keys.invitations,
  queryFn: async ({ signal }) => (await api.get<Page<Invitation>>('/team/invitations', { query: { limit: 250 }, signal })).items,
});

const refresh = async () => {
  await queryClient.invalidateQueries({ queryKey: keys.team });
  await queryClient.invalidateQueries({ queryKey: keys.me });
};

export function useInvite() {
  return useMutation({
    meta: { inline: true },
    mutationFn: (invitation: { email: string; role: Role }) => api.post<Invitation>('/team/invitations', invitation),
    onSuccess: refresh,
  });
}

export function useResend() {
  return useMutation({
    mutationFn: (id: string) => api.post<Invitation>(`/team/invitations/${id}/resend`),
    onSuccess: refresh,
  });
}

export async function revokeInvitation(id: string): Promise<void> {
  await api.del(`/team/invitations/${id}`);
  await refresh();
}

export function useSetRole(id: string) {
  return useMutation({
    mutationFn: (role: Role) => api.patch<Member>(`/team/members/${id}`, { role }),
    onSettled: refresh,
  });
}

export async function removeMember(id: string): Promise<void> {
  await api.del(`/team/members/${id}`);
  await refresh();
}

export async function transferOwnership(id: string): Promise<void> {
  await api.post(`/team/members/${id}/transfer-ownership`);
  await refresh();
}
