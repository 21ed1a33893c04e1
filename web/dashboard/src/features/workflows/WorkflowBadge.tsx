import type { EnrolmentState, Outcome, WorkflowState } from '@frontdesk/api-client';
import type { BadgeProps } from '@mantine/core';
import { ArrowRightLeft, CircleCheck, CircleDashed, CircleMinus, CirclePause, CirclePlay, CircleX, Footprints, Trophy, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { StatusBadge } from '../../ui/StatusBadge';

type Looks<State extends string> = Record<State, { color: string; icon: LucideIcon }>;

const WORKFLOW: Looks<WorkflowState> = {
  draft: { color: 'gray', icon: CircleDashed },
  active: { color: 'teal', icon: CirclePlay },
  paused: { color: 'orange', icon: CirclePause },
};

const ENROLMENT: Looks<EnrolmentState> = {
  active: { color: 'blue', icon: Footprints },
  won: { color: 'teal', icon: Trophy },
  finished: { color: 'gray', icon: CircleCheck },
  stopped: { color: 'gray', icon: CircleMinus },
};

export const OUTCOME_LOOKS: Looks<Outcome> = {
  done: { color: 'teal', icon: CircleCheck },
  skipped: { color: 'gray', icon: CircleMinus },
  otherwise: { color: 'blue', icon: ArrowRightLeft },
  failed: { color: 'red', icon: CircleX },
};

export function WorkflowBadge({ state, ...badge }: BadgeProps & { state: WorkflowState }) {
  const { t } = useTranslation('workflows');
  return <StatusBadge look={WORKFLOW[state]} label={t(`state.${state}`)} miw="max-content" {...badge} />;
}

export function EnrolmentBadge({ state, ...badge }: BadgeProps & { state: EnrolmentState }) {
  const { t } = useTranslation('workflows');
  return <StatusBadge look={ENROLMENT[state]} label={t(`enrolment.${state}`)} miw="max-content" {...badge} />;
}
