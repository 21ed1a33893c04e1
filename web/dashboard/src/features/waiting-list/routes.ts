import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { WaitingStatus } from '@frontdesk/api-client';
import { shellRoute } from '../../app/routes';
import { trailOf, type PagerSearch } from '../../ui/pager';

export interface WaitingSearch extends PagerSearch {
  /** Those who still wait, when absent. */
  show?: 'all';
  type?: string;
}

/** Those for whom something can still be done. */
export const OPEN: readonly WaitingStatus[] = ['waiting', 'offered'];

export function waitingSearch(search: Record<string, unknown>): WaitingSearch {
  const { show, type } = search;
  return { ...trailOf(search), ...(show === 'all' ? { show } : {}), ...(typeof type === 'string' && type !== '' ? { type } : {}) };
}

export const waitingListRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/waiting-list',
  validateSearch: waitingSearch,
  component: lazyRouteComponent(() => import('./WaitingListPage'), 'WaitingListPage'),
});
