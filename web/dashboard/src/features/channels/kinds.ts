// The kinds of channels a business is reached and reaches out by, and how each is doing.
//
// To add one: a line in KINDS, its icon in ChannelsPage and its name and text under `kind` in locales/*/channels.json.

import type { Connection, ConnectionCategory } from '@frontdesk/api-client';

/** Those that are carried by a vendor; their name is the category of the vendor's connections. */
export const KINDS = ['sms', 'whatsapp', 'mail', 'mail_inbox', 'telegram', 'notifier'] as const satisfies readonly ConnectionCategory[];
export type Kind = (typeof KINDS)[number];

export const isOfChannel = (category: ConnectionCategory): category is Kind => (KINDS as readonly ConnectionCategory[]).includes(category);

/** `none`: nothing is connected. `off`: what is connected is switched off. */
export type ChannelState = 'connected' | 'untested' | 'failing' | 'off' | 'none';

/** How a kind is doing: the worst of what is in use. */
export function stateOf(connections: readonly Pick<Connection, 'enabled' | 'last_test'>[]): ChannelState {
  const used = connections.filter((connection) => connection.enabled);
  if (connections.length === 0) return 'none';
  if (used.length === 0) return 'off';
  if (used.some((connection) => connection.last_test?.ok === false)) return 'failing';
  return used.some((connection) => connection.last_test === null || connection.last_test === undefined) ? 'untested' : 'connected';
}
