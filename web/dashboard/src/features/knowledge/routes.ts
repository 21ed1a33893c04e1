import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { SourceKind, SourceStatus } from '@frontdesk/api-client';
import { shellRoute } from '../../app/routes';
import { trailOf, type PagerSearch } from '../../ui/pager';

export interface KnowledgeSearch extends PagerSearch {
  q?: string;
  status?: SourceStatus;
  kind?: SourceKind;
  /** Opens the dialog that adds a source. */
  add?: boolean;
  /** A question that had no answer: opens the dialog with a question and answer pair begun. */
  question?: string;
  /** Asks the documents this question. */
  ask?: string;
}

const STATUSES: readonly unknown[] = ['queued', 'processing', 'ready', 'failed'] satisfies SourceStatus[];
const KINDS: readonly unknown[] = ['text', 'faq', 'file', 'page', 'site'] satisfies SourceKind[];

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value.trim() !== '' ? value : undefined);

function knowledgeSearch(search: Record<string, unknown>): KnowledgeSearch {
  const q = textOf(search['q']);
  // `answer` is the name in links from elsewhere.
  const question = textOf(search['question']) ?? textOf(search['answer']);
  const ask = textOf(search['ask']);
  return {
    ...trailOf(search),
    ...(q === undefined ? {} : { q }),
    ...(STATUSES.includes(search['status']) ? { status: search['status'] as SourceStatus } : {}),
    ...(KINDS.includes(search['kind']) ? { kind: search['kind'] as SourceKind } : {}),
    ...(search['add'] === true ? { add: true } : {}),
    ...(question === undefined ? {} : { question }),
    ...(ask === undefined ? {} : { ask }),
  };
}

export const knowledgeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/knowledge',
  validateSearch: knowledgeSearch,
  component: lazyRouteComponent(() => import('./KnowledgePage'), 'KnowledgePage'),
});

/** One source, in a drawer over the list. */
export const sourceRoute = createRoute({
  getParentRoute: () => knowledgeRoute,
  path: '$sourceId',
  component: lazyRouteComponent(() => import('./SourceDrawer'), 'SourceDrawer'),
});
