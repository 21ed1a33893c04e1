import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/routes';

export const channelTemplatesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/templates/whatsapp',
  component: lazyRouteComponent(() => import('./ChannelTemplatesPage'), 'ChannelTemplatesPage'),
});
