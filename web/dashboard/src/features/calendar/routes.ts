import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/routes';
import { isDay } from '../../ui/civil';

export type CalendarMode = 'day' | 'week' | 'month';

export interface CalendarSearch {
  mode?: CalendarMode;
  /** The day that is looked at; today when absent. */
  date?: string;
  /** Whose bookings; everybody's when absent. */
  staff?: string[];
  /** The booking that is open. */
  booking?: string;
  /** A new booking is being made. */
  create?: boolean;
}

function calendarSearch(search: Record<string, unknown>): CalendarSearch {
  const { mode, date, staff, booking, create } = search;
  const chosen = Array.isArray(staff) ? staff.filter((id): id is string => typeof id === 'string') : [];
  return {
    ...(mode === 'day' || mode === 'week' || mode === 'month' ? { mode } : {}),
    ...(isDay(date) ? { date } : {}),
    ...(chosen.length > 0 ? { staff: chosen } : {}),
    ...(typeof booking === 'string' && booking !== '' ? { booking } : {}),
    ...(create === true ? { create } : {}),
  };
}

export const calendarRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/calendar',
  validateSearch: calendarSearch,
  component: lazyRouteComponent(() => import('./CalendarPage'), 'CalendarPage'),
});
