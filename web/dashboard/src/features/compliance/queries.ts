// What the compliance pages ask the server for.

import type { Channel, Checked, ConsentEntry, Evidence, Page, Purpose, RuleChange, RuleSettings, RulesInUse, SuppressedAddress } from '@frontdesk/api-client';
import { queryOptions, useMutation } from '@tanstack/react-query';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';
import { searched } from './addresses';
import type { ComplianceSearch } from './routes';

export const rulesQuery = queryOptions({
  queryKey: keys.complianceRules,
  queryFn: ({ signal }) => api.get<RulesInUse>('/compliance/rules', { signal }),
});

/** Saves all settings of the rules. */
export function useSaveRules() {
  return useMutation({
    meta: { inline: true },
    mutationFn: (settings: RuleSettings) => api.put<RuleSettings>('/compliance/rules', settings),
    onSuccess: (settings) => queryClient.setQueryData<RulesInUse>(keys.complianceRules, (before) => before && { ...before, settings }),
  });
}

/** Changes one rule, or leaves it as it is written when there is no change; the others stay as they are on the server now. */
export function useChangeRule(rule: string) {
  const save = useSaveRules();
  return useMutation({
    meta: { inline: true },
    mutationFn: async (change: Omit<RuleChange, 'rule'> | null) => {
      const { settings } = await queryClient.fetchQuery({ ...rulesQuery, staleTime: 0 });
      const others = (settings.changes ?? []).filter((each) => each.rule !== rule);
      return save.mutateAsync({ ...settings, changes: change === null ? others : [...others, { ...change, rule }] });
    },
  });
}

export function suppressionsQuery({ q, list, trail }: ComplianceSearch) {
  const query = { q: q === undefined ? undefined : searched(q), list, cursor: trail?.at(-1), limit: 50 };
  return queryOptions({
    queryKey: keys.suppressions(query),
    queryFn: ({ signal }) => api.get<Page<SuppressedAddress>>('/compliance/suppressions', { query, signal }),
  });
}

export interface NewSuppressions {
  addresses: string[];
  list: string;
  reason: string | null;
}

const reload = () => queryClient.invalidateQueries({ queryKey: keys.compliance });

/** Puts addresses on a list; says how many are new there. */
export async function suppress(added: NewSuppressions, signal?: AbortSignal): Promise<number> {
  const answer = await api.post<{ added: number }>('/compliance/suppressions', added, signal === undefined ? {} : { signal });
  return answer.added;
}

export function useSuppress() {
  return useMutation({ meta: { inline: true }, mutationFn: (added: NewSuppressions) => suppress(added), onSuccess: reload });
}

export function useUnsuppress() {
  return useMutation({
    meta: { inline: true },
    mutationFn: (gone: { address: string; list: string; reason: string }) => api.post('/compliance/suppressions/remove', gone),
    onSuccess: reload,
  });
}

export function consentsQuery(contact: string | undefined) {
  return queryOptions({
    queryKey: keys.consents(contact ?? ''),
    queryFn: ({ signal }) => api.get<ConsentEntry[]>(`/contacts/${contact ?? ''}/consents`, { signal }),
    enabled: contact !== undefined,
  });
}

export interface NewConsent {
  channel: Channel;
  purpose: Purpose;
  source: string;
  shown: string;
  evidence: string | null;
  given_at: string | null;
}

export function useAddConsent(contact: string) {
  return useMutation({
    meta: { inline: true },
    mutationFn: (consent: NewConsent) => api.post<ConsentEntry>(`/contacts/${contact}/consents`, consent),
    onSuccess: reload,
  });
}

/** What is on record about a contact. Looking is noted in the audit log, so it is not asked for more often than needed. */
export function evidenceQuery(contact: string | undefined) {
  return queryOptions({
    queryKey: keys.evidence(contact ?? ''),
    queryFn: ({ signal }) => api.get<Evidence>(`/contacts/${contact ?? ''}/evidence`, { signal }),
    enabled: contact !== undefined,
    staleTime: 5 * 60_000,
    refetchOnWindowFocus: false,
  });
}

export interface Question {
  contact: string;
  channel: Channel;
  purpose: Purpose;
  /** Now when absent. */
  at: string | null;
}

export function checkQuery(question: Question | null) {
  return queryOptions({
    queryKey: keys.complianceCheck(question ?? {}),
    queryFn: ({ signal }) => {
      const { contact, ...check } = question ?? { contact: '' };
      return api.post<Checked>(`/contacts/${contact}/compliance`, check, { signal });
    },
    enabled: question !== null,
    retry: false,
    staleTime: 10_000,
  });
}
