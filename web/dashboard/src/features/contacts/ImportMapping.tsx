// What each column of a file is, and what shall be done with its rows.

import type { ColumnUse, FieldKind, Import, PlainColumn, Tag } from '@frontdesk/api-client';
import { Button, Card, Group, SegmentedControl, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormError } from '../../ui/FormError';
import { Panel } from '../../ui/Panel';
import { TagsEditor } from '../inbox/TagsEditor';
import classes from './Contacts.module.css';
import { startImport } from './imports';
import { customFieldsQuery } from './queries';

const PLAIN: PlainColumn[] = [
  'ignore',
  'name',
  'first_name',
  'last_name',
  'email',
  'phone',
  'company',
  'tags',
  'status',
  'language',
  'zone',
  'country',
  'region',
  'postal_code',
  'external_id',
  'opted_out',
  'consent_source',
  'consent_text',
  'consent_channel',
];
const KINDS: FieldKind[] = ['text', 'number', 'date', 'bool'];
const NAMES_SOMEBODY = new Set(['name', 'first_name', 'last_name', 'email', 'phone', 'external_id']);

export function ImportMapping({ file }: { file: Import }) {
  const { t } = useTranslation('contacts');
  const fields = useQuery(customFieldsQuery());
  const [columns, setColumns] = useState<ColumnUse[]>(() => file.columns.map((column) => column.suggestion));
  const [onKnown, setOnKnown] = useState<'skip' | 'update'>('skip');
  const [tags, setTags] = useState<Tag[]>([]);
  const [consent, setConsent] = useState({ source: '', text: '', channel: '' });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const known = (key: string) => fields.data?.find((field) => field.key.toLowerCase() === key.toLowerCase());
  const change = (at: number, use: ColumnUse) => setColumns((before) => before.map((each, n) => (n === at ? use : each)));
  const namesSomebody = columns.some((use) => NAMES_SOMEBODY.has(use.to));

  const choices = (header: string) => [
    { group: t('import.group.contact'), items: PLAIN.map((to) => ({ value: to, label: t(`import.column.${to}`) })) },
    {
      group: t('fields.title'),
      items: [
        ...(fields.data ?? []).map((field) => ({ value: `field ${field.key}`, label: field.label })),
        ...(header === '' || known(header) !== undefined ? [] : [{ value: `field ${header}`, label: t('import.newField', { name: header }) }]),
      ],
    },
  ];

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setBusy(true);
        setError(null);
        startImport(file.id, { columns, on_known: onKnown, tags, consent: consent.source.trim() === '' ? null : consent })
          .catch(setError)
          .finally(() => setBusy(false));
      }}
    >
      <Stack>
        <Card p={0}>
          <Stack gap={2} p="md">
            <Text fw={650}>{t('import.columns')}</Text>
            <Text size="sm" c="dimmed">
              {t('import.columnsHint', { name: file.file_name, encoding: file.encoding })}
            </Text>
          </Stack>
          <ul className={classes.mapping}>
            {file.columns.map((column, n) => {
              const use = columns[n] ?? { to: 'ignore' };
              const header = column.header.slice(0, 60);
              return (
                <li key={n}>
                  <div style={{ minWidth: 0 }}>
                    <Text size="sm" fw={550}>
                      {column.header === '' ? t('import.noHeader', { number: n + 1 }) : column.header}
                    </Text>
                    <Text size="sm" c="dimmed" truncate>
                      {column.samples.filter((sample) => sample !== '').slice(0, 3).join(' · ') || t('import.allEmpty')}
                    </Text>
                  </div>
                  <div>
                    <Select
                      aria-label={t('import.columnBecomes', { name: column.header })}
                      allowDeselect={false}
                      searchable
                      data={choices(header)}
                      value={use.to === 'field' ? `field ${known(use.key)?.key ?? use.key}` : use.to}
                      onChange={(value) => {
                        if (value === null) return;
                        const key = value.startsWith('field ') ? value.slice(6) : null;
                        change(n, key === null ? { to: value as PlainColumn } : { to: 'field', key, kind: known(key)?.kind ?? 'text' });
                      }}
                    />
                    {use.to === 'field' && known(use.key) === undefined && (
                      <SegmentedControl
                        mt={6}
                        size="xs"
                        fullWidth
                        aria-label={t('import.kind')}
                        data={KINDS.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
                        value={use.kind}
                        onChange={(kind) => change(n, { ...use, kind: kind as FieldKind })}
                      />
                    )}
                  </div>
                </li>
              );
            })}
          </ul>
        </Card>
        <Panel title={t('import.options')}>
          <Stack>
            <div>
              <Text size="sm" fw={550} mb={4}>
                {t('import.onKnown')}
              </Text>
              <SegmentedControl
                aria-label={t('import.onKnown')}
                data={(['skip', 'update'] as const).map((value) => ({ value, label: t(`import.known.${value}`) }))}
                value={onKnown}
                onChange={(value) => setOnKnown(value as 'skip' | 'update')}
              />
              <Text size="xs" c="dimmed" mt={4}>
                {t(`import.knownHint.${onKnown}`)}
              </Text>
            </div>
            <div>
              <Text size="sm" fw={550} mb={4}>
                {t('import.tagAll')}
              </Text>
              <Group>
                <TagsEditor
                  tags={tags}
                  readOnly={false}
                  onChange={(next) => {
                    setTags(next);
                    return Promise.resolve();
                  }}
                />
              </Group>
            </div>
            <TextInput
              label={t('import.consentSource')}
              description={t('import.consentHint')}
              maxLength={200}
              value={consent.source}
              onChange={(event) => setConsent({ ...consent, source: event.currentTarget.value })}
            />
            {consent.source.trim() !== '' && (
              <>
                <Textarea label={t('import.consentText')} maxLength={2000} autosize minRows={2} value={consent.text} onChange={(event) => setConsent({ ...consent, text: event.currentTarget.value })} />
                <Select
                  label={t('import.consentChannel')}
                  allowDeselect={false}
                  data={['', 'sms', 'whatsapp', 'email'].map((value) => ({ value, label: t(`import.channel.${value === '' ? 'all' : value}`) }))}
                  value={consent.channel}
                  onChange={(channel) => setConsent({ ...consent, channel: channel ?? '' })}
                />
              </>
            )}
          </Stack>
        </Panel>
        <FormError error={error} />
        <Group justify="flex-end" gap="sm">
          {!namesSomebody && (
            <Text size="sm" c="dimmed">
              {t('import.nobody')}
            </Text>
          )}
          <Button type="submit" disabled={!namesSomebody} loading={busy}>
            {t('import.start')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
