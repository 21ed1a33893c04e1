import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/routes';
import { trailOf, type PagerSearch } from '../../ui/pager';

export interface ContactsSearch extends PagerSearch {
  q?: string;
  tag?: string;
  sort?: string;
  /** Opens the form for a new contact. */
  create?: boolean;
}

function contactsSearch(search: Record<string, unknown>): ContactsSearch {
  return {
    ...trailOf(search),
    ...(typeof search['q'] === 'string' && search['q'] !== '' ? { q: search['q'] } : {}),
    ...(typeof search['tag'] === 'string' ? { tag: search['tag'] } : {}),
    ...(typeof search['sort'] === 'string' ? { sort: search['sort'] } : {}),
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
