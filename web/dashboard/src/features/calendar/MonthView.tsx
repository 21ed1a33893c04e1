import type { Booking, CalendarView } from '@frontdesk/api-client';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { civilOf, daysOfWeek, formatDay, formatMinutesShort } from '../../ui/civil';
import { groupBy } from '../../ui/group';
import { useNow } from '../../ui/time';
import { isOpen, staffColor } from '../booking/looks';
import { useStaff } from '../booking/queries';
import classes from './Calendar.module.css';
import { isWanted, type Shown } from './model';
import { calendarRoute } from './routes';

/** How many bookings a day shows before it says how many more there are. */
const MOST = 3;

interface MonthViewProps {
  label: string;
  days: readonly string[];
  /** The day whose month it is. */
  date: string;
  view: CalendarView;
  shown: Shown;
  onOpen: (booking: Booking) => void;
}

export function MonthView({ label, days, date, view, shown, onOpen }: MonthViewProps) {
  const { i18n } = useTranslation('calendar');
  const byDay = useMemo(
    () => groupBy(view.bookings.filter((booking) => isWanted(booking, shown.chosen)), (booking) => civilOf(booking.start, shown.zone).day),
    [view, shown],
  );
  return (
    <>
      <div className={classes.weekdays} aria-hidden>
        {daysOfWeek(date).map((day) => (
          <span key={day}>{formatDay(day, { weekday: 'short' }, i18n.language)}</span>
        ))}
      </div>
      <ol className={classes.month} aria-label={label}>
        {days.map((day) => (
          <Cell key={day} day={day} outside={day.slice(0, 7) !== date.slice(0, 7)} bookings={byDay.get(day) ?? []} holidays={view.holidays.filter((holiday) => holiday.date === day)} shown={shown} onOpen={onOpen} />
        ))}
      </ol>
    </>
  );
}

interface CellProps {
  day: string;
  outside: boolean;
  bookings: readonly Booking[];
  holidays: readonly { name: string }[];
  shown: Shown;
  onOpen: (booking: Booking) => void;
}

function Cell({ day, outside, bookings, holidays, shown, onOpen }: CellProps) {
  const { t, i18n } = useTranslation('calendar');
  const search = calendarRoute.useSearch();
  const staff = useStaff();
  const isToday = civilOf(useNow(), shown.zone).day === day;
  const room = bookings.length > MOST ? MOST - 1 : MOST;
  const whole = formatDay(day, { weekday: 'long', month: 'long', day: 'numeric' }, i18n.language);
  return (
    <li className={classes.cell} data-outside={outside || undefined}>
      <div className={classes.cellHead}>
        <Link to="/calendar" search={{ ...search, mode: 'day', date: day }} className={classes.cellDay} data-today={isToday || undefined} aria-label={`${whole}, ${t('count', { count: bookings.length })}`}>
          {formatDay(day, { day: 'numeric' }, i18n.language)}
        </Link>
        {holidays.map(({ name }) => (
          <span key={name} className={classes.holiday} title={name}>
            {name}
          </span>
        ))}
      </div>
      {bookings.slice(0, room).map((booking) => (
        <button
          key={booking.id}
          type="button"
          className={classes.monthItem}
          data-done={!isOpen(booking.status) || undefined}
          data-status={booking.status}
          style={{ '--who': staffColor(staff.get(booking.staff[0] ?? '')) }}
          onClick={() => onOpen(booking)}
        >
          <i aria-hidden />
          <time dateTime={booking.start}>{formatMinutesShort(civilOf(booking.start, shown.zone).minutes, i18n.language)}</time>
          <span>{booking.name === '' ? t('common:contact.unknown') : booking.name}</span>
        </button>
      ))}
      {bookings.length > room && (
        <Link to="/calendar" search={{ ...search, mode: 'day', date: day }} className={classes.more}>
          {t('more', { count: bookings.length - room })}
        </Link>
      )}
    </li>
  );
}
