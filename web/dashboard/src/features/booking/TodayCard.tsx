// Who still comes today, on the home page.

import { Anchor, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CalendarCheck2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { addDays, civilOf, dayStart, isoOf } from '../../ui/civil';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { useFormatTime, useNow, useZone } from '../../ui/time';
import homeClasses from '../home/Home.module.css';
import { Panel } from '../home/Panel';
import classes from './Booking.module.css';
import { BookingBadge } from './BookingBadge';
import { staffColor, staffNames } from './looks';
import { bookingsQuery, useStaff } from './queries';
import { stillToCome } from './today';

/** How many stand on the card. */
const MOST = 6;

export function TodayCard() {
  const { t } = useTranslation(['booking', 'common']);
  const zone = useZone();
  const now = useNow();
  const format = useFormatTime();
  const staff = useStaff();
  const today = civilOf(now, zone).day;
  const bookings = useQuery(bookingsQuery({ from: isoOf(dayStart(today, zone)), to: isoOf(dayStart(addDays(today, 1), zone)), sort: 'start', limit: 100 }));
  const { all, ahead } = stillToCome(bookings.data?.items ?? [], now);
  const more = ahead.length - MOST;
  return (
    <Panel
      title={t('today.title')}
      action={
        <Anchor size="sm" renderRoot={(props) => <Link to="/calendar" search={{ mode: 'day' }} {...props} />}>
          {t('common:nav.calendar')}
        </Anchor>
      }
    >
      {bookings.data === undefined ? (
        bookings.isError ? (
          <ErrorState compact error={bookings.error} onRetry={() => void bookings.refetch()} />
        ) : (
          <Skeleton height={96} m="md" mt={0} />
        )
      ) : ahead.length === 0 ? (
        <EmptyState compact icon={CalendarCheck2} title={all > 0 ? t('today.over') : t('today.none')} {...(all > 0 ? {} : { text: t('today.noneText') })} />
      ) : (
        <ul className={homeClasses.rows}>
          {ahead.slice(0, MOST).map((booking) => (
            <li key={booking.id}>
              <Link to="/calendar" search={{ mode: 'day', booking: booking.id }} className={homeClasses.row}>
                <time dateTime={booking.start} className={classes.hour}>
                  {format(booking.start, 'time')}
                </time>
                <i className={classes.bar} style={{ background: staffColor(staff.get(booking.staff[0] ?? '')) }} aria-hidden />
                <div className={homeClasses.rowBody}>
                  <Text size="sm" fw={600} truncate>
                    {booking.name === '' ? t('common:contact.unknown') : booking.name}
                  </Text>
                  <Text size="xs" c="dimmed" truncate>
                    {[booking.type_name, staffNames(booking, staff)].filter(Boolean).join(' · ')}
                  </Text>
                </div>
                {booking.status === 'pending' && <BookingBadge booking={booking} size="sm" />}
              </Link>
            </li>
          ))}
          {more > 0 && (
            <li>
              <Link to="/calendar" search={{ mode: 'day' }} className={homeClasses.row}>
                <Text size="sm" c="dimmed">
                  {t('today.more', { count: more })}
                </Text>
              </Link>
            </li>
          )}
        </ul>
      )}
    </Panel>
  );
}
