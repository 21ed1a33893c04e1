import type { Lead } from '@frontdesk/api-client';
import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Sparkle } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../ui/EmptyState';
import { PersonAvatar } from '../../ui/Person';
import { LeadBadge } from '../../ui/StatusBadge';
import { TimeText } from '../../ui/TimeText';
import classes from './Home.module.css';
import { Panel } from './Panel';

export function RecentLeads({ leads }: { leads: readonly Lead[] }) {
  const { t } = useTranslation(['home', 'common']);
  return (
    <Panel
      title={t('home:leads.title')}
      action={
        <Anchor size="sm" renderRoot={(props) => <Link to="/leads" {...props} />}>
          {t('common:action.seeAll')}
        </Anchor>
      }
    >
      {leads.length === 0 ? (
        <EmptyState compact icon={Sparkle} title={t('home:leads.none')} text={t('home:leads.noneText')} />
      ) : (
        <ul className={classes.rows}>
          {leads.slice(0, 5).map((lead) => (
            <li key={lead.id}>
              <Link to="/contacts/$contactId" params={{ contactId: lead.contact_id }} className={classes.row}>
                <PersonAvatar name={lead.name} size={32} />
                <div className={classes.rowBody}>
                  <Text size="sm" fw={600} truncate>
                    {lead.name}
                  </Text>
                  <Text size="xs" c="dimmed" lineClamp={2}>
                    {lead.need}
                  </Text>
                </div>
                <div style={{ textAlign: 'right', flex: 'none' }}>
                  <LeadBadge status={lead.status} size="sm" />
                  <Text size="xs" c="dimmed" mt={4}>
                    <TimeText at={lead.created_at} as="short" />
                  </Text>
                </div>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
