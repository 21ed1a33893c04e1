import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/routes';
import { trailOf, type PagerSearch } from '../../ui/pager';

export interface TasksSearch extends PagerSearch {
  /** Those that are done, in place of those that are not. */
  done?: boolean;
}

export const tasksRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/tasks',
  validateSearch: (search: Record<string, unknown>): TasksSearch => ({ ...trailOf(search), ...(search['done'] === true ? { done: true } : {}) }),
  component: lazyRouteComponent(() => import('./TasksPage'), 'TasksPage'),
});
