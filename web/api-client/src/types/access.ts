// People and access.

import type { Timestamp } from './value';

export type Language = 'en' | 'es' | 'de' | 'fr';
export type ColorScheme = 'auto' | 'light' | 'dark';
export type Role = 'owner' | 'admin' | 'manager' | 'agent' | 'viewer';
export type Permission =
  | 'workspace:read'
  | 'workspace:write'
  | 'workspace:own'
  | 'team:read'
  | 'team:write'
  | 'keys:read'
  | 'keys:write'
  | 'connections:read'
  | 'connections:write'
  | 'audit:read'
  | 'queue:read'
  | 'queue:write'
  | 'agents:read'
  | 'agents:write'
  | 'knowledge:read'
  | 'knowledge:write'
  | 'contacts:read'
  | 'contacts:write'
  | 'contacts:export'
  | 'contacts:identify'
  | 'leads:read'
  | 'leads:write'
  | 'conversations:read'
  | 'conversations:write'
  | 'messages:read'
  | 'messages:write'
  | 'compliance:read'
  | 'compliance:write'
  | 'bookings:read'
  | 'bookings:write'
  | 'schedules:write'
  | 'calendars:write'
  | 'templates:read'
  | 'templates:write'
  | 'workflows:read'
  | 'workflows:write';

export interface User {
  id: string;
  email: string;
  name: string;
  language: Language;
  scheme: ColorScheme;
  created_at: Timestamp;
}

export interface Me {
  user: User;
  workspaces: WorkspaceMembership[];
}

export interface WorkspaceMembership {
  id: string;
  name: string;
  slug: string;
  role: Role;
}

export interface Member {
  id: string;
  user_id: string;
  name: string;
  email: string;
  role: Role;
  created_at: Timestamp;
}

export interface Invitation {
  id: string;
  email: string;
  role: Role;
  invited_by: string;
  created_at: Timestamp;
  expires_at: Timestamp;
}

/** What an invitation's link shows before it is accepted. */
export interface InvitationPreview {
  workspace: string;
  email: string;
  role: Role;
  /** Whether the address has an account: then its password is asked, otherwise a name and a new one. */
  has_account: boolean;
}
