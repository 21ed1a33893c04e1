// Saved views: the filters of the list as its address writes them.

import { defaultParseSearch, defaultStringifySearch } from '@tanstack/react-router';
import { bookingsSearch, type BookingsSearch } from './routes';

/** What is kept of what the list shows: filters, order and page length, not how far somebody has leafed. */
export function queryOf({ trail: _trail, ...search }: BookingsSearch): string {
  const sorted = Object.fromEntries(Object.entries(search).sort(([a], [b]) => a.localeCompare(b)));
  return defaultStringifySearch(sorted);
}

/** The list a saved query means; what it does not know any more is left out. */
export function searchOf(query: string): BookingsSearch {
  const { trail: _trail, ...search } = bookingsSearch(defaultParseSearch(query));
  return search;
}
