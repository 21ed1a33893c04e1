// How far an import has come, and what became of its rows.

import type { Import } from '@frontdesk/api-client';
import { Alert, Badge, Button, Group, Progress, SimpleGrid, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { CircleAlert, Download, RotateCcw, Square, Users } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';
import { ConfirmButton } from '../../ui/ConfirmButton';
import { Panel } from '../../ui/Panel';
import { notifyProblem } from '../../ui/toast';
import { STATE_COLORS } from './ImportPage';
import { cancelImport, saveFile, undoImport } from './imports';

export function ImportResult({ file }: { file: Import }) {
  const { t, i18n } = useTranslation('contacts');
  const { counts, state } = file;
  const number = (value: number) => new Intl.NumberFormat(i18n.language).format(value);
  const working = state === 'running' || state === 'undoing';
  useEffect(() => {
    if (!working) void queryClient.invalidateQueries({ queryKey: keys.contacts });
  }, [working]);
  const lines = (['created', 'updated', 'skipped', 'rejected', 'suppressed', 'undone', 'kept'] as const).filter(
    (key) => ['created', 'skipped', 'rejected'].includes(key) || counts[key] > 0,
  );
  return (
    <Stack>
      <Panel title={file.file_name}>
        <Stack>
          <Group justify="space-between">
            <Badge color={STATE_COLORS[state]}>{t(`import.state.${state}`)}</Badge>
            <Text size="sm" c="dimmed" role="status">
              {t('import.rowsRead', { count: counts.read, shown: number(counts.read) })}
            </Text>
          </Group>
          {working && <Progress value={state === 'running' ? file.percent : 100} animated aria-label={t(`import.state.${state}`)} />}
          {typeof file.error === 'string' && (
            <Alert color="red" icon={<CircleAlert size={18} aria-hidden />} title={t('import.state.failed')}>
              {file.error}
            </Alert>
          )}
          <SimpleGrid cols={{ base: 2, sm: 4 }} component="dl" m={0}>
            {lines.map((key) => (
              <div key={key}>
                <Text component="dt" size="sm" c="dimmed">
                  {t(`import.count.${key}`)}
                </Text>
                <Text component="dd" m={0} fz={22} fw={650}>
                  {number(counts[key])}
                </Text>
              </div>
            ))}
          </SimpleGrid>
          <Group gap="xs">
            {state === 'running' && (
              <Button variant="default" leftSection={<Square size={15} aria-hidden />} onClick={() => void cancelImport(file.id).catch(notifyProblem)}>
                {t('import.stop')}
              </Button>
            )}
            {counts.created > 0 && state !== 'undone' && (
              <Button variant={working ? 'default' : 'filled'} leftSection={<Users size={16} aria-hidden />} renderRoot={(props) => <Link to="/contacts" search={{ filter: { import_id: file.id } }} {...props} />}>
                {t('import.show')}
              </Button>
            )}
            {counts.rejected > 0 && (
              <Button
                variant="default"
                leftSection={<Download size={16} aria-hidden />}
                onClick={() => void saveFile(`/contact-imports/${file.id}/rejects`, `${file.file_name.replace(/\.[^.]*$/, '')} - refused.csv`).catch(notifyProblem)}
              >
                {t('import.rejects')}
              </Button>
            )}
            {['done', 'cancelled', 'failed'].includes(state) && counts.created > 0 && (
              <ConfirmButton
                leftSection={<RotateCcw size={16} aria-hidden />}
                title={t('import.undoTitle')}
                text={t('import.undoText', { count: counts.created, shown: number(counts.created) })}
                confirm={t('import.undo')}
                onConfirm={() => undoImport(file.id)}
              >
                {t('import.undo')}
              </ConfirmButton>
            )}
            {!working && (
              <Button variant="subtle" renderRoot={(props) => <Link to="/contacts/import" {...props} />}>
                {t('import.another')}
              </Button>
            )}
          </Group>
        </Stack>
      </Panel>
    </Stack>
  );
}
