// The steps of setting up, and how any page says that one is done.

import type { Onboarding, Workspace } from '@frontdesk/api-client';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';
import { workspaceQuery } from '../../app/session';

export const STEPS = ['business', 'knowledge', 'agent', 'widget'] as const satisfies (keyof Onboarding)[];
export type Step = (typeof STEPS)[number];

/**
 * Notes that a step is done. Quiet: who may not change the workspace is not told, and a failure is made good the next
 * time the step is done.
 */
export async function finishStep(step: Step): Promise<void> {
  try {
    const { onboarding } = await queryClient.ensureQueryData(workspaceQuery);
    if (onboarding[step]) return;
    const changed = await api.patch<Workspace>('/workspace', { onboarding: { ...onboarding, [step]: true } });
    queryClient.setQueryData<Workspace>(keys.workspace, changed);
  } catch {
    // See above.
  }
}
