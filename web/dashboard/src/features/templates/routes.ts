import type { TemplateChannel } from '@frontdesk/api-client';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/routes';

/** Which texts are shown: letters unless it says otherwise. */
export interface TemplatesSearch {
  via?: TemplateChannel;
}

const channelIn = ({ via }: Record<string, unknown>): TemplatesSearch => (via === 'text' ? { via } : {});

export const templatesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/templates',
  validateSearch: channelIn,
  component: lazyRouteComponent(() => import('./TemplatesPage'), 'TemplatesPage'),
});

export interface TemplateSearch extends TemplatesSearch {
  /** The booking whose values it is shown with. */
  booking?: string;
}

/** One message in one language. */
export const templateRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/templates/$kind/$language',
  validateSearch: (search: Record<string, unknown>): TemplateSearch => ({
    ...channelIn(search),
    ...(typeof search['booking'] === 'string' && search['booking'].startsWith('book_') ? { booking: search['booking'] } : {}),
  }),
  component: lazyRouteComponent(() => import('./TemplatePage'), 'TemplatePage'),
});
