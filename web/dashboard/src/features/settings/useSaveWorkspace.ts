import type { Workspace } from '@frontdesk/api-client';
import { useMutation } from '@tanstack/react-query';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';

export type WorkspaceChange = Partial<Pick<Workspace, 'name' | 'zone' | 'country' | 'language' | 'facts' | 'hours' | 'theme' | 'onboarding'>>;

export function useSaveWorkspace() {
  return useMutation({
    meta: { inline: true },
    mutationFn: (change: WorkspaceChange) => api.patch<Workspace>('/workspace', change),
    onSuccess: (workspace) => {
      queryClient.setQueryData<Workspace>(keys.workspace, workspace);
      void queryClient.invalidateQueries({ queryKey: keys.me });
    },
  });
}
