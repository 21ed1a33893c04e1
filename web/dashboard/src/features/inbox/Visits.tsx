// When the customer comes next, beside their conversation; a booking can be made for them on the spot.

import type { Contact } from '@frontdesk/api-client';
import { ActionIcon, Text, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CalendarPlus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { useNow } from '../../ui/time';
import { BookingBadge } from '../booking/BookingBadge';
import { useWhen } from '../booking/BookingTime';
import { staffNames } from '../booking/looks';
import { bookingsQuery, useStaff } from '../booking/queries';
import { parted } from '../booking/today';
import classes from './Inbox.module.css';

// Most conversations are read without booking anything.
const NewBookingDialog = lazy(() => import('../booking/NewBookingDialog').then((module) => ({ default: module.NewBookingDialog })));

/** How many stand there; the rest are on the contact's page. */
const FEW = 3;

export function Visits({ contact }: { contact: Contact }) {
  const { t } = useTranslation('booking');
  const now = useNow();
  const when = useWhen();
  const staff = useStaff();
  const mayRead = useCan('bookings:read');
  const mayWrite = useCan('bookings:write');
  const [creating, setCreating] = useState(false);
  // As the contact's page asks, so that both share one answer.
  const { data } = useQuery({ ...bookingsQuery({ contact: contact.id, sort: '-start', limit: 50 }), enabled: mayRead });
  if (!mayRead || data === undefined) return null;
  const { ahead } = parted(data.items, now);
  return (
    <section className={classes.panelSection}>
      <h3 className={classes.panelTitle}>
        {t('ofContact.title')}
        {mayWrite && (
          <Tooltip label={t('new.title')}>
            <ActionIcon size={24} aria-label={t('new.title')} onClick={() => setCreating(true)}>
              <CalendarPlus size={15} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
      </h3>
      {ahead.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('ofContact.noneAhead')}
        </Text>
      ) : (
        <ul className={classes.plainList}>
          {ahead.slice(0, FEW).map((booking) => (
            <li key={booking.id}>
              <Link to="/bookings/$bookingId" params={{ bookingId: booking.id }} className={classes.linkRow}>
                <Text size="sm" fw={550} className="begins-line">
                  {when(booking)}
                </Text>
                <Text size="xs" c="dimmed" mb={4}>
                  {[booking.type_name, staffNames(booking, staff)].filter(Boolean).join(' · ')}
                </Text>
                <BookingBadge booking={booking} />
              </Link>
            </li>
          ))}
        </ul>
      )}
      {creating && (
        <Suspense>
          <NewBookingDialog drafted={{ customer: { kind: 'known', contact } }} onClose={() => setCreating(false)} />
        </Suspense>
      )}
    </section>
  );
}
