// What the team has to do about contacts, as workflows asked for it.

import type { Task } from '@frontdesk/api-client';
import { Anchor, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ListTodo } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCan, useMembers } from '../../app/session';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { pagerOf } from '../../ui/pager';
import { Person } from '../../ui/Person';
import { TimeText } from '../../ui/TimeText';
import { workflowsQuery } from '../workflows/queries';
import { DoneButton, Due } from './DoneButton';
import { tasksQuery } from './queries';
import { tasksRoute, type TasksSearch } from './routes';
import classes from './Tasks.module.css';

export function TasksPage() {
  const { t } = useTranslation('tasks');
  const search = tasksRoute.useSearch();
  const navigate = useNavigate();
  const done = search.done === true;
  const tasks = useQuery({ ...tasksQuery({ done, cursor: search.trail?.at(-1) }), placeholderData: keepPreviousData });
  return (
    <PageBody>
      <PageHeader title={t('title')} subtitle={t('subtitle')} />
      <nav className={classes.tabs} aria-label={t('filter')}>
        <Tab done={undefined} current={!done} label={t('open')} />
        <Tab done current={done} label={t('done')} />
      </nav>
      <DataTable
        label={t('title')}
        columns={useColumns(done)}
        rows={tasks.data?.items}
        rowId={({ id }) => id}
        pager={pagerOf(search, tasks.data?.next_cursor)}
        onPage={({ trail }) => void navigate({ to: '/tasks', search: { ...(done ? { done } : {}), ...(trail === undefined ? {} : { trail }) } })}
        error={tasks.error}
        onRetry={() => void tasks.refetch()}
        fetching={tasks.isPlaceholderData}
        empty={<EmptyState icon={ListTodo} title={t(done ? 'empty.done' : 'empty.open')} text={t(done ? 'empty.doneText' : 'empty.openText')} />}
      />
    </PageBody>
  );
}

function Tab({ done, current, label }: { done: true | undefined; current: boolean; label: string }) {
  return (
    <Link to="/tasks" search={{ done } as TasksSearch} replace activeOptions={{ includeSearch: true, explicitUndefined: true }} className={classes.tab} aria-current={current ? 'page' : undefined}>
      {label}
    </Link>
  );
}

function useColumns(done: boolean): Column<Task>[] {
  const { t } = useTranslation('tasks');
  const members = useMembers();
  const mayWrite = useCan('contacts:write');
  const workflows = useQuery(workflowsQuery).data;
  const when: Column<Task> = done
    ? {
        key: 'done',
        header: t('column.done'),
        cell: ({ done_at: at, done_by: by }) => (
          <div>
            {typeof at === 'string' && <TimeText at={at} size="sm" />}
            {typeof by === 'string' && (
              <Text size="xs" c="dimmed">
                {members.get(by)?.name}
              </Text>
            )}
          </div>
        ),
      }
    : { key: 'due', header: t('column.due'), cell: ({ due_at: at }) => <Due at={at} /> };
  return [
    {
      key: 'title',
      header: t('column.title'),
      phone: 'head',
      cell: ({ title, workflow_id: id }) => (
        <div className={classes.title}>
          <Text size="sm" fw={550}>
            {title}
          </Text>
          {typeof id === 'string' && <WorkflowLink id={id} name={workflows?.find((each) => each.id === id)?.settings.name} />}
        </div>
      ),
    },
    {
      key: 'contact',
      header: t('column.contact'),
      cell: ({ contact_id: id, contact_name: name }) => (
        <Link to="/contacts/$contactId" params={{ contactId: id }} className={classes.contact}>
          <Person size={28} name={name === '' ? t('common:contact.unknown') : name} />
        </Link>
      ),
    },
    when,
    ...(mayWrite ? [{ key: 'act', header: t('column.act'), headerHidden: true, align: 'right' as const, cell: (task: Task) => <DoneButton task={task} /> }] : []),
  ];
}

function WorkflowLink({ id, name }: { id: string; name: string | undefined }) {
  if (name === undefined) return null;
  return (
    <Anchor size="xs" c="dimmed" renderRoot={(props) => <Link to="/workflows/$workflowId" params={{ workflowId: id }} {...props} />}>
      {name}
    </Anchor>
  );
}
