import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/routes';

export const templatesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/templates',
  component: lazyRouteComponent(() => import('./TemplatesPage'), 'TemplatesPage'),
});

/** One message in one language. */
export const templateRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/templates/$kind/$language',
  component: lazyRouteComponent(() => import('./TemplatePage'), 'TemplatePage'),
});
