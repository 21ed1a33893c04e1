import type { Booking } from '@frontdesk/api-client';
import { Button, Group, MultiSelect, NativeSelect, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { CalendarDays, CalendarPlus, Plus, SearchX } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan, useMe, useMembership } from '../../app/session';
import { useSwitchWorkspace } from '../../app/shell/useSwitchWorkspace';
import { useShortcuts } from '../../app/shortcuts';
import { civilOf } from '../../ui/civil';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { pagerOf } from '../../ui/pager';
import { Person } from '../../ui/Person';
import { SearchField } from '../../ui/SearchField';
import { useFormatTime, useNow, useZone } from '../../ui/time';
import { BookingBadge } from '../booking/BookingBadge';
import { timeRange } from '../booking/BookingTime';
import { DayField } from '../booking/fields';
import { staffNames, STATUSES } from '../booking/looks';
import { NewBookingDialog } from '../booking/NewBookingDialog';
import { bookingsQuery, bookingTypesQuery, staffQuery, useBookingTypes, useStaff } from '../booking/queries';
import classes from './Bookings.module.css';
import { rangeOf, usualSort } from './range';
import { ViewsMenu } from './ViewsMenu';
import { bookingsRoute, filtersElsewhere, PAGE_SIZES, PRESETS, type BookingsSearch, type Preset } from './routes';

type Change = { [Key in keyof BookingsSearch]?: BookingsSearch[Key] | undefined };

export function BookingsPage() {
  const { t } = useTranslation(['bookings', 'booking']);
  const search = bookingsRoute.useSearch();
  const navigate = useNavigate();
  const zone = useZone();
  const mayWrite = useCan('bookings:write');
  const [creating, setCreating] = useState(false);
  // To the hour, so that the question stays the same while one looks.
  const hour = new Date(Math.floor(useNow() / 3_600_000) * 3_600_000).toISOString().replace('.000Z', 'Z');
  const today = civilOf(hour, zone).day;
  const sort = search.sort ?? usualSort(search.when);
  const size = search.size ?? 50;
  const filter = useMemo(
    () => ({
      q: search.q,
      status: search.status?.join(),
      type: search.type?.join(),
      staff: search.staff?.join(),
      ...rangeOf(search, today, hour, zone),
      sort,
      cursor: search.trail?.at(-1),
      limit: size,
    }),
    [search, today, hour, zone, sort, size],
  );
  const bookings = useQuery({ ...bookingsQuery(filter), placeholderData: keepPreviousData });
  const clean = (change: Change) => Object.fromEntries(Object.entries({ ...search, trail: undefined, ...change }).filter(([, value]) => value !== undefined)) as BookingsSearch;
  const go = (change: Change) => void navigate({ to: '/bookings', search: clean(change), replace: true });
  const filtered = search.q !== undefined || search.status !== undefined || search.type !== undefined || search.staff !== undefined || search.when !== undefined;
  useShortcuts(mayWrite ? [{ keys: 'n', label: t('new'), group: t('title'), run: () => setCreating(true) }] : []);
  const total = bookings.data?.total;
  return (
    <PageBody>
      <PageHeader
        title={t('title')}
        subtitle={typeof total === 'number' ? t('count', { count: total }) : t('subtitle')}
        actions={
          <>
            <ViewsMenu search={search} onOpen={(wanted) => void navigate({ to: '/bookings', search: wanted })} />
            <Button variant="default" visibleFrom="xs" leftSection={<CalendarDays size={16} aria-hidden />} renderRoot={(props) => <Link to="/calendar" {...props} />}>
              {t('calendar')}
            </Button>
            {mayWrite && (
              <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setCreating(true)}>
                {t('new')}
              </Button>
            )}
          </>
        }
      />
      <DataTable
        label={t('title')}
        columns={useColumns(search)}
        rows={bookings.data?.items}
        rowId={(booking) => booking.id}
        onOpen={(booking) => void navigate({ to: '/bookings/$bookingId', params: { bookingId: booking.id }, search })}
        sort={sort}
        onSort={(by) => go({ sort: by === usualSort(search.when) ? undefined : (by as 'start' | '-start') })}
        pager={pagerOf(search, bookings.data?.next_cursor)}
        onPage={(page) => void navigate({ to: '/bookings', search: clean({ ...page, trail: page.trail }) })}
        total={total}
        error={bookings.error}
        onRetry={() => void bookings.refetch()}
        fetching={bookings.isPlaceholderData}
        toolbar={<Filters search={search} onChange={go} />}
        empty={
          filtered ? (
            <EmptyState
              icon={SearchX}
              title={t('empty.filtered')}
              action={
                <Button variant="default" onClick={() => go({ q: undefined, status: undefined, type: undefined, staff: undefined, when: undefined, from: undefined, to: undefined })}>
                  {t('empty.clear')}
                </Button>
              }
            />
          ) : (
            <EmptyState icon={CalendarPlus} title={t('empty.title')} text={t('empty.text')} {...(mayWrite ? { action: <Button onClick={() => setCreating(true)}>{t('new')}</Button> } : {})} />
          )
        }
      />
      {(bookings.data?.next_cursor !== undefined || search.size !== undefined || (total ?? 0) > PAGE_SIZES[0]) && (
        <Group justify="flex-end" mt="sm" gap="xs">
          <NativeSelect
            label={t('size')}
            classNames={{ root: classes.size ?? '' }}
            size="xs"
            data={PAGE_SIZES.map(String)}
            value={String(size)}
            onChange={(event) => go({ size: Number(event.currentTarget.value) === 50 ? undefined : Number(event.currentTarget.value) })}
          />
        </Group>
      )}
      <Outlet />
      {creating && <NewBookingDialog onClose={() => setCreating(false)} />}
    </PageBody>
  );
}

function Filters({ search, onChange }: { search: BookingsSearch; onChange: (change: Change) => void }) {
  const { t } = useTranslation(['bookings', 'booking']);
  const types = useQuery(bookingTypesQuery).data ?? [];
  const staff = useQuery(staffQuery).data ?? [];
  const some = (values: string[]) => (values.length > 0 ? values : undefined);
  return (
    <Group gap="xs" align="flex-end">
      <WorkspaceChoice search={search} />
      <SearchField label={t('search')} value={search.q ?? ''} onSearch={(q) => onChange({ q: q === '' ? undefined : q })} flex={2} miw={200} />
      <NativeSelect
        aria-label={t('when.label')}
        w={150}
        data={PRESETS.map((value) => ({ value, label: t(`when.${value}`) }))}
        value={search.when ?? 'upcoming'}
        onChange={(event) => {
          const when = event.currentTarget.value as Preset;
          onChange({ when: when === 'upcoming' ? undefined : when, sort: undefined, ...(when === 'custom' ? {} : { from: undefined, to: undefined }) });
        }}
      />
      {search.when === 'custom' && (
        <>
          <DayField optional aria-label={t('when.from')} value={search.from ?? ''} onChange={(from) => onChange({ from: from === '' ? undefined : from })} />
          <DayField optional aria-label={t('when.to')} value={search.to ?? ''} onChange={(to) => onChange({ to: to === '' ? undefined : to })} />
        </>
      )}
      <Choice
        label={t('filter.status')}
        data={STATUSES.map((value) => ({ value, label: t(`booking:status.${value}`) }))}
        value={search.status ?? []}
        onChange={(status) => onChange({ status: some(status) as BookingsSearch['status'] | undefined })}
      />
      {types.length > 1 && <Choice label={t('filter.type')} data={types.map(({ id, name }) => ({ value: id, label: name }))} value={search.type ?? []} onChange={(type) => onChange({ type: some(type) })} />}
      {staff.length > 1 && <Choice label={t('filter.staff')} data={staff.map(({ id, name }) => ({ value: id, label: name }))} value={search.staff ?? []} onChange={(ids) => onChange({ staff: some(ids) })} />}
    </Group>
  );
}

/** The business whose bookings are listed, for those who belong to several: the whole tab moves there. */
function WorkspaceChoice({ search }: { search: BookingsSearch }) {
  const { t } = useTranslation('bookings');
  const { workspaces } = useMe();
  const current = useMembership();
  const switchTo = useSwitchWorkspace();
  if (workspaces.length < 2 || current === undefined) return null;
  return (
    <NativeSelect
      aria-label={t('filter.workspace')}
      w={190}
      data={workspaces.map(({ id, name }) => ({ value: id, label: name }))}
      value={current.id}
      onChange={(event) => void switchTo(event.currentTarget.value, { to: '/bookings', search: filtersElsewhere(search) })}
    />
  );
}

interface ChoiceProps {
  label: string;
  data: { value: string; label: string }[];
  value: string[];
  onChange: (value: string[]) => void;
}

function Choice({ label, data, value, onChange }: ChoiceProps) {
  return <MultiSelect aria-label={label} placeholder={value.length === 0 ? label : ''} flex={1} miw={150} maw={280} clearable searchable={data.length > 8} data={data} value={value} onChange={onChange} />;
}

function useColumns(search: BookingsSearch): Column<Booking>[] {
  const { t, i18n } = useTranslation(['bookings', 'booking']);
  const zone = useZone();
  const format = useFormatTime();
  const staff = useStaff();
  const types = useBookingTypes();
  const narrow = useMediaQuery('(max-width: 75em)', false, { getInitialValueInEffect: false });
  const thisYear = civilOf(useNow(), zone).day.slice(0, 4);
  const columns: Column<Booking>[] = [
    {
      key: 'name',
      header: t('column.customer'),
      phone: 'head',
      cell: (booking) => (
        <Link to="/bookings/$bookingId" params={{ bookingId: booking.id }} search={search} className={classes.name}>
          <Person name={booking.name === '' ? t('common:contact.unknown') : booking.name} detail={booking.phone ?? booking.email} />
        </Link>
      ),
    },
    {
      key: 'start',
      header: t('column.when'),
      sort: 'start',
      cell: (booking) => (
        <>
          <Text size="sm" fw={550} style={{ whiteSpace: 'nowrap' }} className="begins-line">
            {new Intl.DateTimeFormat(i18n.language, {
              weekday: 'short',
              month: 'short',
              day: 'numeric',
              ...(civilOf(booking.start, zone).day.startsWith(thisYear) ? {} : { year: 'numeric' }),
              timeZone: zone,
            }).format(new Date(booking.start))}
          </Text>
          <Text size="xs" c="dimmed" className="tabular" style={{ whiteSpace: 'nowrap' }}>
            {timeRange(booking.start, booking.end, i18n.language, zone)}
          </Text>
        </>
      ),
    },
    {
      key: 'type',
      header: t('column.type'),
      cell: (booking) => (
        <Group gap={8} wrap="nowrap" justify="inherit">
          <i className={classes.swatch} style={{ background: types.get(booking.type_id)?.color ?? '#6b7280' }} aria-hidden />
          <Text size="sm" lineClamp={2}>
            {booking.type_name}
          </Text>
        </Group>
      ),
    },
    { key: 'staff', header: t('column.staff'), cell: (booking) => staffNames(booking, staff) },
    { key: 'status', header: t('column.status'), cell: (booking) => <BookingBadge booking={booking} miw="max-content" /> },
    {
      key: 'source',
      header: t('column.source'),
      phone: 'none',
      cell: (booking) => (
        <>
          <Text size="sm">{t(`booking:source.${booking.source}`)}</Text>
          <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
            {format(booking.created_at, 'date')}
          </Text>
        </>
      ),
    },
  ];
  // Where it is narrow, the drawer says who booked.
  return narrow ? columns.filter(({ key }) => key !== 'source') : columns;
}
