import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { doorRoute } from '../../app/routes';

export interface SignInSearch {
  /** Where to go afterwards, a path of this dashboard. */
  next?: string;
}

/** Only paths of our own: an address elsewhere would send people away after they typed their password. */
export function safeNext(next: unknown): string | undefined {
  if (typeof next !== 'string' || !next.startsWith('/') || next.startsWith('//') || next.startsWith('/\\')) return undefined;
  return next;
}

function signInSearch(search: Record<string, unknown>): SignInSearch {
  const next = safeNext(search['next']);
  return next === undefined ? {} : { next };
}

export const signInRoute = createRoute({
  getParentRoute: () => doorRoute,
  path: '/sign-in',
  validateSearch: signInSearch,
  component: lazyRouteComponent(() => import('./SignInPage'), 'SignInPage'),
});

export const signUpRoute = createRoute({
  getParentRoute: () => doorRoute,
  path: '/sign-up',
  component: lazyRouteComponent(() => import('./SignUpPage'), 'SignUpPage'),
});

export const forgotRoute = createRoute({
  getParentRoute: () => doorRoute,
  path: '/forgot-password',
  component: lazyRouteComponent(() => import('./ForgotPage'), 'ForgotPage'),
});

export const resetRoute = createRoute({
  getParentRoute: () => doorRoute,
  path: '/reset-password/$token',
  component: lazyRouteComponent(() => import('./ResetPage'), 'ResetPage'),
});

export const invitationRoute = createRoute({
  getParentRoute: () => doorRoute,
  path: '/invitation/$token',
  component: lazyRouteComponent(() => import('./InvitationPage'), 'InvitationPage'),
});
