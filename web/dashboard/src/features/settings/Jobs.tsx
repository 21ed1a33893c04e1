// The queue: what Frontdesk has to do for the workspace, what failed and why, and what to do about it.

import type { JobState, QueueJob } from '@frontdesk/api-client';
import { ActionIcon, Anchor, Badge, Button, Group, Text, Tooltip } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { CircleCheck, ListTodo, RotateCw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { ConfirmDialog } from '../../ui/ConfirmButton';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { pagerOf } from '../../ui/pager';
import { sentence } from '../../ui/text';
import { TimeText } from '../../ui/TimeText';
import { notifyDone } from '../../ui/toast';
import { discardJob, jobCountsQuery, jobsQuery, useRetryJob } from './queries';
import { JOB_STATES, settingsSectionRoute, type SettingsSearch } from './routes';
import classes from './Settings.module.css';

/** What wants a look is not grey. */
const COLORS: Record<JobState, string> = { dead: 'red', retrying: 'orange', waiting: 'gray', running: 'blue' };

export function Jobs() {
  const { t, i18n } = useTranslation('settings');
  const search = settingsSectionRoute.useSearch();
  const navigate = useNavigate();
  const mayWrite = useCan('queue:write');
  const state = search.job ?? 'dead';
  const jobs = useQuery({ ...jobsQuery(state, search.trail), placeholderData: keepPreviousData });
  const counts = useQuery(jobCountsQuery).data;
  const retry = useRetryJob();
  const [discarding, setDiscarding] = useState<QueueJob | null>(null);
  const number = (count: number) => `${new Intl.NumberFormat(i18n.language).format(count)}${counts !== undefined && count >= counts.most ? '+' : ''}`;
  const columns: Column<QueueJob>[] = [
    {
      key: 'what',
      header: t('jobs.what'),
      phone: 'head',
      cell: (job) => (
        <>
          <Text size="sm" fw={550}>
            {t([`jobs.kind.${job.kind.replaceAll('.', '_')}`, `jobs.family.${job.kind.replace(/\..*$/u, '')}`, 'jobs.family.other'])}
          </Text>
          <About job={job} />
        </>
      ),
    },
    {
      key: 'why',
      header: t('jobs.why'),
      cell: (job) => (
        <Text size="sm" c={typeof job.last_error === 'string' ? 'var(--text-danger)' : 'dimmed'} maw={360} style={{ overflowWrap: 'anywhere' }}>
          {typeof job.last_error === 'string' ? sentence(job.last_error) : '–'}
        </Text>
      ),
    },
    {
      key: 'tries',
      header: t('jobs.tries'),
      cell: (job) => (
        <Text size="sm" className="tabular" style={{ whiteSpace: 'nowrap' }}>
          {typeof job.most_tries === 'number' ? t('jobs.triesOf', { tries: job.tries, most: job.most_tries }) : job.tries}
        </Text>
      ),
    },
    {
      key: 'when',
      header: t('jobs.when'),
      cell: (job) =>
        typeof job.next_at === 'string' ? (
          <Text size="sm">
            {t('jobs.next')} <TimeText at={job.next_at} as="datetime" style={{ whiteSpace: 'nowrap' }} />
          </Text>
        ) : (
          <Text size="sm">
            {t('jobs.asked')} <TimeText at={job.created_at} as="datetime" style={{ whiteSpace: 'nowrap' }} />
          </Text>
        ),
    },
    ...(mayWrite && state === 'dead'
      ? [
          {
            key: 'actions',
            header: t('jobs.actions'),
            headerHidden: true,
            align: 'right' as const,
            cell: (job: QueueJob) => (
              <Group gap={6} wrap="nowrap" justify="flex-end">
                <Button size="xs" variant="default" leftSection={<RotateCw size={14} aria-hidden />} loading={retry.isPending && retry.variables === job.id} onClick={() => retry.mutate(job.id, { onSuccess: () => notifyDone(t('jobs.retried')) })}>
                  {t('common:action.retry')}
                </Button>
                <Tooltip label={t('jobs.discard')}>
                  <ActionIcon size={30} color="gray" aria-label={t('jobs.discard')} onClick={() => setDiscarding(job)}>
                    <Trash2 size={16} aria-hidden />
                  </ActionIcon>
                </Tooltip>
              </Group>
            ),
          },
        ]
      : []),
  ];
  return (
    <>
      <Text size="sm" c="dimmed">
        {t('jobs.text')}
      </Text>
      <nav className={classes.states} aria-label={t('jobs.states')}>
        {JOB_STATES.map((each) => (
          <Link
            key={each}
            to="/settings/$section"
            params={{ section: 'jobs' }}
            search={{ job: each === 'dead' ? undefined : each } as SettingsSearch}
            activeOptions={{ includeSearch: true, explicitUndefined: true }}
            aria-current={each === state ? 'page' : undefined}
            className={classes.state}
          >
            {t(`jobs.state.${each}`)}
            {counts !== undefined && counts[each] > 0 && (
              <Badge size="sm" color={COLORS[each]}>
                {number(counts[each])}
              </Badge>
            )}
          </Link>
        ))}
      </nav>
      <DataTable
        label={t('section.jobs')}
        columns={columns}
        rows={jobs.data?.items}
        rowId={(job) => job.id}
        pager={pagerOf(search, jobs.data?.next_cursor)}
        onPage={(page) => void navigate({ to: '/settings/$section', params: { section: 'jobs' }, search: { ...search, ...page } as SettingsSearch })}
        error={jobs.error}
        onRetry={() => void jobs.refetch()}
        fetching={jobs.isPlaceholderData}
        empty={state === 'dead' ? <EmptyState icon={CircleCheck} title={t('jobs.noneDead')} text={t('jobs.noneDeadText')} /> : <EmptyState icon={ListTodo} title={t(`jobs.none.${state}`)} />}
      />
      <ConfirmDialog
        opened={discarding !== null}
        onClose={() => setDiscarding(null)}
        title={t('jobs.discardTitle')}
        text={t('jobs.discardText')}
        confirm={t('jobs.discard')}
        onConfirm={async () => {
          if (discarding !== null) await discardJob(discarding.id);
          notifyDone(t('jobs.discarded'));
        }}
      />
    </>
  );
}

/** Leads to what a job is about, where there is a page of it. */
function About({ job }: { job: QueueJob }) {
  const { t } = useTranslation('settings');
  const ids = Object.values(job.about).filter((id): id is string => typeof id === 'string');
  const message = ids.find((id) => id.startsWith('msg_'));
  const conversation = ids.find((id) => id.startsWith('conv_'));
  if (message !== undefined) {
    return (
      <Anchor size="xs" underline="always" renderRoot={(props) => <Link to="/messages/$messageId" params={{ messageId: message }} {...props} />}>
        {t('jobs.message')}
      </Anchor>
    );
  }
  if (conversation !== undefined) {
    return (
      <Anchor size="xs" underline="always" renderRoot={(props) => <Link to="/inbox/$conversationId" params={{ conversationId: conversation }} {...props} />}>
        {t('jobs.conversation')}
      </Anchor>
    );
  }
  return null;
}
