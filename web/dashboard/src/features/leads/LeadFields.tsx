// What a lead's list and its drawer both show and change.

import type { Lead, LeadStatus } from '@frontdesk/api-client';
import { NativeSelect, Progress, Text, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useMembers } from '../../app/session';
import { LeadBadge } from '../../ui/StatusBadge';
import { notifyDone } from '../../ui/toast';
import classes from './Leads.module.css';
import { STATUSES, useChangeLead } from './queries';

interface LeadFieldProps {
  lead: Lead;
  readOnly: boolean;
}

/** How far it has come, changed on the spot. */
export function StatusField({ lead, readOnly }: LeadFieldProps) {
  const { t } = useTranslation('leads');
  const change = useChangeLead(lead.id);
  if (readOnly) return <LeadBadge status={lead.status} />;
  return (
    <NativeSelect
      size="xs"
      w={140}
      aria-label={t('statusOf', { name: lead.name })}
      value={lead.status}
      data={STATUSES.map((value) => ({ value, label: t(`common:status.lead.${value}`) }))}
      onChange={(event) => {
        const status = event.currentTarget.value as LeadStatus;
        change.mutate({ status }, { onSuccess: () => notifyDone(t('moved', { name: lead.name, status: t(`common:status.lead.${status}`) })) });
      }}
    />
  );
}

/** Who looks after it. */
export function AssigneeField({ lead, readOnly }: LeadFieldProps) {
  const { t } = useTranslation('leads');
  const members = [...useMembers().values()];
  const change = useChangeLead(lead.id);
  const name = members.find((member) => member.user_id === lead.assignee)?.name;
  if (readOnly) return <Text size="sm">{name ?? t('nobody')}</Text>;
  return (
    <NativeSelect
      size="xs"
      w={150}
      aria-label={t('assigneeOf', { name: lead.name })}
      value={lead.assignee ?? ''}
      data={[{ value: '', label: t('nobody') }, ...members.map((member) => ({ value: member.user_id, label: member.name }))]}
      onChange={(event) => change.mutate({ assignee: event.currentTarget.value === '' ? null : event.currentTarget.value })}
    />
  );
}

/** How promising it is; what that rests on is in its tooltip. */
export function Score({ lead }: { lead: Lead }) {
  const { t } = useTranslation('leads');
  const color = lead.score >= 70 ? 'teal' : lead.score >= 40 ? 'brand' : 'gray';
  return (
    <Tooltip label={lead.score_reasons.join(', ')} disabled={lead.score_reasons.length === 0}>
      <div className={classes.score}>
        <Progress value={lead.score} color={color} size="sm" flex={1} aria-label={t('scoreOf', { name: lead.name })} />
        <Text size="sm" className="tabular" w={32} ta="right" style={{ flex: 'none' }}>
          {lead.score}
        </Text>
      </div>
    </Tooltip>
  );
}
