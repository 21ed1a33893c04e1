// The two frames a page can stand in. A feature's own routes are in features/<name>/routes.ts and hang under these.

import { createRootRouteWithContext, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { isProblem } from '@frontdesk/api-client';
import type { QueryClient } from '@tanstack/react-query';
import { applyLanguage } from './i18n';
import { liveSoon } from './live';
import { meQuery, settleWorkspace } from './session';

export interface RouterContext {
  queryClient: QueryClient;
}

export const rootRoute = createRootRouteWithContext<RouterContext>()();

/** Pages for people who are signed in, inside the shell. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  beforeLoad: async ({ context, location }) => {
    try {
      const me = await context.queryClient.ensureQueryData(meQuery);
      settleWorkspace(me);
      await Promise.all([applyLanguage(me.user.language), liveSoon()]);
    } catch (error) {
      if (isProblem(error) && error.kind === 'unauthenticated') {
        throw redirect({ to: '/sign-in', search: location.pathname === '/' ? {} : { next: location.href } });
      }
      throw error;
    }
  },
  component: lazyRouteComponent(() => import('./shell/Shell'), 'Shell'),
});

/** Pages for people who are not: sign-in, sign-up, password, invitation. */
export const doorRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'door',
  component: lazyRouteComponent(() => import('../features/auth/Door'), 'Door'),
});
