import type { Workflow } from '@frontdesk/api-client';
import { ActionIcon, Box, Button, Group, Paper, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { CirclePause, CirclePlay, Plus, Workflow as WorkflowIcon, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { TimeText } from '../../ui/TimeText';
import { workflowsQuery } from './queries';
import { NewWorkflowDialog, Recipes } from './Recipes';
import { workflowsRoute } from './routes';
import { useSay } from './say';
import { StateDialog } from './StateDialog';
import { WorkflowBadge } from './WorkflowBadge';
import classes from './Workflows.module.css';

export function WorkflowsPage() {
  const { t } = useTranslation('workflows');
  const { create } = workflowsRoute.useSearch();
  const navigate = useNavigate();
  const mayWrite = useCan('workflows:write');
  const workflows = useQuery(workflowsQuery);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [asked, setAsked] = useState<{ state: 'active' | 'paused'; workflows: Workflow[] } | null>(null);
  const rows = workflows.data;
  const chosen = (rows ?? []).filter(({ id }) => selected.has(id));
  const add = mayWrite && (
    <Button leftSection={<Plus size={16} aria-hidden />} renderRoot={(props) => <Link to="/workflows" search={{ create: true }} {...props} />}>
      {t('new.button')}
    </Button>
  );
  return (
    <PageBody>
      <PageHeader title={t('title')} subtitle={t('subtitle')} actions={rows !== undefined && rows.length > 0 && add} />
      <DataTable
        label={t('title')}
        columns={useColumns()}
        rows={rows}
        rowId={({ id }) => id}
        onOpen={({ id }) => void navigate({ to: '/workflows/$workflowId', params: { workflowId: id } })}
        selection={
          mayWrite
            ? {
                selected,
                onChange: setSelected,
                label: (id) => t('select.one', { name: rows?.find((each) => each.id === id)?.settings.name ?? '' }),
                labelAll: t('select.all'),
              }
            : undefined
        }
        error={workflows.error}
        onRetry={() => void workflows.refetch()}
        {...(chosen.length > 0
          ? { toolbar: <StateBar chosen={chosen} onAsk={(state, workflows) => setAsked({ state, workflows })} onClear={() => setSelected(new Set())} /> }
          : {})}
        empty={
          <Box pb="lg">
            <EmptyState icon={WorkflowIcon} title={t('empty.title')} text={t(mayWrite ? 'empty.text' : 'empty.textOnly')} />
            {mayWrite && (
              <Box px="lg">
                <Recipes />
              </Box>
            )}
          </Box>
        }
      />
      <NewWorkflowDialog opened={mayWrite && create === true} onClose={() => void navigate({ to: '/workflows', replace: true })} />
      {asked !== null && <StateDialog {...asked} onClose={() => setAsked(null)} onDone={() => setSelected(new Set())} />}
    </PageBody>
  );
}

interface StateBarProps {
  chosen: readonly Workflow[];
  onAsk: (state: 'active' | 'paused', workflows: Workflow[]) => void;
  onClear: () => void;
}

/** What can be done with the ticked ones; each button counts those it concerns. */
function StateBar({ chosen, onAsk, onClear }: StateBarProps) {
  const { t } = useTranslation('workflows');
  const running = chosen.filter(({ state }) => state === 'active');
  const still = chosen.filter(({ state }) => state !== 'active');
  return (
    <Paper withBorder p="xs" component="section" aria-label={t('select.label')}>
      <Group gap="xs">
        <Text size="sm" fw={600} role="status">
          {t('select.some', { count: chosen.length })}
        </Text>
        <Group gap="xs" ms="auto">
          {running.length > 0 && (
            <Button size="compact-sm" variant="default" leftSection={<CirclePause size={14} aria-hidden />} onClick={() => onAsk('paused', running)}>
              {t('pause.some', { count: running.length })}
            </Button>
          )}
          {still.length > 0 && (
            <Button size="compact-sm" variant="default" leftSection={<CirclePlay size={14} aria-hidden />} onClick={() => onAsk('active', still)}>
              {t('start.some', { count: still.length })}
            </Button>
          )}
          <ActionIcon size={28} aria-label={t('select.clear')} onClick={onClear}>
            <X size={16} aria-hidden />
          </ActionIcon>
        </Group>
      </Group>
    </Paper>
  );
}

function useColumns(): Column<Workflow>[] {
  const { t, i18n } = useTranslation('workflows');
  const say = useSay();
  const number = (value: number) => (
    <Text size="sm" className="tabular">
      {new Intl.NumberFormat(i18n.language).format(value)}
    </Text>
  );
  return [
    {
      key: 'name',
      header: t('column.name'),
      phone: 'head',
      cell: ({ id, settings }) => (
        <div className={classes.nameCell}>
          <Link to="/workflows/$workflowId" params={{ workflowId: id }} className={classes.name}>
            {settings.name}
          </Link>
          <Text size="xs" c="dimmed">
            {say.trigger(settings.trigger)}
          </Text>
        </div>
      ),
    },
    { key: 'state', header: t('column.state'), cell: ({ state }) => <WorkflowBadge state={state} /> },
    { key: 'active', header: t('column.active'), align: 'right', cell: ({ active }) => number(active) },
    { key: 'entered', header: t('column.entered'), align: 'right', cell: ({ entered }) => number(entered) },
    { key: 'won', header: t('column.won'), align: 'right', cell: ({ won }) => number(won) },
    { key: 'changed', header: t('column.changed'), cell: ({ updated_at: at }) => <TimeText at={at} size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }} /> },
  ];
}
