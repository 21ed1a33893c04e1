import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { WaitingStatus } from '@frontdesk/api-client';
import { shellRoute } from '../../app/routes';
import { trailOf, type PagerSearch } from '../../ui/pager';

export const SHOWN = ['open', 'waiting', 'offered', 'booked', 'closed', 'all'] as const;
export type Shown = (typeof SHOWN)[number];

export interface WaitingSearch extends PagerSearch {
  /** `open`, those for whom something can still be done, when absent. */
  show?: Exclude<Shown, 'open'>;
  type?: string;
}

/** Those for whom something can still be done. */
export const OPEN: readonly WaitingStatus[] = ['waiting', 'offered'];

export function waitingSearch(search: Record<string, unknown>): WaitingSearch {
  const { show, type } = search;
  const shown = SHOWN.find((each) => each === show);
  return { ...trailOf(search), ...(shown === undefined || shown === 'open' ? {} : { show: shown }), ...(typeof type === 'string' && type !== '' ? { type } : {}) };
}

export const waitingListRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/waiting-list',
  validateSearch: waitingSearch,
  component: lazyRouteComponent(() => import('./WaitingListPage'), 'WaitingListPage'),
});
