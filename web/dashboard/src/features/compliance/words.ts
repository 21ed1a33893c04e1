// Rules in the words of whoever reads them. The laws that packs cite stay as they are.

import type { Pack, Rule, RuleChange } from '@frontdesk/api-client';
import { useTranslation } from 'react-i18next';
import { hoursText } from './hours';

/** What a pack is called. One that has no texts here, as a new one at first, is called what the server calls it. */
export function usePackTitle(): (pack: Pick<Pack, 'id' | 'title'>) => string {
  const { t } = useTranslation('compliance');
  return ({ id, title }) => t(`pack.${id}`, { defaultValue: title });
}

/** What a rule asks for, in a sentence without a full stop. */
export function useRuleText(): (rule: Rule) => string {
  const { t, i18n } = useTranslation('compliance');
  return (rule) => {
    switch (rule.kind) {
      case 'hours':
        return t(rule.holidays === 'closed' ? 'asks.hoursNoHolidays' : 'asks.hours', { hours: hoursText(rule.week, i18n.language) });
      case 'cap':
        return t(rule.hours % 24 === 0 && rule.hours > 24 ? 'asks.capDays' : 'asks.cap', { count: rule.max, hours: rule.hours, days: rule.hours / 24 });
      case 'consent':
        return t(`asks.consent.${rule.level}`);
      case 'window':
        return t('asks.window', { hours: rule.hours });
      case 'unsubscribe':
      case 'postal_address':
        return t(`asks.${rule.kind}`);
    }
  };
}

/** A rule as the business has changed it. */
export function changed(rule: Rule, changes: readonly RuleChange[]): Rule {
  let now = rule;
  for (const change of changes) {
    if (now.kind === 'hours') now = { ...now, week: change.hours ?? now.week, holidays: change.holidays ?? now.holidays ?? 'as_usual' };
    else if (now.kind === 'cap') now = { ...now, max: change.max ?? now.max };
    else if (now.kind === 'consent') now = { ...now, level: change.level ?? now.level };
  }
  return now;
}

/** The changes that are about a rule: its own, and those of its pack. */
export const changesOf = (pack: Pack, rule: Rule, changes: readonly RuleChange[]): RuleChange[] => changes.filter((change) => change.rule === rule.id || change.rule === pack.id);

/** Whether a pack is about a country: it names it, holds everywhere, or everywhere else. */
export function concerns(pack: Pack, country: string, packs: readonly Pack[]): boolean {
  if (pack.countries.includes(country)) return true;
  if (pack.elsewhere === true) return !packs.some((each) => each.countries.includes(country));
  return pack.countries.length === 0;
}

/** Whether any rule of a pack is in force on a day, `2026-03-18`. */
export const inForce = ({ from, until }: Rule, day: string): boolean => from <= day && (typeof until !== 'string' || day < until);

export type RuleGroup = 'country' | 'states' | 'channels' | 'custom';

/** Where a pack stands among the others. */
export function groupOf(pack: Pack): RuleGroup {
  if (typeof pack.region === 'string') return 'states';
  if (pack.law === false && pack.countries.length === 0 && pack.elsewhere !== true) return 'custom';
  return pack.countries.length === 0 && pack.elsewhere !== true ? 'channels' : 'country';
}

/** Checks that no pack makes, by their ids; their words are under `check` in the texts. */
export const CHECKS = ['rules', 'opt-out', 'opt-out-channel', 'dnc', 'complaint', 'bounce', 'consent-revoked', 'facts', 'business-hours'] as const;

/** The rule that a finding or verdict names, `us-fl-hours/2021-07`. */
export function ruleNamed(name: string, packs: readonly Pack[]): { pack: Pack; rule: Rule } | null {
  const plain = name.replace(/\+own$/u, '');
  for (const pack of packs) {
    const rule = pack.rule.find((each) => `${each.id}/${each.version}` === plain);
    if (rule !== undefined) return { pack, rule };
  }
  return null;
}
