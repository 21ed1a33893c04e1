// Who waits for a time that is not free, who came first first. A freed time is offered to them by itself; here it is
// seen, and done out of turn.

import type { WaitingEntry, WaitingStatus } from '@frontdesk/api-client';
import { ActionIcon, Anchor, Button, Group, NativeSelect, Text, Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { CalendarPlus, CircleCheckBig, CircleX, Clock, Hourglass, Plus, SearchX, UserMinus, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { useShortcuts } from '../../app/shortcuts';
import { ConfirmDialog } from '../../ui/ConfirmButton';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { pagerOf } from '../../ui/pager';
import { Person } from '../../ui/Person';
import { StatusBadge } from '../../ui/StatusBadge';
import { dayOf, useFormatTime, useNow, useZone } from '../../ui/time';
import { notifyDone } from '../../ui/toast';
import { useWhen } from '../booking/BookingTime';
import { bookingTypesQuery, useBookingTypes, useStaff } from '../booking/queries';
import { JoinDialog } from './JoinDialog';
import { OfferDialog } from './OfferDialog';
import { leave, waitingQuery } from './queries';
import { OPEN, SHOWN, waitingListRoute, waitingSearch, type Shown } from './routes';
import { useSpan } from './span';
import classes from './WaitingList.module.css';

const LOOKS: Record<WaitingStatus, { color: string; icon: LucideIcon }> = {
  waiting: { color: 'orange', icon: Hourglass },
  offered: { color: 'brand', icon: Clock },
  booked: { color: 'teal', icon: CircleCheckBig },
  closed: { color: 'gray', icon: CircleX },
};

export function WaitingListPage() {
  const { t } = useTranslation('waiting-list');
  const search = waitingListRoute.useSearch();
  const navigate = useNavigate();
  const mayWrite = useCan('bookings:write');
  const types = useQuery(bookingTypesQuery).data ?? [];
  const waiting = useQuery({ ...waitingQuery(search), placeholderData: keepPreviousData });
  const [joining, setJoining] = useState(false);
  const columns = useColumns(mayWrite);
  const filtered = search.show !== undefined || search.type !== undefined;
  /** What is shown now, but for a change; from its first page. */
  const but = (change: { show?: Shown; type?: string }) => {
    const { show, type } = { show: search.show, type: search.type, ...change };
    const next = waitingSearch({ show, type });
    void navigate({ to: '/waiting-list', search: next, replace: true });
  };
  useShortcuts(mayWrite ? [{ keys: 'n', label: t('add'), group: t('title'), run: () => setJoining(true) }] : []);
  const add = (
    <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setJoining(true)}>
      {t('add')}
    </Button>
  );
  return (
    <PageBody>
      <PageHeader title={t('title')} subtitle={t('subtitle')} actions={mayWrite && add} />
      <DataTable
        label={t('title')}
        columns={columns}
        rows={waiting.data?.items}
        rowId={({ id }) => id}
        pager={pagerOf(search, waiting.data?.next_cursor)}
        onPage={(page) => void navigate({ to: '/waiting-list', search: { ...waitingSearch({ show: search.show, type: search.type }), ...page } })}
        total={waiting.data?.total}
        error={waiting.error}
        onRetry={() => void waiting.refetch()}
        fetching={waiting.isPlaceholderData}
        toolbar={
          <Group gap="xs">
            <NativeSelect
              aria-label={t('show.label')}
              flex="1 1 150px"
              maw={220}
              data={SHOWN.map((value) => ({ value, label: t(`show.${value}`) }))}
              value={search.show ?? 'open'}
              onChange={(event) => but({ show: event.currentTarget.value as Shown })}
            />
            {types.length > 1 && (
              <NativeSelect
                aria-label={t('column.type')}
                flex="1 1 150px"
                maw={220}
                data={[{ value: '', label: t('anyType') }, ...types.map(({ id, name }) => ({ value: id, label: name }))]}
                value={search.type ?? ''}
                onChange={(event) => but({ type: event.currentTarget.value })}
              />
            )}
          </Group>
        }
        empty={
          filtered ? (
            <EmptyState
              icon={SearchX}
              title={t('empty.filtered')}
              action={
                <Button variant="default" onClick={() => but({ show: 'open', type: '' })}>
                  {t('empty.clear')}
                </Button>
              }
            />
          ) : (
            <EmptyState icon={Hourglass} title={t('empty.title')} text={t('empty.text')} {...(mayWrite ? { action: add } : {})} />
          )
        }
      />
      {joining && <JoinDialog onClose={() => setJoining(false)} />}
    </PageBody>
  );
}

function useColumns(mayWrite: boolean): Column<WaitingEntry>[] {
  const { t } = useTranslation('waiting-list');
  const zone = useZone();
  const now = useNow();
  const format = useFormatTime();
  const span = useSpan();
  const when = useWhen();
  const types = useBookingTypes();
  const staff = useStaff();
  // A table with little room: how long somebody has waited gives way, the order of the list says who was first.
  const narrow = useMediaQuery('(min-width: 60em) and (max-width: 75em)', false, { getInitialValueInEffect: false });
  const columns: Column<WaitingEntry>[] = [
    {
      key: 'name',
      header: t('column.customer'),
      phone: 'head',
      cell: (entry) => (
        <Anchor c="inherit" renderRoot={(props) => <Link to="/contacts/$contactId" params={{ contactId: entry.contact_id }} {...props} />}>
          <Person name={entry.name === '' ? t('common:contact.unknown') : entry.name} detail={entry.email ?? entry.phone} />
        </Anchor>
      ),
    },
    {
      key: 'type',
      header: t('column.type'),
      cell: (entry) => (
        <>
          <Text size="sm">{types.get(entry.type_id)?.name ?? '–'}</Text>
          <Text size="xs" c="dimmed" className={classes.line}>
            {narrow && span(entry)}
            {narrow && <br />}
            {typeof entry.staff_id === 'string' ? (staff.get(entry.staff_id)?.name ?? '') : t('anyone')}
          </Text>
        </>
      ),
    },
    { key: 'wanted', header: t('column.wanted'), cell: (entry) => <span className={classes.line}>{span(entry)}</span> },
    {
      key: 'status',
      header: t('column.status'),
      cell: (entry) => (
        <>
          <StatusBadge look={LOOKS[entry.status]} label={t(`status.${entry.status}`)} miw="max-content" />
          {entry.status === 'offered' && entry.offer !== null && entry.offer !== undefined && (
            <Text size="xs" c="dimmed" mt={4}>
              {when(entry.offer)}
              <br />
              {t('until', { until: format(entry.offer.expires_at, dayOf(entry.offer.expires_at, zone) === dayOf(new Date(now), zone) ? 'time' : 'datetime') })}
            </Text>
          )}
        </>
      ),
    },
    { key: 'since', header: t('column.since'), cell: (entry) => <span className={classes.line}>{format(entry.created_at, 'datetime')}</span> },
    ...(mayWrite ? [{ key: 'actions', header: t('actions'), headerHidden: true, align: 'right' as const, cell: (entry: WaitingEntry) => <Actions entry={entry} /> }] : []),
  ];
  return narrow ? columns.filter(({ key }) => key !== 'since' && key !== 'wanted') : columns;
}

function Actions({ entry }: { entry: WaitingEntry }) {
  const { t } = useTranslation('waiting-list');
  const [dialog, setDialog] = useState<'offer' | 'leave' | null>(null);
  const close = () => setDialog(null);
  if (!OPEN.includes(entry.status)) return null;
  return (
    <>
      <Group gap={6} wrap="nowrap" justify="flex-end">
        {entry.status === 'waiting' && (
          <Button variant="default" size="xs" leftSection={<CalendarPlus size={15} aria-hidden />} aria-label={t('offer.title', { name: entry.name })} onClick={() => setDialog('offer')}>
            {t('offer.action')}
          </Button>
        )}
        <Tooltip label={t('leave.action')}>
          <ActionIcon size={30} color="gray" aria-label={t('leave.of', { name: entry.name })} onClick={() => setDialog('leave')}>
            <UserMinus size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Group>
      {dialog === 'offer' && <OfferDialog entry={entry} onClose={close} />}
      <ConfirmDialog
        opened={dialog === 'leave'}
        onClose={close}
        title={t('leave.title', { name: entry.name })}
        text={entry.status === 'offered' ? t('leave.offered') : t('leave.text')}
        confirm={t('leave.action')}
        onConfirm={async () => {
          await leave(entry.id);
          notifyDone(t('leave.done', { name: entry.name }));
        }}
      />
    </>
  );
}
