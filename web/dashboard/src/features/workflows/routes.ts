import type { EnrolmentState } from '@frontdesk/api-client';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/routes';
import { trailOf, type PagerSearch } from '../../ui/pager';

export interface WorkflowsSearch {
  /** Opens the choice of ready-made ones. */
  create?: boolean;
}

export const workflowsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/workflows',
  validateSearch: (search: Record<string, unknown>): WorkflowsSearch => (search['create'] === true ? { create: true } : {}),
  component: lazyRouteComponent(() => import('./WorkflowsPage'), 'WorkflowsPage'),
});

export const TABS = ['editor', 'people', 'funnel'] as const;
export type Tab = (typeof TABS)[number];

export const ENROLMENT_STATES = ['active', 'won', 'finished', 'stopped'] as const satisfies readonly EnrolmentState[];

/** What one workflow's page shows; all of it in the address. */
export interface WorkflowSearch extends PagerSearch {
  tab?: Tab;
  /** How far the people in the list are. */
  progress?: EnrolmentState;
  step?: string;
  /** The contact's way that is open in a drawer. */
  way?: string;
}

export function workflowSearch(search: Record<string, unknown>): WorkflowSearch {
  const tab = TABS.find((each) => each === search['tab'] && each !== 'editor');
  const progress = ENROLMENT_STATES.find((each) => each === search['progress']);
  const { step, way } = search;
  return {
    ...trailOf(search),
    ...(tab === undefined ? {} : { tab }),
    ...(progress === undefined ? {} : { progress }),
    ...(typeof step === 'string' && step !== '' ? { step } : {}),
    ...(typeof way === 'string' && way !== '' ? { way } : {}),
  };
}

export const workflowRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/workflows/$workflowId',
  validateSearch: workflowSearch,
  component: lazyRouteComponent(() => import('./WorkflowPage'), 'WorkflowPage'),
});
