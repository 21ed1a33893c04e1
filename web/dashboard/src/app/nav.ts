// Every place one can go, once: the navigation, the phone's bar, the command palette and the shortcuts are drawn from
// this list, and each place is offered only to those who may see it.
//
// To add a page: its route in router.tsx, a line here, its name under `nav` in locales/*/common.json.

import type { Permission } from '@frontdesk/api-client';
import {
  BookOpen,
  Bot,
  CalendarClock,
  CalendarDays,
  ClipboardList,
  Hourglass,
  House,
  Inbox,
  ListChecks,
  ListTodo,
  MailOpen,
  RadioTower,
  Send,
  Settings,
  ShieldCheck,
  Sparkle,
  Users,
  UsersRound,
  Workflow,
  type LucideIcon,
} from 'lucide-react';

export type NavGroup = 'work' | 'booking' | 'ai' | 'admin';

export interface NavItem {
  /** Also the key of its name: `nav.<id>`. */
  id: string;
  to:
    | '/'
    | '/inbox'
    | '/contacts'
    | '/leads'
    | '/messages'
    | '/workflows'
    | '/tasks'
    | '/calendar'
    | '/bookings'
    | '/waiting-list'
    | '/booking-types'
    | '/availability'
    | '/templates'
    | '/agents'
    | '/knowledge'
    | '/team'
    | '/channels'
    | '/compliance'
    | '/settings';
  icon: LucideIcon;
  group: NavGroup;
  permission: Permission;
  /** The keys that go there, one after the other. */
  keys: string;
  /** A page that belongs to it though its address does not begin like it. */
  also?: '/message-figures';
  /** Stands in the phone's bottom bar; the others are under "More". */
  onPhone?: boolean;
}

export const NAV: readonly NavItem[] = [
  { id: 'home', to: '/', icon: House, group: 'work', permission: 'conversations:read', keys: 'g h' },
  { id: 'inbox', to: '/inbox', icon: Inbox, group: 'work', permission: 'conversations:read', keys: 'g i', onPhone: true },
  { id: 'contacts', to: '/contacts', icon: Users, group: 'work', permission: 'contacts:read', keys: 'g c', onPhone: true },
  { id: 'leads', to: '/leads', icon: Sparkle, group: 'work', permission: 'leads:read', keys: 'g l' },
  { id: 'messages', to: '/messages', icon: Send, group: 'work', permission: 'messages:read', keys: 'g o', also: '/message-figures' },
  { id: 'workflows', to: '/workflows', icon: Workflow, group: 'work', permission: 'workflows:read', keys: 'g f' },
  { id: 'tasks', to: '/tasks', icon: ListTodo, group: 'work', permission: 'workflows:read', keys: 'g j' },
  { id: 'calendar', to: '/calendar', icon: CalendarDays, group: 'booking', permission: 'bookings:read', keys: 'g d', onPhone: true },
  { id: 'bookings', to: '/bookings', icon: ClipboardList, group: 'booking', permission: 'bookings:read', keys: 'g b' },
  { id: 'waitingList', to: '/waiting-list', icon: Hourglass, group: 'booking', permission: 'bookings:read', keys: 'g w' },
  { id: 'bookingTypes', to: '/booking-types', icon: ListChecks, group: 'booking', permission: 'bookings:read', keys: 'g y' },
  { id: 'availability', to: '/availability', icon: CalendarClock, group: 'booking', permission: 'bookings:read', keys: 'g v' },
  { id: 'templates', to: '/templates', icon: MailOpen, group: 'booking', permission: 'templates:read', keys: 'g m' },
  { id: 'agents', to: '/agents', icon: Bot, group: 'ai', permission: 'agents:read', keys: 'g a' },
  { id: 'knowledge', to: '/knowledge', icon: BookOpen, group: 'ai', permission: 'knowledge:read', keys: 'g k', onPhone: true },
  { id: 'team', to: '/team', icon: UsersRound, group: 'admin', permission: 'team:read', keys: 'g t' },
  { id: 'channels', to: '/channels', icon: RadioTower, group: 'admin', permission: 'connections:read', keys: 'g n' },
  { id: 'compliance', to: '/compliance', icon: ShieldCheck, group: 'admin', permission: 'compliance:read', keys: 'g p' },
  { id: 'settings', to: '/settings', icon: Settings, group: 'admin', permission: 'workspace:read', keys: 'g s' },
];

export const NAV_GROUPS: readonly NavGroup[] = ['work', 'booking', 'ai', 'admin'];
