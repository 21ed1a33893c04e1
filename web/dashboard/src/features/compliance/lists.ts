// The lists of addresses that must not be written to, by their names.

/** Kept by Frontdesk itself; the last are people who stopped a business's advertising in WhatsApp. */
export const OPT_OUTS = ['opt-out', 'opt-out-sms', 'opt-out-whatsapp', 'opt-out-email', 'opt-out-telegram', 'whatsapp-marketing-stopped'] as const;
/** The business's own. */
export const OWN = 'internal';
export const KNOWN: readonly string[] = [...OPT_OUTS, OWN];

export type ListKind = 'optOut' | 'own' | 'registry' | 'imported';

export function kindOf(list: string): ListKind {
  if ((OPT_OUTS as readonly string[]).includes(list)) return 'optOut';
  if (list === OWN) return 'own';
  return list.startsWith('registry') ? 'registry' : 'imported';
}
