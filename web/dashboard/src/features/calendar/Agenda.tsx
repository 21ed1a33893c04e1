// The calendar on a phone: a strip of days and the bookings of one of them.

import type { Booking, CalendarView } from '@frontdesk/api-client';
import { ActionIcon, Alert, Group, UnstyledButton } from '@mantine/core';
import { CalendarCheck2, CalendarOff, ChevronLeft, ChevronRight } from 'lucide-react';
import { Fragment, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { addDays, civilOf, daysOfWeek, formatDay, formatMinutes } from '../../ui/civil';
import { EmptyState } from '../../ui/EmptyState';
import { groupBy } from '../../ui/group';
import { useFormatTime, useNow } from '../../ui/time';
import { BookingBadge } from '../booking/BookingBadge';
import { durationText, isOpen, minutesLong, staffColor, staffNames } from '../booking/looks';
import { useStaff } from '../booking/queries';
import classes from './Calendar.module.css';
import { isWanted, type Shown } from './model';

interface AgendaProps {
  date: string;
  view: CalendarView;
  shown: Shown;
  onDate: (day: string) => void;
  onOpen: (booking: Booking) => void;
}

export function Agenda({ date, view, shown, onDate, onOpen }: AgendaProps) {
  const { t, i18n } = useTranslation('calendar');
  const byDay = useMemo(
    () => groupBy(view.bookings.filter((booking) => isWanted(booking, shown.chosen)), (booking) => civilOf(booking.start, shown.zone).day),
    [view, shown],
  );
  const now = useNow();
  const today = civilOf(now, shown.zone);
  const bookings = byDay.get(date) ?? [];
  const holiday = view.holidays.find((each) => each.date === date);
  // The line of now stands before the first that has not begun.
  const at = date === today.day ? bookings.findIndex((booking) => Date.parse(booking.start) > now) : -1;
  return (
    <>
      <div className={classes.strip}>
        <ActionIcon size={32} aria-label={t('before')} onClick={() => onDate(addDays(date, -7))}>
          <ChevronLeft size={18} aria-hidden />
        </ActionIcon>
        {daysOfWeek(date).map((day) => {
          const count = byDay.get(day)?.length ?? 0;
          return (
            <UnstyledButton
              key={day}
              className={classes.stripDay}
              aria-pressed={day === date}
              data-today={day === today.day || undefined}
              data-booked={count > 0 || undefined}
              aria-label={`${formatDay(day, { weekday: 'long', month: 'long', day: 'numeric' }, i18n.language)}, ${t('count', { count })}`}
              onClick={() => onDate(day)}
            >
              <span>{formatDay(day, { weekday: 'narrow' }, i18n.language)}</span>
              <strong>{formatDay(day, { day: 'numeric' }, i18n.language)}</strong>
              <i aria-hidden />
            </UnstyledButton>
          );
        })}
        <ActionIcon size={32} aria-label={t('after')} onClick={() => onDate(addDays(date, 7))}>
          <ChevronRight size={18} aria-hidden />
        </ActionIcon>
      </div>
      <div className={classes.agenda}>
        {holiday !== undefined && (
          <Alert color="orange" icon={<CalendarOff size={18} aria-hidden />}>
            {holiday.name}
          </Alert>
        )}
        {bookings.length === 0 ? (
          <EmptyState compact icon={CalendarCheck2} title={t('agenda.empty')} text={t('agenda.emptyText')} />
        ) : (
          <ul className={classes.entries} aria-label={t('agenda.label')}>
            {bookings.map((booking, index) => (
              <Fragment key={booking.id}>
                {index === at && <NowRule>{formatMinutes(today.minutes, i18n.language)}</NowRule>}
                <li>
                  <Entry booking={booking} onOpen={onOpen} />
                </li>
              </Fragment>
            ))}
          </ul>
        )}
      </div>
    </>
  );
}

function NowRule({ children }: { children: ReactNode }) {
  return <li className={classes.nowRule}>{children}</li>;
}

function Entry({ booking, onOpen }: { booking: Booking; onOpen: (booking: Booking) => void }) {
  const { t, i18n } = useTranslation('calendar');
  const format = useFormatTime();
  const staff = useStaff();
  const names = staffNames(booking, staff);
  return (
    <UnstyledButton
      className={classes.entry}
      data-done={!isOpen(booking.status) || undefined}
      style={{ '--who': staffColor(staff.get(booking.staff[0] ?? '')) }}
      onClick={() => onOpen(booking)}
    >
      <time dateTime={booking.start}>
        {format(booking.start, 'time')}
        <small>{durationText(minutesLong(booking), i18n.language, 'narrow')}</small>
      </time>
      <div style={{ minWidth: 0 }}>
        <Group justify="space-between" gap={4}>
          <strong>{booking.name === '' ? t('common:contact.unknown') : booking.name}</strong>
          {booking.status !== 'confirmed' && <BookingBadge booking={booking} size="sm" />}
        </Group>
        <small>{[booking.type_name, names].filter(Boolean).join(' · ')}</small>
      </div>
    </UnstyledButton>
  );
}
