// Importing contacts: choose a file, say what its columns are, watch it being read, and see what became of the rows.

import type { Import } from '@frontdesk/api-client';
import { ActionIcon, Badge, Button, Card, FileButton, Group, Progress, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ArrowLeft, FileSpreadsheet, FileUp } from 'lucide-react';
import { useEffect, useRef, useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';
import { ErrorState } from '../../ui/ErrorState';
import { FormError } from '../../ui/FormError';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { PageLoading } from '../../ui/PageLoading';
import { Panel } from '../../ui/Panel';
import { TimeText } from '../../ui/TimeText';
import { bytesText } from '../knowledge/bytes';
import classes from './Contacts.module.css';
import { ImportMapping } from './ImportMapping';
import { ImportResult } from './ImportResult';
import { importQuery, importsQuery, MAX_IMPORT_BYTES, uploadImport } from './imports';
import { contactImportRoute } from './routes';

export function ImportPage() {
  const { t } = useTranslation('contacts');
  const { id } = contactImportRoute.useSearch();
  return (
    <PageBody>
      <PageHeader
        title={t('import.title')}
        subtitle={t('import.subtitle')}
        before={
          <ActionIcon size={36} aria-label={t('back')} renderRoot={(props) => <Link to="/contacts" {...props} />}>
            <ArrowLeft size={18} aria-hidden />
          </ActionIcon>
        }
      />
      {id === undefined ? <ChooseFile /> : <OneImport key={id} id={id} />}
    </PageBody>
  );
}

function OneImport({ id }: { id: string }) {
  const found = useQuery(importQuery(id));
  if (found.data === undefined) {
    return found.isError ? (
      <Card>
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      </Card>
    ) : (
      <PageLoading />
    );
  }
  return found.data.state === 'uploaded' ? <ImportMapping file={found.data} /> : <ImportResult file={found.data} />;
}

function ChooseFile() {
  const { t, i18n } = useTranslation('contacts');
  const navigate = useNavigate();
  const [over, setOver] = useState(false);
  const [sending, setSending] = useState<{ name: string; percent: number } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  async function send(file: File) {
    if (file.size > MAX_IMPORT_BYTES) {
      setError(t('import.tooLarge', { limit: bytesText(MAX_IMPORT_BYTES, i18n.language) }));
      return;
    }
    const control = new AbortController();
    stop.current = control;
    setError(null);
    setSending({ name: file.name, percent: 0 });
    try {
      const sent = await uploadImport(file, (percent) => setSending({ name: file.name, percent }), control.signal);
      queryClient.setQueryData(keys.import(sent.id), sent);
      await navigate({ to: '/contacts/import', search: { id: sent.id } });
    } catch (failure) {
      if (!control.signal.aborted) setError(failure);
    }
    setSending(null);
  }

  const drop = {
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      const file = event.dataTransfer.files[0];
      if (file !== undefined) void send(file);
    },
  };
  return (
    <Stack>
      <Panel title={t('import.choose')}>
        {sending === null ? (
          <div className={classes.drop} data-over={over || undefined} {...drop}>
            <FileUp size={28} aria-hidden />
            <Text fw={600}>{t('import.drop')}</Text>
            <Text size="sm" c="dimmed" ta="center" maw={520}>
              {t('import.hint', { limit: bytesText(MAX_IMPORT_BYTES, i18n.language) })}
            </Text>
            <FileButton accept=".csv,.tsv,.txt,.xlsx,text/csv" onChange={(file) => file !== null && void send(file)}>
              {(props) => <Button {...props}>{t('import.chooseButton')}</Button>}
            </FileButton>
          </div>
        ) : (
          <Stack gap="xs" role="status">
            <Text size="sm">{sending.percent < 100 ? t('import.sending', { name: sending.name }) : t('import.looking', { name: sending.name })}</Text>
            <Progress value={sending.percent} animated={sending.percent === 100} aria-label={t('import.sending', { name: sending.name })} />
            <Group justify="flex-end">
              <Button variant="default" onClick={() => stop.current?.abort()}>
                {t('common:action.cancel')}
              </Button>
            </Group>
          </Stack>
        )}
        <FormError error={error} />
      </Panel>
      <Earlier />
    </Stack>
  );
}

export const STATE_COLORS: Record<Import['state'], string> = {
  uploaded: 'gray',
  running: 'blue',
  done: 'teal',
  cancelled: 'orange',
  failed: 'red',
  undoing: 'blue',
  undone: 'gray',
};

function Earlier() {
  const { t, i18n } = useTranslation('contacts');
  const imports = useQuery(importsQuery());
  if (imports.data === undefined || imports.data.length === 0) return null;
  const number = (value: number) => new Intl.NumberFormat(i18n.language).format(value);
  return (
    <Panel title={t('import.earlier')}>
      <ul className={classes.rows}>
        {imports.data.map((file) => (
          <li key={file.id} className={classes.row}>
            <Group wrap="nowrap" gap="sm" miw={0}>
              <FileSpreadsheet size={18} aria-hidden style={{ flex: 'none' }} />
              <div style={{ minWidth: 0 }}>
                <Link to="/contacts/import" search={{ id: file.id }} className={classes.name}>
                  <Text size="sm" fw={550} truncate>
                    {file.file_name}
                  </Text>
                </Link>
                <Text size="xs" c="dimmed">
                  <TimeText at={file.created_at} /> · {t('import.rowsRead', { count: file.counts.read, shown: number(file.counts.read) })}
                </Text>
              </div>
            </Group>
            <Badge color={STATE_COLORS[file.state]} style={{ flex: 'none' }}>
              {t(`import.state.${file.state}`)}
            </Badge>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
