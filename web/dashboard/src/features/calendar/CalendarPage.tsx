// The team's calendar. The address holds what is looked at: view, day, people, the booking that is open.

import type { Booking, CalendarView, Staff } from '@frontdesk/api-client';
import { ActionIcon, Button, Group, SegmentedControl, Skeleton, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { CalendarClock, ChevronLeft, ChevronRight, Plus, UsersRound } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { useShortcuts } from '../../app/shortcuts';
import { addDays, addMonths, civilOf, dayStart, daysOfMonth, daysOfWeek, formatDay, instantOf, isoOf } from '../../ui/civil';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { useDocumentTitle } from '../../ui/PageHeader';
import { useNow, useZone } from '../../ui/time';
import { BookingDrawer } from '../booking/BookingDrawer';
import { staffColor } from '../booking/looks';
import { NewBookingDialog, type Drafted } from '../booking/NewBookingDialog';
import { calendarQuery, staffQuery } from '../booking/queries';
import { Agenda } from './Agenda';
import classes from './Calendar.module.css';
import type { Ghost } from './drag';
import { columnsOf, NOBODY, type Column, type Shown } from './model';
import { MonthView } from './MonthView';
import { MoveQuestion, type Target } from './MoveQuestion';
import { calendarRoute, type CalendarMode, type CalendarSearch } from './routes';
import { TimeGrid } from './TimeGrid';

export function CalendarPage() {
  const { t, i18n } = useTranslation(['calendar', 'booking']);
  const search = calendarRoute.useSearch();
  const navigate = useNavigate({ from: '/calendar' });
  const zone = useZone();
  const phone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const mayWrite = useCan('bookings:write');
  const today = civilOf(useNow(), zone).day;
  const date = search.date ?? today;
  const mode: CalendarMode = search.mode ?? 'week';
  const [drafted, setDrafted] = useState<Drafted | null>(null);
  const staffList = useQuery(staffQuery);

  const days = useMemo(() => (phone || mode === 'week' ? daysOfWeek(date) : mode === 'day' ? [date] : daysOfMonth(date)), [phone, mode, date]);
  const from = isoOf(dayStart(days[0] ?? date, zone));
  const to = isoOf(dayStart(addDays(days.at(-1) ?? date, 1), zone));
  const view = useQuery({ ...calendarQuery(from, to), placeholderData: keepPreviousData });
  const chosenKey = search.staff?.join() ?? '';
  const shown = useMemo<Shown>(
    () => ({ zone, chosen: new Set(chosenKey === '' ? [] : chosenKey.split(',')), staff: staffList.data ?? [] }),
    [zone, chosenKey, staffList.data],
  );

  const go = (change: { [Key in keyof CalendarSearch]?: CalendarSearch[Key] | undefined }, replace = false) => {
    const next = Object.fromEntries(Object.entries({ ...search, ...change }).filter(([, value]) => value !== undefined)) as CalendarSearch;
    void navigate({ to: '/calendar', search: next, replace });
  };
  const goTo = (day: string) => go({ date: day === today ? undefined : day });
  const step = (count: number) => goTo(!phone && mode === 'month' ? addMonths(date, count) : addDays(date, count * (!phone && mode === 'day' ? 1 : 7)));
  // Stable, so that the blocks of a full calendar are not all drawn again.
  const open = useCallback(
    (booking: Booking) => void navigate({ to: '/calendar', search: (before) => ({ ...before, booking: booking.id }) }),
    [navigate],
  );

  const title = rangeTitle(phone ? 'week' : mode, days, date, i18n.language, today);
  useDocumentTitle(t('title'));
  const group = t('title');
  useShortcuts([
    { keys: 't', label: t('today'), group, run: () => goTo(today) },
    { keys: 'j', label: t('after'), group, run: () => step(1) },
    { keys: 'k', label: t('before'), group, run: () => step(-1) },
    { keys: 'd', label: t('view.day'), group, run: () => go({ mode: 'day' }) },
    { keys: 'w', label: t('view.week'), group, run: () => go({ mode: undefined }) },
    { keys: 'm', label: t('view.month'), group, run: () => go({ mode: 'month' }) },
    ...(mayWrite ? [{ keys: 'n', label: t('new'), group, run: () => setDrafted({}) }] : []),
    { keys: 'r', label: t('carry.help'), group, run: () => document.querySelector<HTMLElement>('[data-booking][tabindex="0"]')?.focus() },
  ]);

  const creating = drafted ?? (search.create === true ? {} : null);
  return (
    <div className={classes.page}>
      <div className={classes.toolbar}>
        <h1 className={classes.title}>
          {title}
          <small>{t('zone', { zone: zoneLabel(zone, i18n.language, date) })}</small>
        </h1>
        <Group gap={6} wrap="nowrap">
          <Button variant="default" size="xs" onClick={() => goTo(today)}>
            {t('today')}
          </Button>
          {!phone && (
            <>
              <ActionIcon size={30} aria-label={t('before')} onClick={() => step(-1)}>
                <ChevronLeft size={18} aria-hidden />
              </ActionIcon>
              <ActionIcon size={30} aria-label={t('after')} onClick={() => step(1)}>
                <ChevronRight size={18} aria-hidden />
              </ActionIcon>
            </>
          )}
        </Group>
        <div className={classes.spring} />
        {!phone && (
          <>
            <SegmentedControl
              size="xs"
              aria-label={t('view.label')}
              data={(['day', 'week', 'month'] as const).map((value) => ({ value, label: t(`view.${value}`) }))}
              value={mode}
              onChange={(value) => go({ mode: value === 'week' ? undefined : (value as CalendarMode) })}
            />
            {mayWrite && (
              <Button size="xs" leftSection={<Plus size={16} aria-hidden />} onClick={() => setDrafted({})}>
                {t('new')}
              </Button>
            )}
          </>
        )}
      </div>
      <StaffChips staff={staffList.data ?? []} chosen={shown.chosen} onChange={(ids) => go({ staff: ids.length > 0 ? ids : undefined }, true)} />
      {view.data === undefined || staffList.data === undefined ? (
        view.isError || staffList.isError ? (
          <ErrorState
            error={view.error ?? staffList.error}
            onRetry={() => {
              void view.refetch();
              void staffList.refetch();
            }}
          />
        ) : (
          <Skeleton flex={1} m="md" radius="lg" role="status" aria-label={t('common:state.loading')} />
        )
      ) : staffList.data.length === 0 && view.data.bookings.length === 0 ? (
        <NoStaff />
      ) : phone ? (
        <Agenda date={date} view={view.data} shown={shown} onDate={goTo} onOpen={open} />
      ) : mode === 'month' ? (
        <MonthView label={title} days={days} date={date} view={view.data} shown={shown} onOpen={open} />
      ) : (
        <Grid label={title} mode={mode} days={days} view={view.data} shown={shown} today={today} readOnly={!mayWrite} search={search} onOpen={open} onCreate={setDrafted} />
      )}
      {phone && mayWrite && (
        <ActionIcon variant="filled" color="brand" size={52} radius="xl" className={classes.add} aria-label={t('new')} onClick={() => setDrafted({ ...(date > today ? { start: isoOf(instantOf(date, 9 * 60, zone)) } : {}) })}>
          <Plus size={24} aria-hidden />
        </ActionIcon>
      )}
      {search.booking !== undefined && <BookingDrawer id={search.booking} onClose={() => go({ booking: undefined })} />}
      {creating !== null && (
        <NewBookingDialog
          drafted={creating}
          onClose={() => {
            setDrafted(null);
            if (search.create === true) go({ create: undefined }, true);
          }}
        />
      )}
    </div>
  );
}

interface GridProps {
  label: string;
  mode: 'day' | 'week';
  days: readonly string[];
  view: CalendarView;
  shown: Shown;
  today: string;
  readOnly: boolean;
  search: CalendarSearch;
  onOpen: (booking: Booking) => void;
  onCreate: (drafted: Drafted) => void;
}

function Grid({ label, mode, days, view, shown, today, readOnly, search, onOpen, onCreate }: GridProps) {
  const { t, i18n } = useTranslation('calendar');
  const { zone } = shown;
  const [pending, setPending] = useState<{ ghost: Ghost; booking: Booking; to: Target } | null>(null);
  const columns = useMemo(() => columnsOf(mode, days, view, shown), [mode, days, view, shown]);
  const people = new Map(shown.staff.map((member) => [member.id, member]));
  const nameOf = (column: Column) => {
    const day = formatDay(column.day, { weekday: 'long', month: 'long', day: 'numeric' }, i18n.language);
    if (column.staffId === null) return day;
    return `${people.get(column.staffId)?.name ?? t('nobody')}, ${day}`;
  };

  function onGhost(ghost: Ghost) {
    const column = columns[ghost.column];
    if (column === undefined) return;
    const start = instantOf(column.day, ghost.from, zone);
    const minutes = ghost.to - ghost.from;
    const whom = column.staffId !== null && column.staffId !== NOBODY ? column.staffId : undefined;
    const { booking } = ghost;
    if (booking === undefined) {
      const only = shown.chosen.size === 1 ? [...shown.chosen][0] : undefined;
      const staffId = whom ?? only;
      onCreate({ start: isoOf(start), minutes, ...(staffId === undefined ? {} : { staffId }) });
      return;
    }
    const long = ghost.kind === 'resize' ? minutes : (Date.parse(booking.end) - Date.parse(booking.start)) / 60_000;
    // Longer or shorter, it begins when it began, also in an hour that comes twice.
    const begins = ghost.kind === 'resize' ? Date.parse(booking.start) : start;
    const goes = whom !== undefined && booking.staff.length === 1 && booking.staff[0] !== whom ? { staffId: whom } : {};
    setPending({ ghost, booking, to: { start: isoOf(begins), end: isoOf(begins + long * 60_000), ...goes } });
  }

  return (
    <TimeGrid
      label={label}
      columns={columns}
      name={nameOf}
      header={(column) => (mode === 'week' ? <DayHead day={column.day} today={today} view={view} search={search} /> : <PersonHead member={people.get(column.staffId ?? '')} holiday={view.holidays.find(({ date }) => date === column.day)?.name} />)}
      view={view}
      shown={shown}
      readOnly={readOnly}
      pending={pending?.ghost ?? null}
      question={
        pending !== null && (
          <MoveQuestion
            booking={pending.booking}
            to={pending.to}
            others={view.bookings}
            onDone={() => {
              const { id } = pending.booking;
              setPending(null);
              // Where it is now, or still is.
              requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-booking="${id}"]`)?.focus());
            }}
          />
        )
      }
      onOpen={onOpen}
      onGhost={onGhost}
    />
  );
}

function DayHead({ day, today, view, search }: { day: string; today: string; view: CalendarView; search: CalendarSearch }) {
  const { i18n } = useTranslation('calendar');
  const holiday = view.holidays.find(({ date }) => date === day)?.name;
  return (
    <>
      <Link
        to="/calendar"
        search={{ ...search, mode: 'day', date: day }}
        className={classes.dayHead}
        data-today={day === today || undefined}
        aria-label={formatDay(day, { weekday: 'long', month: 'long', day: 'numeric' }, i18n.language)}
      >
        <span>{formatDay(day, { weekday: 'short' }, i18n.language)}</span>
        <strong>{formatDay(day, { day: 'numeric' }, i18n.language)}</strong>
      </Link>
      {holiday !== undefined && (
        <span className={classes.holiday} title={holiday}>
          {holiday}
        </span>
      )}
    </>
  );
}

function PersonHead({ member, holiday }: { member: Staff | undefined; holiday: string | undefined }) {
  const { t } = useTranslation('calendar');
  return (
    <>
      <div className={classes.person} style={{ '--who': staffColor(member) }}>
        <i aria-hidden />
        <div style={{ minWidth: 0, textAlign: 'left' }}>
          <Text size="sm" fw={600} truncate>
            {member?.name ?? t('nobody')}
          </Text>
          {member !== undefined && member.title !== '' && (
            <Text size="xs" c="dimmed" truncate>
              {member.title}
            </Text>
          )}
        </div>
      </div>
      {holiday !== undefined && <span className={classes.holiday}>{holiday}</span>}
    </>
  );
}

interface StaffChipsProps {
  staff: readonly Staff[];
  chosen: ReadonlySet<string>;
  onChange: (ids: string[]) => void;
}

function StaffChips({ staff, chosen, onChange }: StaffChipsProps) {
  const { t } = useTranslation('calendar');
  const shown = staff.filter((member) => member.active || chosen.has(member.id));
  if (shown.length < 2) return <div className={classes.chips} />;
  return (
    <div className={classes.chips} role="group" aria-label={t('filter')}>
      <UnstyledButton className={classes.chip} aria-pressed={chosen.size === 0} onClick={() => onChange([])}>
        <UsersRound size={14} aria-hidden /> {t('everybody')}
      </UnstyledButton>
      {shown.map((member) => (
        <UnstyledButton
          key={member.id}
          className={classes.chip}
          style={{ '--who': staffColor(member) }}
          aria-pressed={chosen.has(member.id)}
          onClick={() => onChange(chosen.has(member.id) ? [...chosen].filter((id) => id !== member.id) : [...chosen, member.id])}
        >
          <i aria-hidden /> {member.name}
        </UnstyledButton>
      ))}
    </div>
  );
}

function NoStaff() {
  const { t } = useTranslation('calendar');
  return (
    <EmptyState
      icon={CalendarClock}
      title={t('empty.title')}
      text={t('empty.text')}
      action={
        <Group justify="center">
          <Tooltip label={t('empty.staffHint')}>
            <Button renderRoot={(props) => <Link to="/availability/$section" params={{ section: 'staff' }} {...props} />}>{t('empty.staff')}</Button>
          </Tooltip>
          <Button variant="default" renderRoot={(props) => <Link to="/booking-types" {...props} />}>
            {t('empty.types')}
          </Button>
        </Group>
      }
    />
  );
}

function rangeTitle(mode: CalendarMode, days: readonly string[], date: string, language: string, today: string): string {
  if (mode === 'day') return formatDay(date, { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' }, language);
  if (mode === 'month') return formatDay(date, { month: 'long', year: 'numeric' }, language);
  const thisYear = days.every((day) => day.slice(0, 4) === today.slice(0, 4));
  const format = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric', ...(thisYear ? {} : { year: 'numeric' }), timeZone: 'UTC' });
  return format.formatRange(new Date(`${days[0] ?? date}T00:00:00Z`), new Date(`${days.at(-1) ?? date}T00:00:00Z`));
}

function zoneLabel(zone: string, language: string, day: string): string {
  const at = new Date(instantOf(day, 12 * 60, zone));
  const name = (style: 'shortOffset' | 'longGeneric') =>
    new Intl.DateTimeFormat(language, { timeZone: zone, timeZoneName: style }).formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? zone;
  return `${name('longGeneric')} (${name('shortOffset')})`;
}
