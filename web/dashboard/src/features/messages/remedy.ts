// Where sending a refused message again cannot work as things are, and what would change that.

import type { Channel, OutboxMessage } from '@frontdesk/api-client';
import { ruleKind } from './verdict';

export type Remedy = 'optOut' | 'optOutChannel' | 'dnc' | 'complaint' | 'revoked' | 'consent';

/** What has to change before the message can leave; absent when another try may do. */
export function remedyOf({ status, verdict }: Pick<OutboxMessage, 'status' | 'verdict'>): Remedy | null {
  if (status !== 'failed' || verdict?.verdict !== 'deny') return null;
  if (verdict.rule.startsWith('opt-out-channel')) return 'optOutChannel';
  if (verdict.rule.startsWith('consent-revoked')) return 'revoked';
  const kind = ruleKind(verdict.rule);
  return kind === 'optOut' || kind === 'dnc' || kind === 'complaint' || kind === 'consent' ? kind : null;
}

/** Only an address stands on a list, so another one of theirs may do. Everything else is about the person. */
export const helpsElsewhere = (remedy: Remedy): boolean => remedy === 'dnc';

/** Whether the word START, written on the channel, takes an opt-out back. By mail it does not. */
export const hearsStart = (channel: Channel): boolean => channel !== 'email';
