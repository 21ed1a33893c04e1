import type { Channel, ConversationState, ConversationView } from '@frontdesk/api-client';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/routes';

/** What the list of conversations shows; all of it in the address, so that a link shows the same list. */
export interface InboxSearch {
  view?: ConversationView;
  state?: ConversationState | 'all';
  channel?: Channel;
  q?: string;
  /** On a narrow screen, shows what is known of the customer in place of the thread. */
  details?: boolean;
}

const VIEWS: readonly unknown[] = ['all', 'waiting', 'mine', 'unassigned'] satisfies ConversationView[];
const STATES: readonly unknown[] = ['open', 'resolved', 'ended', 'all'] satisfies (ConversationState | 'all')[];

export const CHANNELS = ['web', 'sms', 'whatsapp', 'email', 'telegram'] as const satisfies readonly Channel[];

export function inboxSearch(search: Record<string, unknown>): InboxSearch {
  const channel = CHANNELS.find((each) => each === search['channel']);
  return {
    ...(channel === undefined ? {} : { channel }),
    ...(VIEWS.includes(search['view']) && search['view'] !== 'all' ? { view: search['view'] as ConversationView } : {}),
    ...(STATES.includes(search['state']) && search['state'] !== 'open' ? { state: search['state'] as ConversationState | 'all' } : {}),
    ...(search['details'] === true ? { details: true } : {}),
    ...(typeof search['q'] === 'string' && search['q'] !== '' ? { q: search['q'] } : {}),
  };
}

export const inboxRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/inbox',
  validateSearch: inboxSearch,
  component: lazyRouteComponent(() => import('./InboxPage'), 'InboxPage'),
});

export const conversationRoute = createRoute({
  getParentRoute: () => inboxRoute,
  path: '$conversationId',
  component: lazyRouteComponent(() => import('./ThreadPane'), 'ThreadPane'),
});
