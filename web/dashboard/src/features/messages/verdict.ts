// The gate's rules in plain words. A rule is named by its id and version, such as `us-fl-hours/2021-07`; `+own` behind it says that the business changed it.

export type RuleKind = 'optOut' | 'dnc' | 'complaint' | 'bounce' | 'window' | 'hours' | 'businessHours' | 'cap' | 'consent' | 'facts' | 'other';

const EXACT: Record<string, RuleKind> = {
  'opt-out': 'optOut',
  'opt-out-channel': 'optOut',
  'consent-revoked': 'optOut',
  dnc: 'dnc',
  complaint: 'complaint',
  bounce: 'bounce',
  'whatsapp-window': 'window',
  'business-hours': 'businessHours',
  facts: 'facts',
};

/** What a rule is about; the words are under `rule` in the texts. */
export function ruleKind(rule: string): RuleKind {
  const id = rule.replace(/\/.*$/u, '');
  const exact = EXACT[id];
  if (exact !== undefined) return exact;
  if (/-hours\b/u.test(id)) return 'hours';
  if (/-cap\b/u.test(id)) return 'cap';
  if (/-(?:opt-in|consent)\b/u.test(id)) return 'consent';
  return 'other';
}
