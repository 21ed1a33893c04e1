import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/routes';

export const templatesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/templates',
  component: lazyRouteComponent(() => import('./TemplatesPage'), 'TemplatesPage'),
});

export interface TemplateSearch {
  /** The booking whose values it is shown with. */
  booking?: string;
}

/** One message in one language. */
export const templateRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/templates/$kind/$language',
  validateSearch: ({ booking }: Record<string, unknown>): TemplateSearch => (typeof booking === 'string' && booking.startsWith('book_') ? { booking } : {}),
  component: lazyRouteComponent(() => import('./TemplatePage'), 'TemplatePage'),
});
