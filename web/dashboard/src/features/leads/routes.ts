import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/routes';
import type { LeadStatus } from '@frontdesk/api-client';
import { trailOf, type PagerSearch } from '../../ui/pager';

export interface LeadsSearch extends PagerSearch {
  q?: string;
  status?: LeadStatus;
}

const STATUSES: readonly unknown[] = ['new', 'contacted', 'qualified', 'won', 'lost'] satisfies LeadStatus[];

function leadsSearch(search: Record<string, unknown>): LeadsSearch {
  return {
    ...trailOf(search),
    ...(typeof search['q'] === 'string' && search['q'] !== '' ? { q: search['q'] } : {}),
    ...(STATUSES.includes(search['status']) ? { status: search['status'] as LeadStatus } : {}),
  };
}

export const leadsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/leads',
  validateSearch: leadsSearch,
  component: lazyRouteComponent(() => import('./LeadsPage'), 'LeadsPage'),
});

/** One lead, in a drawer over the list. */
export const leadRoute = createRoute({
  getParentRoute: () => leadsRoute,
  path: '$leadId',
  component: lazyRouteComponent(() => import('./LeadDrawer'), 'LeadDrawer'),
});
