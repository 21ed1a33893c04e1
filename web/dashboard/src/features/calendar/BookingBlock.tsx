import type { Booking, BookingType, Staff } from '@frontdesk/api-client';
import { CircleCheckBig, CircleHelp, Clock, TriangleAlert, UserX, type LucideIcon } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { timeRange } from '../booking/BookingTime';
import { staffColor, staffNames } from '../booking/looks';
import classes from './Calendar.module.css';
import { HOUR } from './drag';
import { SHORTEST, type Placed } from './layout';

interface BookingBlockProps {
  blockKey: string;
  placed: Placed<Booking>;
  type: BookingType | undefined;
  staff: ReadonlyMap<string, Staff>;
  zone: string;
  /** The one that Tab reaches; arrows lead to the others. */
  tabStop: boolean;
  /** It is being dragged; only its shadow stays. */
  lifted: boolean;
  resizable: boolean;
  onOpen: (booking: Booking) => void;
  onFocus: (key: string) => void;
}

const PX = HOUR / 60;

export const BookingBlock = memo(function BookingBlock({ blockKey, placed, type, staff, zone, tabStop, lifted, resizable, onOpen, onFocus }: BookingBlockProps) {
  const { t, i18n } = useTranslation(['calendar', 'booking']);
  const { item: booking, from, to, column, width, columns } = placed;
  const shown = Math.max(to - from, SHORTEST);
  const Icon = iconOf(booking);
  const time = timeRange(booking.start, booking.end, i18n.language, zone);
  const begins = new Intl.DateTimeFormat(i18n.language, { hour: 'numeric', minute: '2-digit', timeZone: zone }).format(new Date(booking.start));
  const names = staffNames(booking, staff);
  const name = booking.name === '' ? t('common:contact.unknown') : booking.name;
  const label = [name, booking.type_name, time, names === '' ? '' : t('booking:with', { names }), t(`booking:status.${booking.status}`), booking.tentative ? t('booking:tentative.title') : '']
    .filter(Boolean)
    .join(', ');
  return (
    <button
      type="button"
      className={classes.block}
      data-booking={booking.id}
      data-key={blockKey}
      data-status={booking.status}
      data-tentative={booking.tentative || undefined}
      data-lifted={lifted || undefined}
      data-lines={shown >= 60 ? 3 : shown >= 40 ? 2 : 1}
      tabIndex={tabStop ? 0 : -1}
      aria-label={label}
      style={{
        top: from * PX,
        height: shown * PX - 2,
        left: `${String((column / columns) * 100)}%`,
        width: `calc(${String((width / columns) * 100)}% - 4px)`,
        '--type': type?.color ?? '#6b7280',
        '--who': staffColor(staff.get(booking.staff[0] ?? '')),
      }}
      onClick={() => onOpen(booking)}
      onFocus={() => onFocus(blockKey)}
    >
      <span className={classes.blockName}>
        {Icon !== null && <Icon size={12} aria-hidden />}
        <span className={classes.blockText}>{name}</span>
        {shown < 40 && <span className={classes.blockSide}>{begins}</span>}
      </span>
      {shown >= 40 && (
        <span className={classes.blockLine} data-time>
          <span className={classes.blockWide}>{time}</span>
          <span className={classes.blockNarrow}>{begins}</span>
        </span>
      )}
      {shown >= 60 && <span className={classes.blockLine}>{booking.type_name}</span>}
      {resizable && <span className={classes.edge} data-edge />}
    </button>
  );
});

function iconOf(booking: Booking): LucideIcon | null {
  if (typeof booking.flagged === 'string') return TriangleAlert;
  if (booking.status === 'pending') return Clock;
  if (booking.tentative) return CircleHelp;
  if (booking.status === 'completed') return CircleCheckBig;
  return booking.status === 'no_show' ? UserX : null;
}
