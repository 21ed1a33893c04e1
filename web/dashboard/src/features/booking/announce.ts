// Tells whoever is at the desk that a customer booked or called off; what the team did itself is no news.

import type { Booking, LoggedEvent, Workspace } from '@frontdesk/api-client';
import i18next from 'i18next';
import { CalendarPlus, CalendarX2 } from 'lucide-react';
import { createElement } from 'react';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';
import { formatTime } from '../../ui/time';
import { notifyWith } from '../../ui/toast';
import { bookingQuery } from './queries';

/** Older events are caught up with after a while away; they are no news any more. */
const NEWS = 60_000;
/** In a rush a message each would bury the page. */
const MOST = 3;
const PER = 15_000;

export type News = 'created' | 'cancelled';

/** What is worth saying of an event about a booking; null when the team did it or nobody needs to know at once. */
export function newsOf(kind: LoggedEvent['kind'], booking: Pick<Booking, 'source' | 'cancellation'>): News | null {
  if (kind === 'booking.created') return booking.source === 'dashboard' || booking.source === 'api' || booking.source === 'import' ? null : 'created';
  if (kind === 'booking.cancelled') return booking.cancellation?.by === 'customer' ? 'cancelled' : null;
  return null;
}

/** Whether there is room for one more, given when the last ones were said. */
export function mayRing(rung: readonly number[], now: number): boolean {
  return rung.filter((at) => now - at < PER).length < MOST;
}

let rung: number[] = [];

export async function announce(event: LoggedEvent & { booking_id: string }): Promise<void> {
  const now = Date.now();
  if (now - Date.parse(event.at) > NEWS || !mayRing(rung, now)) return;
  // The event comes before whatever was fetched, so it is asked for anew.
  const booking = await queryClient.fetchQuery({ ...bookingQuery(event.booking_id), staleTime: 0 });
  const news = newsOf(event.kind, booking);
  if (news === null) return;
  rung = [...rung.filter((at) => now - at < PER), now];
  await i18next.loadNamespaces('booking');
  const zone = queryClient.getQueryData<Workspace>(keys.workspace)?.zone ?? booking.zone;
  const text = [
    i18next.t(`booking:event.${news}`, { name: booking.name === '' ? i18next.t('contact.unknown') : booking.name }),
    `${booking.type_name}, ${formatTime(booking.start, 'datetime', i18next.language, zone)}`,
  ].join(' · ');
  notifyWith(
    text,
    i18next.t('booking:event.open'),
    () => void import('../../app/router').then(({ router }) => router.navigate({ to: '/bookings/$bookingId', params: { bookingId: booking.id } })),
    news === 'created' ? { color: 'teal', icon: createElement(CalendarPlus, { size: 18, 'aria-hidden': true }) } : { color: 'orange', icon: createElement(CalendarX2, { size: 18, 'aria-hidden': true }) },
  );
}
