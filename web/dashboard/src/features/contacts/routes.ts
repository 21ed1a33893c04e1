import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/routes';
import { trailOf, type PagerSearch } from '../../ui/pager';

export const SORTS = ['created_at', 'name', 'last_seen_at'] as const;
export type Sort = (typeof SORTS)[number];

export interface ContactsSearch extends PagerSearch {
  q?: string;
  tag?: string;
  sort?: Sort;
  /** Opens the form for a new contact. */
  create?: boolean;
}

function contactsSearch(search: Record<string, unknown>): ContactsSearch {
  const sort = SORTS.find((each) => each === search['sort']);
  return {
    ...trailOf(search),
    ...(typeof search['q'] === 'string' && search['q'] !== '' ? { q: search['q'] } : {}),
    ...(typeof search['tag'] === 'string' && search['tag'] !== '' ? { tag: search['tag'] } : {}),
    ...(sort === undefined ? {} : { sort }),
    ...(search['create'] === true ? { create: true } : {}),
  };
}

export const contactsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/contacts',
  validateSearch: contactsSearch,
  component: lazyRouteComponent(() => import('./ContactsPage'), 'ContactsPage'),
});

export const contactRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/contacts/$contactId',
  component: lazyRouteComponent(() => import('./ContactPage'), 'ContactPage'),
});
