// What a contact agreed to: each record with its words, its proof and whether it still holds.

import type { ConsentEntry, Contact } from '@frontdesk/api-client';
import { Button, Card, Group, NativeSelect, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { CircleCheck, CircleSlash, Handshake, Plus, SearchX } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { formatAddress } from '../../ui/address';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { Panel } from '../../ui/Panel';
import { StatusBadge } from '../../ui/StatusBadge';
import { useFormatTime } from '../../ui/time';
import classes from './Compliance.module.css';
import { ConsentDialog } from './ConsentDialog';
import { ForContact } from './ContactField';
import { consentsQuery } from './queries';
import { CARRIED, PURPOSES, type ComplianceSearch } from './routes';

export function Consents() {
  const { t } = useTranslation('compliance');
  const search: ComplianceSearch = useSearch({ strict: false });
  const mayWrite = useCan('compliance:write');
  const [adding, setAdding] = useState(false);
  return (
    <ForContact
      section="consents"
      search={search}
      empty={<EmptyState icon={Handshake} title={t('consents.choose')} text={t('consents.chooseText')} />}
      action={() =>
        mayWrite && (
          <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setAdding(true)}>
            {t('consents.add')}
          </Button>
        )
      }
    >
      {(contact) => (
        <>
          <ConsentsOf contact={contact} search={search} />
          {adding && <ConsentDialog contact={contact} onClose={() => setAdding(false)} />}
        </>
      )}
    </ForContact>
  );
}

function ConsentsOf({ contact, search }: { contact: Contact; search: ComplianceSearch }) {
  const { t } = useTranslation('compliance');
  const navigate = useNavigate();
  const consents = useQuery(consentsQuery(contact.id));
  if (consents.data === undefined) {
    return consents.isError ? (
      <Card>
        <ErrorState error={consents.error} onRetry={() => void consents.refetch()} />
      </Card>
    ) : (
      <Skeleton height={240} radius="lg" />
    );
  }
  const go = (change: Partial<Record<'channel' | 'purpose' | 'record', string | undefined>>) =>
    void navigate({
      to: '/compliance/$section',
      params: { section: 'consents' },
      search: Object.fromEntries(Object.entries({ ...search, ...change }).filter(([, value]) => value !== undefined && value !== '')) as ComplianceSearch,
      replace: true,
    });
  const shown = consents.data.filter(
    (each) =>
      (search.channel ?? each.channel) === each.channel &&
      (search.purpose ?? each.purpose) === each.purpose &&
      (search.record === undefined || (search.record === 'ended') === (typeof each.revoked_at === 'string')),
  );
  const filtered = shown.length < consents.data.length;
  return (
    <Panel title={t('section.consents')} text={t('consents.text')}>
      {consents.data.length > 0 && (
        <Group gap="xs" mb="md">
          <NativeSelect
            aria-label={t('consents.channel')}
            data={[{ value: '', label: t('consents.anyChannel') }, ...CARRIED.map((value) => ({ value: value as string, label: t(`common:channel.${value}`) }))]}
            value={search.channel ?? ''}
            onChange={(event) => go({ channel: event.currentTarget.value })}
          />
          <NativeSelect
            aria-label={t('consents.purpose')}
            data={[{ value: '', label: t('consents.anyPurpose') }, ...PURPOSES.map((value) => ({ value: value as string, label: t(`purpose.${value}`) }))]}
            value={search.purpose ?? ''}
            onChange={(event) => go({ purpose: event.currentTarget.value })}
          />
          <NativeSelect
            aria-label={t('consents.state')}
            data={['', 'holds', 'ended'].map((value) => ({ value, label: t(`consents.states.${value === '' ? 'any' : value}`) }))}
            value={search.record ?? ''}
            onChange={(event) => go({ record: event.currentTarget.value })}
          />
        </Group>
      )}
      {consents.data.length === 0 ? (
        <EmptyState compact icon={Handshake} title={t('consents.none')} text={t('consents.noneText')} />
      ) : shown.length === 0 && filtered ? (
        <EmptyState compact icon={SearchX} title={t('consents.noneFiltered')} />
      ) : (
        <ConsentList consents={shown} />
      )}
    </Panel>
  );
}

export function ConsentList({ consents }: { consents: readonly ConsentEntry[] }) {
  const { t } = useTranslation('compliance');
  const format = useFormatTime();
  return (
    <ul className={classes.records}>
      {consents.map((consent, index) => {
        const ended = typeof consent.revoked_at === 'string' ? consent.revoked_at : null;
        return (
          <li key={`${consent.given_at} ${consent.channel} ${consent.purpose} ${String(index)}`} className={classes.record}>
            <Group justify="space-between" gap="xs">
              <Text size="sm" fw={600}>
                {t('consents.head', { channel: t(`common:channel.${consent.channel}`), purpose: t(`purpose.${consent.purpose}`) })}
              </Text>
              <StatusBadge
                look={ended === null ? { color: 'teal', icon: CircleCheck } : { color: 'gray', icon: CircleSlash }}
                label={t(ended === null ? 'consents.holds' : 'consents.ended')}
              />
            </Group>
            <blockquote className={classes.quote}>{consent.shown === '' ? t('consents.noWords') : consent.shown}</blockquote>
            <dl className={classes.facts}>
              <dt>{t('consents.address')}</dt>
              <dd>{formatAddress(consent.address)}</dd>
              <dt>{t('consents.source')}</dt>
              <dd>{consent.source}</dd>
              <dt>{t('consents.evidence')}</dt>
              <dd>{typeof consent.evidence === 'string' && consent.evidence !== '' ? consent.evidence : '–'}</dd>
              <dt>{t('consents.given')}</dt>
              <dd>{format(consent.given_at, 'full')}</dd>
              {ended !== null && (
                <>
                  <dt>{t('consents.revoked')}</dt>
                  <dd>{[format(ended, 'full'), consent.revoked_by].filter((part) => typeof part === 'string' && part !== '').join(' · ')}</dd>
                </>
              )}
            </dl>
          </li>
        );
      })}
    </ul>
  );
}
