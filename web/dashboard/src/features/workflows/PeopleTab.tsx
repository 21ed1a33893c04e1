// Who is, or was, on the way through a workflow.

import type { Enrolment, Workflow } from '@frontdesk/api-client';
import { Button, Group, NativeSelect, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { SearchX, UserPlus, UsersRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { pagerOf } from '../../ui/pager';
import { Person } from '../../ui/Person';
import { TimeText } from '../../ui/TimeText';
import { AddContactsDialog } from './AddContactsDialog';
import { EnrolmentDrawer } from './EnrolmentDrawer';
import { enrolmentsQuery } from './queries';
import { ENROLMENT_STATES, workflowRoute, type WorkflowSearch } from './routes';
import { useSay } from './say';
import { EnrolmentBadge } from './WorkflowBadge';
import classes from './Workflows.module.css';

type Change = { [Key in keyof WorkflowSearch]?: WorkflowSearch[Key] | undefined };

const clean = (search: Change): WorkflowSearch => Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as WorkflowSearch;

export function PeopleTab({ workflow, mayWrite }: { workflow: Workflow; mayWrite: boolean }) {
  const { t } = useTranslation('workflows');
  const search = workflowRoute.useSearch();
  const navigate = useNavigate();
  const say = useSay();
  const [adding, { open: add, close: stopAdding }] = useDisclosure(false);
  const people = useQuery({ ...enrolmentsQuery(workflow.id, search), placeholderData: keepPreviousData });
  const { steps } = workflow.settings;
  const to = (change: Change, replace = true) =>
    void navigate({ to: '/workflows/$workflowId', params: { workflowId: workflow.id }, search: clean({ ...search, ...change }), replace, resetScroll: false });
  const filtered = search.progress !== undefined || search.step !== undefined;
  const addButton = mayWrite && workflow.state !== 'draft' && (
    <Button variant={filtered || (people.data?.items.length ?? 0) > 0 ? 'default' : 'filled'} leftSection={<UserPlus size={16} aria-hidden />} onClick={add}>
      {t('people.add')}
    </Button>
  );
  return (
    <>
      <DataTable
        label={t('tab.people')}
        columns={useColumns(workflow, search)}
        rows={people.data?.items}
        rowId={({ id }) => id}
        onOpen={({ id }) => to({ way: id }, false)}
        pager={pagerOf(search, people.data?.next_cursor)}
        onPage={({ trail }) => to({ trail }, false)}
        error={people.error}
        onRetry={() => void people.refetch()}
        fetching={people.isPlaceholderData}
        toolbar={
          <Group gap="xs">
            <NativeSelect
              aria-label={t('people.state')}
              flex={{ base: '1 1 100%', sm: 'none' }}
              data={[{ value: '', label: t('people.anyState') }, ...ENROLMENT_STATES.map((state) => ({ value: state as string, label: t(`enrolment.${state}`) }))]}
              value={search.progress ?? ''}
              onChange={(event) => to({ trail: undefined, progress: ENROLMENT_STATES.find((each) => each === event.currentTarget.value) })}
            />
            <NativeSelect
              aria-label={t('people.step')}
              flex={{ base: '1 1 100%', sm: 'none' }}
              maw={{ sm: 260 }}
              data={[{ value: '', label: t('people.anyStep') }, ...steps.map(({ id }) => ({ value: id, label: say.place(steps, id) }))]}
              value={search.step ?? ''}
              onChange={(event) => to({ trail: undefined, step: event.currentTarget.value === '' ? undefined : event.currentTarget.value })}
            />
            <Group ms={{ sm: 'auto' }}>{addButton}</Group>
          </Group>
        }
        empty={
          filtered ? (
            <EmptyState
              icon={SearchX}
              title={t('people.filtered')}
              action={
                <Button variant="default" onClick={() => to({ progress: undefined, step: undefined, trail: undefined })}>
                  {t('people.clear')}
                </Button>
              }
            />
          ) : (
            <EmptyState icon={UsersRound} title={t('people.none')} text={t(workflow.state === 'draft' ? 'people.noneDraft' : 'people.noneText')} />
          )
        }
      />
      {search.way !== undefined && <EnrolmentDrawer id={search.way} settings={workflow.settings} mayWrite={mayWrite} onClose={() => to({ way: undefined })} />}
      {adding && <AddContactsDialog workflow={workflow} onClose={stopAdding} />}
    </>
  );
}

function useColumns(workflow: Workflow, search: WorkflowSearch): Column<Enrolment>[] {
  const { t } = useTranslation('workflows');
  const say = useSay();
  return [
    {
      key: 'name',
      header: t('people.column.name'),
      phone: 'head',
      cell: ({ id, contact_name: name }) => (
        <Link to="/workflows/$workflowId" params={{ workflowId: workflow.id }} search={{ ...search, way: id }} resetScroll={false} className={classes.name}>
          <Person name={name === '' ? t('common:contact.unknown') : name} />
        </Link>
      ),
    },
    { key: 'state', header: t('people.column.state'), cell: ({ state }) => <EnrolmentBadge state={state} /> },
    {
      key: 'step',
      header: t('people.column.step'),
      cell: ({ state, step, due_at: due, reason }) =>
        state === 'active' && typeof step === 'string' ? (
          <div>
            <Text size="sm">{say.place(workflow.settings.steps, step)}</Text>
            {typeof due === 'string' && <TimeText at={due} size="xs" c="dimmed" />}
          </div>
        ) : (
          <Text size="sm" c="dimmed">
            {reason === null || reason === undefined ? '–' : t(`reason.${reason}`)}
          </Text>
        ),
    },
    { key: 'entered', header: t('people.column.entered'), cell: ({ entered_at: at }) => <TimeText at={at} as="datetime" size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }} /> },
    {
      key: 'ended',
      header: t('people.column.ended'),
      cell: ({ ended_at: at }) =>
        typeof at === 'string' ? (
          <TimeText at={at} as="datetime" size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }} />
        ) : (
          <Text size="sm" c="dimmed">
            –
          </Text>
        ),
    },
  ];
}
