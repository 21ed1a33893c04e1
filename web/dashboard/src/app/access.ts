// What each role may do: the server's table, so that nobody is offered what would be refused. The server decides.

import type { Permission, Role } from '@frontdesk/api-client';

export const ROLES: readonly Role[] = ['owner', 'admin', 'manager', 'agent', 'viewer'];

/** The weakest role that has each permission. */
const WEAKEST: Record<Permission, Role> = {
  'workspace:own': 'owner',
  'workspace:write': 'admin',
  'team:write': 'admin',
  'keys:read': 'admin',
  'keys:write': 'admin',
  'connections:read': 'admin',
  'connections:write': 'admin',
  'audit:read': 'admin',
  'queue:read': 'admin',
  'queue:write': 'admin',
  'agents:write': 'manager',
  'knowledge:write': 'manager',
  'contacts:export': 'manager',
  'schedules:write': 'manager',
  'calendars:write': 'manager',
  'templates:write': 'manager',
  'compliance:write': 'manager',
  'contacts:identify': 'agent',
  'contacts:write': 'agent',
  'leads:write': 'agent',
  'conversations:write': 'agent',
  'messages:write': 'agent',
  'bookings:write': 'agent',
  'workspace:read': 'viewer',
  'team:read': 'viewer',
  'agents:read': 'viewer',
  'knowledge:read': 'viewer',
  'contacts:read': 'viewer',
  'leads:read': 'viewer',
  'conversations:read': 'viewer',
  'messages:read': 'viewer',
  'compliance:read': 'viewer',
  'bookings:read': 'viewer',
  'templates:read': 'viewer',
  'workflows:write': 'manager',
  'workflows:read': 'viewer',
};

export const PERMISSIONS = Object.keys(WEAKEST) as Permission[];

export function allows(role: Role, permission: Permission): boolean {
  return ROLES.indexOf(role) <= ROLES.indexOf(WEAKEST[permission]);
}
