// What can be done with the ticked contacts, or with all that match, and how far it has come.

import type { Bulk, BulkAction, BulkSelection, ContactFilter, ContactStatus } from '@frontdesk/api-client';
import { ActionIcon, Button, Group, Menu, Modal, Paper, Progress, Stack, TagsInput, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Download, RotateCcw, Square, Tag, Tags, Trash2, Workflow, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';
import { useCan } from '../../app/session';
import { ConfirmButton } from '../../ui/ConfirmButton';
import { CONTACT_STATUSES, ContactStatusBadge } from '../../ui/StatusBadge';
import { notifyProblem } from '../../ui/toast';
import { workflowsQuery } from '../workflows/queries';
import { bulkQuery, cancelBulk, startBulk, undoBulk } from './bulks';
import classes from './Contacts.module.css';
import { saveFile } from './imports';

interface BulkBarProps {
  selected: ReadonlySet<string>;
  /** What the list shows; all that match can be chosen. */
  filter: ContactFilter;
  total: string;
  onClear: () => void;
  onStarted: (bulk: Bulk) => void;
}

export function BulkBar({ selected, filter, total, onClear, onStarted }: BulkBarProps) {
  const { t } = useTranslation('contacts');
  const [all, setAll] = useState(false);
  const [tagging, setTagging] = useState<'tag' | 'untag' | null>(null);
  const what = all ? t('bulk.all', { total }) : t('bulk.some', { count: selected.size });
  const run = async (action: BulkAction) => {
    const selection: BulkSelection = all ? { of: 'filter', filter } : { of: 'ids', ids: [...selected] };
    try {
      onStarted(await startBulk(action, selection));
      onClear();
    } catch (error) {
      notifyProblem(error);
    }
  };
  return (
    <Paper withBorder p="xs" mt="xs" component="section" aria-label={t('bulk.label')} className={classes.bulkBar}>
      <Group gap="xs">
        <Text size="sm" fw={600} role="status">
          {what}
        </Text>
        {!all && (
          <Button size="compact-sm" variant="subtle" onClick={() => setAll(true)}>
            {t('bulk.chooseAll', { total })}
          </Button>
        )}
        <Group gap="xs" ms="auto">
          <Button size="compact-sm" variant="default" leftSection={<Tag size={14} aria-hidden />} onClick={() => setTagging('tag')}>
            {t('bulk.tag')}
          </Button>
          <Button size="compact-sm" variant="default" leftSection={<Tags size={14} aria-hidden />} onClick={() => setTagging('untag')}>
            {t('bulk.untag')}
          </Button>
          <Menu withinPortal>
            <Menu.Target>
              <Button size="compact-sm" variant="default">
                {t('bulk.status')}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {CONTACT_STATUSES.map((status: ContactStatus) => (
                <Menu.Item key={status} onClick={() => void run({ kind: 'set_status', status })}>
                  <ContactStatusBadge status={status} />
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
          <EnrolMenu onChoose={(workflow_id) => void run({ kind: 'enrol', workflow_id })} />
          <Button size="compact-sm" variant="default" leftSection={<Download size={14} aria-hidden />} onClick={() => void run({ kind: 'export' })}>
            {t('bulk.export')}
          </Button>
          <ConfirmButton
            size="compact-sm"
            leftSection={<Trash2 size={14} aria-hidden />}
            title={t('bulk.deleteTitle', { what })}
            text={t('bulk.deleteText')}
            confirm={t('bulk.delete')}
            onConfirm={() => run({ kind: 'delete' })}
          >
            {t('bulk.delete')}
          </ConfirmButton>
          <ActionIcon size={28} aria-label={t('bulk.clear')} onClick={onClear}>
            <X size={16} aria-hidden />
          </ActionIcon>
        </Group>
      </Group>
      <Modal opened={tagging !== null} onClose={() => setTagging(null)} title={<Text fw={650}>{t(`bulk.${tagging ?? 'tag'}`)}</Text>}>
        <TagForm
          onSubmit={(names) => {
            const kind = tagging;
            setTagging(null);
            void run(kind === 'untag' ? { kind, names } : { kind: 'tag', tags: names.map((name) => ({ name, color: 'gray' })) });
          }}
        />
      </Modal>
    </Paper>
  );
}

/** Puts them into a workflow that runs. */
function EnrolMenu({ onChoose }: { onChoose: (workflow: string) => void }) {
  const { t } = useTranslation('contacts');
  const mayEnrol = useCan('workflows:write');
  const workflows = useQuery({ ...workflowsQuery, enabled: mayEnrol }).data ?? [];
  const running = workflows.filter(({ state }) => state === 'active');
  if (!mayEnrol || running.length === 0) return null;
  return (
    <Menu withinPortal>
      <Menu.Target>
        <Button size="compact-sm" variant="default" leftSection={<Workflow size={14} aria-hidden />}>
          {t('bulk.enrol')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
        {running.map(({ id, settings }) => (
          <Menu.Item key={id} onClick={() => onChoose(id)}>
            {settings.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function TagForm({ onSubmit }: { onSubmit: (names: string[]) => void }) {
  const { t } = useTranslation('contacts');
  const [names, setNames] = useState<string[]>([]);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (names.length > 0) onSubmit(names);
      }}
    >
      <Stack>
        <TagsInput data-autofocus label={t('filter.tags')} placeholder={t('filter.tagsHint')} maxTags={10} value={names} onChange={setNames} acceptValueOnBlur />
        <Group justify="flex-end">
          <Button type="submit">{t('bulk.go')}</Button>
        </Group>
      </Stack>
    </form>
  );
}

/** An action under way, or just over: its progress, and the way back. */
export function BulkProgress({ id, onClose }: { id: string; onClose: () => void }) {
  const { t, i18n } = useTranslation('contacts');
  const found = useQuery(bulkQuery(id));
  const bulk = found.data;
  const working = bulk === undefined || bulk.state === 'running' || bulk.state === 'undoing';
  useEffect(() => {
    if (!working) void queryClient.invalidateQueries({ queryKey: keys.contacts });
  }, [working]);
  if (bulk === undefined) return null;
  const number = (value: number) => new Intl.NumberFormat(i18n.language).format(value);
  const reversible = !['delete', 'export', 'enrol'].includes(bulk.action.kind);
  return (
    <Paper withBorder p="xs" mt="xs">
      <Group gap="sm">
        <Text size="sm" role="status">
          {t(`bulk.state.${bulk.state}`, { what: t(`bulk.kind.${bulk.action.kind}`), done: number(bulk.state === 'running' ? bulk.done : bulk.changed) })}
        </Text>
        {working && (
          <Progress
            flex={1}
            miw={120}
            animated
            aria-label={t(`bulk.kind.${bulk.action.kind}`)}
            value={typeof bulk.total === 'number' && bulk.total > 0 && bulk.state === 'running' ? (bulk.done / bulk.total) * 100 : 100}
          />
        )}
        <Group gap="xs" ms="auto">
          {bulk.state === 'running' && (
            <Button size="compact-sm" variant="default" leftSection={<Square size={13} aria-hidden />} onClick={() => void cancelBulk(id).catch(notifyProblem)}>
              {t('import.stop')}
            </Button>
          )}
          {bulk.action.kind === 'export' && bulk.state === 'done' && (
            <Button size="compact-sm" leftSection={<Download size={14} aria-hidden />} onClick={() => void saveFile(`/contact-bulks/${id}/file`, 'contacts.csv').catch(notifyProblem)}>
              {t('bulk.download')}
            </Button>
          )}
          {reversible && bulk.changed > 0 && ['done', 'cancelled', 'failed'].includes(bulk.state) && (
            <Button size="compact-sm" variant="default" leftSection={<RotateCcw size={14} aria-hidden />} onClick={() => void undoBulk(id).catch(notifyProblem)}>
              {t('common:action.undo')}
            </Button>
          )}
          {!working && (
            <ActionIcon size={28} aria-label={t('common:action.close')} onClick={onClose}>
              <X size={16} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      </Group>
    </Paper>
  );
}
