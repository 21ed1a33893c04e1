// Next and previous over keyset pages, kept in the URL: a list's address says which page it shows, and reload, back
// and a shared link all lead to the same rows.

/** Part of a list page's search parameters. */
export interface PagerSearch {
  /** The cursors that led here, oldest first; absent on the first page. */
  trail?: string[] | undefined;
}

/** Reads the trail from the URL, for a route's `validateSearch`. */
export function trailOf(search: Record<string, unknown>): PagerSearch {
  const trail = search['trail'];
  if (!Array.isArray(trail)) return {};
  const cursors = trail.filter((cursor): cursor is string => typeof cursor === 'string');
  return cursors.length > 0 ? { trail: cursors } : {};
}

export interface Pager {
  /** The cursor to ask the server with. */
  cursor: string | undefined;
  /** 1, 2, 3, ... */
  page: number;
  /** The search parameters of the page after, when there is one. */
  next: PagerSearch | null;
  /** The search parameters of the page before, when there is one. */
  previous: PagerSearch | null;
}

export function pagerOf(search: PagerSearch, nextCursor: string | null | undefined): Pager {
  const trail = search.trail ?? [];
  const before = trail.slice(0, -1);
  return {
    cursor: trail.at(-1),
    page: trail.length + 1,
    next: nextCursor === null || nextCursor === undefined ? null : { trail: [...trail, nextCursor] },
    previous: trail.length === 0 ? null : { trail: before.length > 0 ? before : undefined },
  };
}
