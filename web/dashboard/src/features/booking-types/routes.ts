import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/routes';

export interface BookingTypesSearch {
  /** Those that are put away are listed instead. */
  archived?: true;
  /** The dialog for a new one is open. */
  create?: true;
}

export const bookingTypesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/booking-types',
  validateSearch: (search: Record<string, unknown>): BookingTypesSearch => ({
    ...(search['archived'] === true ? { archived: true } : {}),
    ...(search['create'] === true ? { create: true } : {}),
  }),
  component: lazyRouteComponent(() => import('./BookingTypesPage'), 'BookingTypesPage'),
});

export const SECTIONS = ['basics', 'times', 'team', 'questions', 'confirmation', 'share'] as const;
export type SectionId = (typeof SECTIONS)[number];

export interface BookingTypeSearch {
  section?: SectionId;
}

export const bookingTypeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/booking-types/$typeId',
  validateSearch: (search: Record<string, unknown>): BookingTypeSearch => {
    const section = SECTIONS.find((each) => each === search['section']);
    return section === undefined ? {} : { section };
  },
  component: lazyRouteComponent(() => import('./BookingTypePage'), 'BookingTypePage'),
});
