import type { JobState } from '@frontdesk/api-client';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/routes';
import { trailOf, type PagerSearch } from '../../ui/pager';

export const SECTIONS = ['business', 'widget', 'models', 'calendars', 'keys', 'replies', 'fields', 'jobs', 'audit', 'profile', 'danger'] as const;
export type SectionId = (typeof SECTIONS)[number];

/** Where jobs of the queue are; those that were given up come first. */
export const JOB_STATES = ['dead', 'retrying', 'waiting', 'running'] as const satisfies readonly JobState[];

/** Filters of the audit log and the queue; the other sections have none. */
export interface SettingsSearch extends PagerSearch {
  actor?: string;
  action?: string;
  from?: string;
  to?: string;
  /** Which jobs are shown. */
  job?: JobState;
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
  const job = JOB_STATES.find((each) => each === search['job']);
  if (job !== undefined) found.job = job;
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
