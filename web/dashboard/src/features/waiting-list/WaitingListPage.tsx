// Who waits for a time that is not free, who came first first. A freed time is offered to them by itself; here it is
// seen, and done out of turn.

import type { WaitingEntry, WaitingStatus } from '@frontdesk/api-client';
import { ActionIcon, Anchor, Button, Group, Menu, NativeSelect, SegmentedControl, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { CalendarPlus, CircleCheckBig, CircleX, Clock, Ellipsis, Hourglass, Plus, UserMinus, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { useShortcuts } from '../../app/shortcuts';
import { addDays, civilOf, formatDay } from '../../ui/civil';
import { ConfirmDialog } from '../../ui/ConfirmButton';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { pagerOf } from '../../ui/pager';
import { Person } from '../../ui/Person';
import { StatusBadge } from '../../ui/StatusBadge';
import { useFormatTime, useZone } from '../../ui/time';
import { notifyDone } from '../../ui/toast';
import { useWhen } from '../booking/BookingTime';
import { bookingTypesQuery, useBookingTypes, useStaff } from '../booking/queries';
import { JoinDialog } from './JoinDialog';
import { OfferDialog } from './OfferDialog';
import { leave, waitingQuery } from './queries';
import { OPEN, waitingListRoute, type WaitingSearch } from './routes';

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
  const go = (next: WaitingSearch) => void navigate({ to: '/waiting-list', search: next, replace: true });
  const filter = { ...(search.show === undefined ? {} : { show: search.show }), ...(search.type === undefined ? {} : { type: search.type }) };
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
        onPage={(page) => void navigate({ to: '/waiting-list', search: { ...filter, ...page } })}
        total={waiting.data?.total}
        error={waiting.error}
        onRetry={() => void waiting.refetch()}
        fetching={waiting.isPlaceholderData}
        toolbar={
          <Group gap="xs">
            <SegmentedControl
              aria-label={t('show.label')}
              data={[
                { value: 'open', label: t('show.open') },
                { value: 'all', label: t('show.all') },
              ]}
              value={search.show ?? 'open'}
              onChange={(show) => go({ ...(show === 'all' ? { show: 'all' } : {}), ...(search.type === undefined ? {} : { type: search.type }) })}
            />
            {types.length > 1 && (
              <NativeSelect
                aria-label={t('column.type')}
                w={200}
                data={[{ value: '', label: t('anyType') }, ...types.map(({ id, name }) => ({ value: id, label: name }))]}
                value={search.type ?? ''}
                onChange={(event) => {
                  const type = event.currentTarget.value;
                  go({ ...(search.show === undefined ? {} : { show: search.show }), ...(type === '' ? {} : { type }) });
                }}
              />
            )}
          </Group>
        }
        empty={<EmptyState icon={Hourglass} title={t('empty.title')} text={t('empty.text')} {...(mayWrite ? { action: add } : {})} />}
      />
      {joining && <JoinDialog onClose={() => setJoining(false)} />}
    </PageBody>
  );
}

function useColumns(mayWrite: boolean): Column<WaitingEntry>[] {
  const { t, i18n } = useTranslation('waiting-list');
  const zone = useZone();
  const format = useFormatTime();
  const when = useWhen();
  const types = useBookingTypes();
  const staff = useStaff();
  const day = (instant: string, shift = 0) => formatDay(addDays(civilOf(instant, zone).day, shift), { month: 'short', day: 'numeric' }, i18n.language);
  // The end is exclusive: midnight is the end of the day before.
  const span = ({ from, to }: WaitingEntry) => {
    const last = day(to, civilOf(to, zone).minutes === 0 ? -1 : 0);
    return day(from) === last ? last : `${day(from)} – ${last}`;
  };
  return [
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
          <Text size="xs" c="dimmed">
            {typeof entry.staff_id === 'string' ? (staff.get(entry.staff_id)?.name ?? '') : t('anyone')}
          </Text>
        </>
      ),
    },
    { key: 'wanted', header: t('column.wanted'), cell: span },
    {
      key: 'status',
      header: t('column.status'),
      cell: (entry) => (
        <>
          <StatusBadge look={LOOKS[entry.status]} label={t(`status.${entry.status}`)} miw="max-content" />
          {entry.status === 'offered' && entry.offer !== null && entry.offer !== undefined && (
            <Text size="xs" c="dimmed" mt={4}>
              {t('offered', { when: when(entry.offer), until: format(entry.offer.expires_at, 'time') })}
            </Text>
          )}
        </>
      ),
    },
    { key: 'since', header: t('column.since'), cell: (entry) => format(entry.created_at, 'datetime') },
    ...(mayWrite ? [{ key: 'more', header: t('more'), headerHidden: true, align: 'right' as const, cell: (entry: WaitingEntry) => <More entry={entry} /> }] : []),
  ];
}

function More({ entry }: { entry: WaitingEntry }) {
  const { t } = useTranslation('waiting-list');
  const [dialog, setDialog] = useState<'offer' | 'leave' | null>(null);
  const close = () => setDialog(null);
  if (!OPEN.includes(entry.status)) return null;
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon size={32} aria-label={t('moreOf', { name: entry.name })}>
            <Ellipsis size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {entry.status === 'waiting' && (
            <Menu.Item leftSection={<CalendarPlus size={15} aria-hidden />} onClick={() => setDialog('offer')}>
              {t('offer.action')}
            </Menu.Item>
          )}
          <Menu.Item color="red" leftSection={<UserMinus size={15} aria-hidden />} onClick={() => setDialog('leave')}>
            {t('leave.action')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
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
