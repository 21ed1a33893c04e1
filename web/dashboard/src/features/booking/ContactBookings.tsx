// A person's bookings, on their page: what is ahead, what was, and one more.

import type { Booking, Contact } from '@frontdesk/api-client';
import { Anchor, Button, Skeleton, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CalendarPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { ErrorState } from '../../ui/ErrorState';
import { Panel } from '../../ui/Panel';
import { useNow } from '../../ui/time';
import rows from '../contacts/Contacts.module.css';
import { BookingBadge } from './BookingBadge';
import { useWhen } from './BookingTime';
import { staffNames } from './looks';
import { NewBookingDialog } from './NewBookingDialog';
import { bookingsQuery, useStaff } from './queries';
import { parted } from './today';

/** How many of those that were stand there at first. */
const FEW = 3;

export function ContactBookings({ contact }: { contact: Contact }) {
  const { t } = useTranslation('booking');
  const now = useNow();
  const mayRead = useCan('bookings:read');
  const mayWrite = useCan('bookings:write');
  const bookings = useQuery({ ...bookingsQuery({ contact: contact.id, sort: '-start', limit: 50 }), enabled: mayRead });
  const [creating, { open: create, close: stop }] = useDisclosure(false);
  const [all, setAll] = useState(false);
  if (!mayRead) return null;
  const { ahead, past } = parted(bookings.data?.items ?? [], now);
  const shown = all ? past : past.slice(0, FEW);
  return (
    <Panel
      title={t('ofContact.title')}
      action={
        mayWrite && (
          <Button size="xs" variant="default" leftSection={<CalendarPlus size={15} aria-hidden />} onClick={create}>
            {t('ofContact.new')}
          </Button>
        )
      }
    >
      {bookings.data === undefined ? (
        bookings.isError ? (
          <ErrorState compact error={bookings.error} onRetry={() => void bookings.refetch()} />
        ) : (
          <Skeleton height={60} />
        )
      ) : ahead.length + past.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('ofContact.none')}
        </Text>
      ) : (
        <>
          <Part title={t('ofContact.upcoming')} bookings={ahead} />
          <Part title={t('ofContact.past')} bookings={shown} />
          {past.length > shown.length && (
            <Button mt="sm" variant="default" size="xs" onClick={() => setAll(true)}>
              {t('today.more', { count: past.length - shown.length })}
            </Button>
          )}
        </>
      )}
      {creating && <NewBookingDialog drafted={{ customer: { kind: 'known', contact } }} onClose={stop} />}
    </Panel>
  );
}

function Part({ title, bookings }: { title: string; bookings: readonly Booking[] }) {
  const when = useWhen();
  const staff = useStaff();
  if (bookings.length === 0) return null;
  return (
    <>
      <Text size="xs" fw={600} c="dimmed" mt="sm" mb={6}>
        {title}
      </Text>
      <ul className={rows.rows}>
        {bookings.map((booking) => (
          <li key={booking.id} className={rows.row}>
            <div style={{ flex: 1, minWidth: 0 }}>
              <Anchor size="sm" renderRoot={(props) => <Link to="/bookings/$bookingId" params={{ bookingId: booking.id }} {...props} />}>
                {when(booking)}
              </Anchor>
              <Text size="xs" c="dimmed">
                {[booking.type_name, staffNames(booking, staff)].filter(Boolean).join(' · ')}
              </Text>
            </div>
            <BookingBadge booking={booking} miw="max-content" />
          </li>
        ))}
      </ul>
    </>
  );
}
