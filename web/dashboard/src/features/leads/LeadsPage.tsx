import type { Lead, LeadStatus } from '@frontdesk/api-client';
import { ActionIcon, Button, Group, NativeSelect, SegmentedControl, Text, Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { MessageCircle, SearchX, Sparkle } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { Person } from '../../ui/Person';
import { pagerOf } from '../../ui/pager';
import { SearchField } from '../../ui/SearchField';
import { TimeText } from '../../ui/TimeText';
import { AssigneeField, Score, StatusField } from './LeadFields';
import classes from './Leads.module.css';
import { leadsQuery, STATUSES } from './queries';
import { leadsRoute, type LeadsSearch } from './routes';

export function LeadsPage() {
  const { t } = useTranslation('leads');
  const search = leadsRoute.useSearch();
  const navigate = useNavigate();
  const phone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const leads = useQuery({ ...leadsQuery(search), placeholderData: keepPreviousData });
  const go = (change: Partial<Record<keyof LeadsSearch, unknown>>) =>
    void navigate({ to: '/leads', search: { ...search, trail: undefined, ...change } as LeadsSearch, replace: true });
  const statuses = [{ value: '', label: t('all') }, ...STATUSES.map((value) => ({ value: value as string, label: t(`common:status.lead.${value}`) }))];
  const setStatus = (value: string) => go({ status: value === '' ? undefined : (value as LeadStatus) });
  const filtered = search.q !== undefined || search.status !== undefined;
  return (
    <PageBody>
      <PageHeader
        title={t('title')}
        subtitle={typeof leads.data?.total === 'number' ? t('count', { count: leads.data.total }) : t('subtitle')}
      />
      <DataTable
        label={t('title')}
        columns={useColumns(search)}
        rows={leads.data?.items}
        rowId={(lead) => lead.id}
        onOpen={(lead) => void navigate({ to: '/leads/$leadId', params: { leadId: lead.id }, search })}
        pager={pagerOf(search, leads.data?.next_cursor)}
        onPage={(page) => void navigate({ to: '/leads', search: { ...search, ...page } })}
        total={leads.data?.total}
        error={leads.error}
        onRetry={() => void leads.refetch()}
        fetching={leads.isPlaceholderData}
        toolbar={
          <Group gap="xs">
            <SearchField label={t('search')} value={search.q ?? ''} onSearch={(q) => go({ q: q === '' ? undefined : q })} flex={1} miw={180} maw={360} />
            {phone ? (
              <NativeSelect aria-label={t('filter')} data={statuses} value={search.status ?? ''} onChange={(event) => setStatus(event.currentTarget.value)} />
            ) : (
              <SegmentedControl aria-label={t('filter')} data={statuses} value={search.status ?? ''} onChange={setStatus} />
            )}
          </Group>
        }
        empty={
          filtered ? (
            <EmptyState
              icon={SearchX}
              title={t('empty.filtered')}
              action={
                <Button variant="default" onClick={() => go({ q: undefined, status: undefined })}>
                  {t('empty.clear')}
                </Button>
              }
            />
          ) : (
            <EmptyState icon={Sparkle} title={t('empty.title')} text={t('empty.text')} />
          )
        }
      />
      <Outlet />
    </PageBody>
  );
}

function useColumns(search: LeadsSearch): Column<Lead>[] {
  const { t } = useTranslation('leads');
  const readOnly = !useCan('leads:write');
  return [
    {
      key: 'name',
      header: t('column.name'),
      phone: 'head',
      cell: (lead) => (
        <Link to="/leads/$leadId" params={{ leadId: lead.id }} search={search} className={classes.name}>
          <Person name={lead.name === '' ? t('common:contact.unknown') : lead.name} detail={lead.phone ?? lead.email} />
        </Link>
      ),
    },
    {
      key: 'need',
      header: t('column.need'),
      cell: (lead) => (
        <Text size="sm" lineClamp={2} miw={160} maw={280} style={{ overflowWrap: 'anywhere' }}>
          {lead.need === '' ? t('noNeed') : lead.need}
        </Text>
      ),
    },
    { key: 'status', header: t('column.status'), cell: (lead) => <StatusField lead={lead} readOnly={readOnly} /> },
    { key: 'score', header: t('column.score'), cell: (lead) => <Score lead={lead} /> },
    { key: 'assignee', header: t('column.assignee'), cell: (lead) => <AssigneeField lead={lead} readOnly={readOnly} /> },
    {
      key: 'created',
      header: t('column.created'),
      cell: (lead) => <TimeText at={lead.created_at} as="short" size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }} />,
    },
    {
      key: 'open',
      header: t('column.open'),
      headerHidden: true,
      phone: 'none',
      cell: (lead) =>
        typeof lead.conversation_id === 'string' ? <ConversationButton id={lead.conversation_id} label={t('openOf', { name: lead.name })} /> : null,
    },
  ];
}

function ConversationButton({ id, label }: { id: string; label: string }) {
  return (
    <Tooltip label={label}>
      <ActionIcon size={30} aria-label={label} renderRoot={(props) => <Link to="/inbox/$conversationId" params={{ conversationId: id }} {...props} />}>
        <MessageCircle size={16} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
