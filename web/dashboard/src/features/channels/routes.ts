import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/routes';

export const channelsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/channels',
  component: lazyRouteComponent(() => import('./ChannelsPage'), 'ChannelsPage'),
});
