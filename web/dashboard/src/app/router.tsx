// Every page of the dashboard. To add one: its routes in features/<name>/routes.ts, a line here, a line in nav.ts.

import { createRoute, createRouter } from '@tanstack/react-router';
import { PageLoading } from '../ui/PageLoading';
import { agentRoute, agentsRoute } from '../features/agents/routes';
import { forgotRoute, invitationRoute, resetRoute, signInRoute, signUpRoute } from '../features/auth/routes';
import { availabilityItemRoute, availabilityRoute, availabilitySectionRoute } from '../features/availability/routes';
import { bookingTypeRoute, bookingTypesRoute } from '../features/booking-types/routes';
import { bookingRoute, bookingsRoute } from '../features/bookings/routes';
import { calendarRoute } from '../features/calendar/routes';
import { channelTemplatesRoute } from '../features/channel-templates/routes';
import { channelsRoute } from '../features/channels/routes';
import { complianceRoute, complianceSectionRoute } from '../features/compliance/routes';
import { contactImportRoute, contactRoute, contactsRoute } from '../features/contacts/routes';
import { homeRoute } from '../features/home/routes';
import { conversationRoute, inboxRoute } from '../features/inbox/routes';
import { knowledgeRoute, sourceRoute } from '../features/knowledge/routes';
import { leadRoute, leadsRoute } from '../features/leads/routes';
import { figuresRoute, messageRoute, messagesRoute } from '../features/messages/routes';
import { onboardingRoute } from '../features/onboarding/routes';
import { settingsRoute, settingsSectionRoute } from '../features/settings/routes';
import { tasksRoute } from '../features/tasks/routes';
import { teamRoute } from '../features/team/routes';
import { templateRoute, templatesRoute } from '../features/templates/routes';
import { waitingListRoute } from '../features/waiting-list/routes';
import { workflowRoute, workflowsRoute } from '../features/workflows/routes';
import { whenSignedOut } from './api';
import { NotFound, PageError } from './errors';
import { queryClient } from './query';
import { doorRoute, rootRoute, shellRoute } from './routes';

/** An address inside the dashboard that leads nowhere keeps the frame around it. */
const nowhereRoute = createRoute({ getParentRoute: () => shellRoute, path: '$', component: NotFound });

const routeTree = rootRoute.addChildren([
  shellRoute.addChildren([
    homeRoute,
    inboxRoute.addChildren([conversationRoute]),
    contactsRoute,
    contactImportRoute,
    contactRoute,
    leadsRoute.addChildren([leadRoute]),
    messagesRoute.addChildren([messageRoute]),
    figuresRoute,
    workflowsRoute,
    workflowRoute,
    tasksRoute,
    calendarRoute,
    bookingsRoute.addChildren([bookingRoute]),
    waitingListRoute,
    bookingTypesRoute,
    bookingTypeRoute,
    availabilityRoute,
    availabilitySectionRoute,
    availabilityItemRoute,
    templatesRoute,
    channelTemplatesRoute,
    templateRoute,
    agentsRoute,
    agentRoute,
    knowledgeRoute.addChildren([sourceRoute]),
    teamRoute,
    channelsRoute,
    complianceRoute,
    complianceSectionRoute,
    settingsRoute,
    settingsSectionRoute,
    onboardingRoute,
    nowhereRoute,
  ]),
  doorRoute.addChildren([signInRoute, signUpRoute, forgotRoute, resetRoute, invitationRoute]),
]);

export const router = createRouter({
  routeTree,
  context: { queryClient },
  // What no page knows is dropped: a value a page refuses would otherwise come back in its raw form.
  search: { strict: true },
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  defaultPendingComponent: PageLoading,
  defaultErrorComponent: PageError,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

whenSignedOut(() => {
  const { pathname, href } = router.state.location;
  const atDoor = router.state.matches.some((match) => match.routeId === doorRoute.id);
  if (atDoor || router.state.status === 'pending') return;
  location.assign(`/sign-in${pathname === '/' ? '' : `?next=${encodeURIComponent(href)}`}`);
});
