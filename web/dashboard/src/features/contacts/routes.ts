import type { ContactFilter } from '@frontdesk/api-client';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/routes';

export const SORTS = ['created_at', 'name', 'last_seen_at', 'last_contacted_at', 'status'] as const;
export type Sort = (typeof SORTS)[number];

export const PAGE_SIZES = [25, 50, 100, 250] as const;
export type PageSize = (typeof PAGE_SIZES)[number];

export interface ContactsSearch {
  q?: string;
  /** Which contacts, but for the text; as a segment keeps it. */
  filter?: ContactFilter;
  sort?: Sort;
  /** Against the usual direction: names and states go up, times go down. */
  reverse?: boolean;
  /** From 1. */
  page?: number;
  size?: PageSize;
  /** Opens the form for a new contact. */
  create?: boolean;
}

function contactsSearch(search: Record<string, unknown>): ContactsSearch {
  const sort = SORTS.find((each) => each === search['sort']);
  const size = PAGE_SIZES.find((each) => each === search['size']);
  const { page, filter, tag } = search;
  const tagged = typeof tag === 'string' && tag !== '' ? { tags: [tag] } : undefined;
  const kept = typeof filter === 'object' && filter !== null && !Array.isArray(filter) ? (filter as ContactFilter) : tagged;
  return {
    ...(typeof search['q'] === 'string' && search['q'] !== '' ? { q: search['q'] } : {}),
    ...(kept === undefined || Object.keys(kept).length === 0 ? {} : { filter: kept }),
    ...(sort === undefined ? {} : { sort }),
    ...(search['reverse'] === true ? { reverse: true } : {}),
    ...(typeof page === 'number' && Number.isInteger(page) && page > 1 ? { page } : {}),
    ...(size === undefined ? {} : { size }),
    ...(search['create'] === true ? { create: true } : {}),
  };
}

export const contactsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/contacts',
  validateSearch: contactsSearch,
  component: lazyRouteComponent(() => import('./ContactsPage'), 'ContactsPage'),
});

/** The import wizard; `id` is the file that was sent. */
export const contactImportRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/contacts/import',
  validateSearch: (search: Record<string, unknown>): { id?: string } => (typeof search['id'] === 'string' ? { id: search['id'] } : {}),
  component: lazyRouteComponent(() => import('./ImportPage'), 'ImportPage'),
});

export const contactRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/contacts/$contactId',
  component: lazyRouteComponent(() => import('./ContactPage'), 'ContactPage'),
});
