import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/routes';

export const SECTIONS = ['staff', 'places', 'resources', 'holidays', 'rules'] as const;
export type SectionId = (typeof SECTIONS)[number];

/** Sections whose entries have hours of their own. */
export const KINDS = ['staff', 'places', 'resources'] as const;
export type Kind = (typeof KINDS)[number];

export const PARTS = ['profile', 'hours', 'dates', 'off'] as const;
export type PartId = (typeof PARTS)[number];

export interface ItemSearch {
  part?: PartId;
}

export const availabilityRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/availability',
  component: lazyRouteComponent(() => import('./AvailabilityPage'), 'AvailabilityPage'),
});

export const availabilitySectionRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/availability/$section',
  component: lazyRouteComponent(() => import('./AvailabilityPage'), 'AvailabilityPage'),
});

/** One person, place or resource and when it is available. */
export const availabilityItemRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/availability/$section/$itemId',
  validateSearch: (search: Record<string, unknown>): ItemSearch => {
    const part = PARTS.find((each) => each === search['part']);
    return part === undefined ? {} : { part };
  },
  component: lazyRouteComponent(() => import('./ItemPage'), 'ItemPage'),
});
