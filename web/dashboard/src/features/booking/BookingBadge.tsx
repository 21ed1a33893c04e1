import type { Booking } from '@frontdesk/api-client';
import type { BadgeProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { StatusBadge } from '../../ui/StatusBadge';
import { STATUS_LOOKS } from './looks';

/** How a booking stands. */
export function BookingBadge({ booking, ...badge }: BadgeProps & { booking: Pick<Booking, 'status'> }) {
  const { t } = useTranslation('booking');
  return <StatusBadge look={STATUS_LOOKS[booking.status]} label={t(`status.${booking.status}`)} {...badge} />;
}
