import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/routes';

export interface AgentsSearch {
  /** Archived agents are listed, too. */
  archived?: boolean;
}

export const agentsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/agents',
  validateSearch: (search: Record<string, unknown>): AgentsSearch => (search['archived'] === true ? { archived: true } : {}),
  component: lazyRouteComponent(() => import('./AgentsPage'), 'AgentsPage'),
});

export const SECTIONS = ['basics', 'instructions', 'persona', 'brain', 'knowledge', 'tools', 'handoff', 'versions'] as const;
export type SectionId = (typeof SECTIONS)[number];

export interface AgentSearch {
  section?: SectionId;
}

export const agentRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/agents/$agentId',
  validateSearch: (search: Record<string, unknown>): AgentSearch => {
    const section = SECTIONS.find((each) => each === search['section']);
    return section === undefined ? {} : { section };
  },
  component: lazyRouteComponent(() => import('./AgentPage'), 'AgentPage'),
});
