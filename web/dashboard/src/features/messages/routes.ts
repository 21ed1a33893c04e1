import type { Channel, MessageStatus } from '@frontdesk/api-client';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/routes';
import { trailOf, type PagerSearch } from '../../ui/pager';

/** What the list of messages shows; all of it in the address. */
export interface MessagesSearch extends PagerSearch {
  q?: string;
  status?: MessageStatus;
  channel?: Channel;
  contact?: string;
}

export const STATUSES = ['queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'undelivered', 'in_doubt', 'cancelled'] as const satisfies readonly MessageStatus[];
/** The channels messages leave through. */
export const CARRIED = ['sms', 'whatsapp', 'email', 'telegram'] as const satisfies readonly Channel[];

export function messagesSearch(search: Record<string, unknown>): MessagesSearch {
  const status = STATUSES.find((each) => each === search['status']);
  const channel = CARRIED.find((each) => each === search['channel']);
  const { q, contact } = search;
  return {
    ...trailOf(search),
    ...(typeof q === 'string' && q !== '' ? { q } : {}),
    ...(status === undefined ? {} : { status }),
    ...(channel === undefined ? {} : { channel }),
    ...(typeof contact === 'string' && contact !== '' ? { contact } : {}),
  };
}

export const messagesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/messages',
  validateSearch: messagesSearch,
  component: lazyRouteComponent(() => import('./MessagesPage'), 'MessagesPage'),
});

/** Over how many days messages are counted. */
export const DAYS = [7, 30, 90] as const;
export type Days = (typeof DAYS)[number];

export const figuresRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/message-figures',
  validateSearch: (search: Record<string, unknown>): { days?: Days } => {
    const days = DAYS.find((each) => each === search['days']);
    return days === undefined ? {} : { days };
  },
  component: lazyRouteComponent(() => import('./FiguresPage'), 'FiguresPage'),
});

/** One message, in a drawer over the list. */
export const messageRoute = createRoute({
  getParentRoute: () => messagesRoute,
  path: '$messageId',
  component: lazyRouteComponent(() => import('./MessageDrawer'), 'MessageDrawer'),
});
