import type { OutboxMessage, Verdict } from '@frontdesk/api-client';
import { Alert } from '@mantine/core';
import { CircleCheck, CircleSlash, Clock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { sentence } from '../../ui/text';
import { useFormatTime } from '../../ui/time';
import { ruleKind } from './verdict';

/** Why the gate says no. The server's reason is more precise, and in English. */
export function useRefusalText(): (denial: { rule: string; reason: string }) => string {
  const { t, i18n } = useTranslation('messages');
  return ({ rule, reason }) => {
    const kind = ruleKind(rule);
    return i18n.language.startsWith('en') || kind === 'other' ? reason : t(`rule.${kind}`);
  };
}

/** What speaks for a message not having arrived, as a sentence; absent when nothing does. */
export function useReasonText(): (message: Pick<OutboxMessage, 'reason' | 'status' | 'verdict'>) => string | null {
  const refusal = useRefusalText();
  return ({ reason, status, verdict }) => {
    if (typeof reason !== 'string') return null;
    return sentence(status === 'failed' && verdict?.verdict === 'deny' ? refusal(verdict) : reason);
  };
}

/** What the gate says of a message, in plain words. */
export function useVerdictText(): (verdict: Verdict) => string {
  const { t } = useTranslation('messages');
  const format = useFormatTime();
  const refusal = useRefusalText();
  return (verdict) => {
    switch (verdict.verdict) {
      case 'allow':
        return t('verdict.allow');
      case 'defer':
        return t('verdict.defer', { until: format(verdict.until, 'datetime'), because: t(`rule.${ruleKind(verdict.rule)}`) });
      case 'deny':
        return t('verdict.deny', { reason: refusal(verdict) });
    }
  };
}

const LOOKS = {
  allow: { color: 'teal', icon: CircleCheck },
  defer: { color: 'orange', icon: Clock },
  deny: { color: 'red', icon: CircleSlash },
} as const;

export function VerdictNote({ verdict }: { verdict: Verdict }) {
  const say = useVerdictText();
  const { color, icon: Icon } = LOOKS[verdict.verdict];
  return (
    <Alert color={color} p="xs" icon={<Icon size={17} aria-hidden />}>
      {sentence(say(verdict))}
    </Alert>
  );
}
