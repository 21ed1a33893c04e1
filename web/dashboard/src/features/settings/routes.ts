import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/routes';
import { trailOf, type PagerSearch } from '../../ui/pager';

export const SECTIONS = ['business', 'widget', 'models', 'calendars', 'keys', 'replies', 'audit', 'profile', 'danger'] as const;
export type SectionId = (typeof SECTIONS)[number];

/** Filters of the audit log; the other sections have none. */
export interface SettingsSearch extends PagerSearch {
  actor?: string;
  action?: string;
  from?: string;
  to?: string;
  /** Coming back from a calendar vendor's page: what was connected, or why nothing was. */
  connected?: string;
  error?: string;
}

function settingsSearch(search: Record<string, unknown>): SettingsSearch {
  const found: SettingsSearch = trailOf(search);
  for (const name of ['actor', 'action', 'from', 'to', 'connected', 'error'] as const) {
    const value = search[name];
    if (typeof value === 'string' && value !== '') found[name] = value;
  }
  return found;
}

export const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./SettingsPage'), 'SettingsPage'),
});

export const settingsSectionRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/$section',
  validateSearch: settingsSearch,
  component: lazyRouteComponent(() => import('./SettingsPage'), 'SettingsPage'),
});
