import type { AuditEntry } from '@frontdesk/api-client';
import { Button, Code, Group, Modal, Select, Text, TextInput } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Download, ScrollText } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { useMembers } from '../../app/session';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { pagerOf } from '../../ui/pager';
import { saveBlob } from '../../ui/save-file';
import { TimeText } from '../../ui/TimeText';
import { auditFilter, auditQuery } from './queries';
import { settingsSectionRoute, type SettingsSearch } from './routes';
import classes from './Settings.module.css';

export function Audit() {
  const { t } = useTranslation('settings');
  const search = settingsSectionRoute.useSearch();
  const navigate = useNavigate();
  const members = useMembers();
  const [shown, setShown] = useState<AuditEntry | null>(null);
  const entries = useQuery({ ...auditQuery(search), placeholderData: keepPreviousData });
  const go = (change: Partial<Record<keyof SettingsSearch, unknown>>) =>
    void navigate({ to: '/settings/$section', params: { section: 'audit' }, search: { ...search, trail: undefined, ...change } as SettingsSearch, replace: true });
  const exporting = useMutation({
    mutationFn: async () => saveBlob(await api.download('/audit/export', { query: auditFilter(search) }), 'audit.csv'),
  });
  const filter = (name: 'action' | 'from' | 'to', type: 'text' | 'date') => (
    <TextInput
      key={`${name} ${search[name] ?? ''}`}
      type={type}
      label={t(`audit.${name}`)}
      {...(name === 'action' ? { placeholder: 'contact.update' } : {})}
      defaultValue={search[name] ?? ''}
      onBlur={(event) => {
        const value = event.currentTarget.value.trim();
        if (value !== (search[name] ?? '')) go({ [name]: value === '' ? undefined : value });
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
      }}
      flex={1}
      miw={140}
    />
  );
  const columns: Column<AuditEntry>[] = [
    { key: 'at', header: t('audit.when'), phone: 'line', cell: (entry) => <TimeText at={entry.at} as="datetime" size="sm" style={{ whiteSpace: 'nowrap' }} /> },
    {
      key: 'actor',
      header: t('audit.who'),
      cell: (entry) => (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {entry.actor_name ?? t(`actor.${entry.actor_kind}`, { defaultValue: entry.actor_kind })}
        </Text>
      ),
    },
    {
      key: 'action',
      header: t('audit.what'),
      phone: 'head',
      cell: (entry) => (
        <Button variant="subtle" size="compact-sm" ml={-8} onClick={() => setShown(entry)} aria-label={t('audit.open', { action: entry.action })}>
          {entry.action}
        </Button>
      ),
    },
    {
      key: 'target',
      header: t('audit.target'),
      phone: 'none',
      cell: (entry) => (
        <Text size="xs" c="dimmed" maw={220} truncate title={entry.target ?? ''}>
          {entry.target ?? '–'}
        </Text>
      ),
    },
  ];
  return (
    <>
      <DataTable
        label={t('section.audit')}
        columns={columns}
        rows={entries.data?.items}
        rowId={(entry) => entry.id}
        onOpen={setShown}
        pager={pagerOf(search, entries.data?.next_cursor)}
        onPage={(page) => void navigate({ to: '/settings/$section', params: { section: 'audit' }, search: { ...search, ...page } as SettingsSearch })}
        error={entries.error}
        onRetry={() => void entries.refetch()}
        fetching={entries.isPlaceholderData}
        empty={<EmptyState icon={ScrollText} title={t('audit.none')} />}
        toolbar={
          <Group align="flex-end" gap="sm">
            <Select
              label={t('audit.actor')}
              placeholder={t('audit.anybody')}
              clearable
              clearButtonProps={{ 'aria-label': t('common:action.clear') }}
              data={[...members.values()].map((member) => ({ value: member.user_id, label: member.name }))}
              value={search.actor ?? null}
              onChange={(actor) => go({ actor: actor ?? undefined })}
              flex={1}
              miw={160}
            />
            {filter('action', 'text')}
            {filter('from', 'date')}
            {filter('to', 'date')}
            <Button variant="default" leftSection={<Download size={16} aria-hidden />} loading={exporting.isPending} onClick={() => exporting.mutate()}>
              {t('audit.export')}
            </Button>
          </Group>
        }
      />
      <Modal opened={shown !== null} onClose={() => setShown(null)} size="lg" title={<Text fw={650}>{shown?.action}</Text>}>
        {shown !== null && <Entry entry={shown} />}
      </Modal>
    </>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation('settings');
  const line = (label: string, value: string | null | undefined) =>
    typeof value === 'string' && value !== '' ? (
      <Group gap="sm" justify="space-between" py={4}>
        <Text size="sm" c="dimmed">
          {label}
        </Text>
        <Code>{value}</Code>
      </Group>
    ) : null;
  return (
    <>
      <Group gap="sm" justify="space-between" py={4}>
        <Text size="sm" c="dimmed">
          {t('audit.when')}
        </Text>
        <TimeText at={entry.at} as="full" size="sm" />
      </Group>
      {line(t('audit.who'), entry.actor_name)}
      {line(t('audit.actorId'), entry.actor)}
      {line(t('audit.target'), entry.target)}
      {line(t('audit.ip'), entry.ip)}
      {line(t('audit.request'), entry.request_id)}
      <Text size="sm" c="dimmed" mt="sm" mb={4}>
        {t('audit.detail')}
      </Text>
      <pre className={classes.code}>{JSON.stringify(entry.detail, null, 2)}</pre>
    </>
  );
}
