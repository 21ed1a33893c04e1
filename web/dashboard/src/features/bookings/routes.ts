import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { BookingStatus } from '@frontdesk/api-client';
import { shellRoute } from '../../app/routes';
import { isDay } from '../../ui/civil';
import { trailOf, type PagerSearch } from '../../ui/pager';

export const PRESETS = ['upcoming', 'today', 'tomorrow', 'week', 'month', 'past', 'all', 'custom'] as const;
export type Preset = (typeof PRESETS)[number];
export const PAGE_SIZES = [25, 50, 100, 250] as const;

export interface BookingsSearch extends PagerSearch {
  q?: string;
  status?: BookingStatus[];
  type?: string[];
  staff?: string[];
  /** `upcoming` when absent. */
  when?: Preset;
  from?: string;
  to?: string;
  sort?: 'start' | '-start';
  size?: number;
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string' && each !== '') : []);
const STATUSES: readonly string[] = ['pending', 'confirmed', 'rescheduled', 'completed', 'cancelled', 'no_show'] satisfies BookingStatus[];

export function bookingsSearch(search: Record<string, unknown>): BookingsSearch {
  const { q, when, from, to, sort, size } = search;
  const status = texts(search['status']).filter((each): each is BookingStatus => STATUSES.includes(each));
  const type = texts(search['type']);
  const staff = texts(search['staff']);
  return {
    ...trailOf(search),
    ...(typeof q === 'string' && q !== '' ? { q } : {}),
    ...(status.length > 0 ? { status } : {}),
    ...(type.length > 0 ? { type } : {}),
    ...(staff.length > 0 ? { staff } : {}),
    ...(PRESETS.includes(when as Preset) && when !== 'upcoming' ? { when: when as Preset } : {}),
    ...(isDay(from) ? { from } : {}),
    ...(isDay(to) ? { to } : {}),
    ...(sort === 'start' || sort === '-start' ? { sort } : {}),
    ...(typeof size === 'number' && (PAGE_SIZES as readonly number[]).includes(size) ? { size } : {}),
  };
}

/** The filters that mean the same in another workspace: types and staff belong to one. */
export function filtersElsewhere({ trail: _trail, type: _type, staff: _staff, ...search }: BookingsSearch): BookingsSearch {
  return search;
}

export const bookingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/bookings',
  validateSearch: bookingsSearch,
  component: lazyRouteComponent(() => import('./BookingsPage'), 'BookingsPage'),
});

/** One booking, in a drawer over the list. */
export const bookingRoute = createRoute({
  getParentRoute: () => bookingsRoute,
  path: '$bookingId',
  component: lazyRouteComponent(() => import('./BookingRoute'), 'BookingRoute'),
});
