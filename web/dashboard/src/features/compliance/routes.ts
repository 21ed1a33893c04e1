import type { Channel, Purpose } from '@frontdesk/api-client';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/routes';
import { trailOf, type PagerSearch } from '../../ui/pager';

export const SECTIONS = ['rules', 'settings', 'lists', 'consents', 'evidence', 'check'] as const;
export type SectionId = (typeof SECTIONS)[number];

/** Which rule packs are shown; absent for all. */
export const SHOWN = ['here', 'changed', 'unsure'] as const;
export type Shown = (typeof SHOWN)[number];

/** Channels that the gate judges and people agree to. */
export const CARRIED = ['sms', 'whatsapp', 'email', 'telegram'] as const satisfies readonly Channel[];
export type Carried = (typeof CARRIED)[number];
export const PURPOSES = ['marketing', 'transactional'] as const satisfies readonly Purpose[];

/** What a section shows; all of it in the address. */
export interface ComplianceSearch extends PagerSearch {
  q?: string;
  show?: Shown;
  list?: string;
  /** Whom consents, evidence and the question are about. */
  contact?: string;
  channel?: Carried;
  purpose?: Purpose;
  record?: 'holds' | 'ended';
}

export function complianceSearch(search: Record<string, unknown>): ComplianceSearch {
  const found: ComplianceSearch = trailOf(search);
  for (const name of ['q', 'list', 'contact'] as const) {
    const value = search[name];
    if (typeof value === 'string' && value !== '') found[name] = value;
    // A number typed into the search comes back from the address as one.
    else if (name === 'q' && typeof value === 'number') found.q = String(value);
  }
  const show = SHOWN.find((each) => each === search['show']);
  const channel = CARRIED.find((each) => each === search['channel']);
  const purpose = (['reply', ...PURPOSES] as const).find((each) => each === search['purpose']);
  const record = (['holds', 'ended'] as const).find((each) => each === search['record']);
  return {
    ...found,
    ...(show === undefined ? {} : { show }),
    ...(channel === undefined ? {} : { channel }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(record === undefined ? {} : { record }),
  };
}

export const complianceRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/compliance',
  validateSearch: complianceSearch,
  component: lazyRouteComponent(() => import('./CompliancePage'), 'CompliancePage'),
});

export const complianceSectionRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/compliance/$section',
  validateSearch: complianceSearch,
  component: lazyRouteComponent(() => import('./CompliancePage'), 'CompliancePage'),
});
