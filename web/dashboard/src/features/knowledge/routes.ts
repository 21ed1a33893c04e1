import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/routes';
export interface KnowledgeSearch {
  /** Opens the dialog that adds a source. */
  add?: boolean;
  /** A question that had no answer: opens the dialog with a question and answer pair begun. */
  question?: string;
}

function knowledgeSearch(search: Record<string, unknown>): KnowledgeSearch {
  return {
    ...(search['add'] === true ? { add: true } : {}),
    ...(typeof search['question'] === 'string' ? { question: search['question'] } : {}),
  };
}

export const knowledgeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/knowledge',
  validateSearch: knowledgeSearch,
  component: lazyRouteComponent(() => import('./KnowledgePage'), 'KnowledgePage'),
});

export const sourceRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/knowledge/$sourceId',
  component: lazyRouteComponent(() => import('./SourcePage'), 'SourcePage'),
});
