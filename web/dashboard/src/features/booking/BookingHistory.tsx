import type { BookingChange, Staff } from '@frontdesk/api-client';
import { Skeleton, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useFormatTime } from '../../ui/time';
import classes from './Booking.module.css';
import { historyQuery, useStaff } from './queries';

/** What happened to a booking, newest first. */
export function BookingHistory({ bookingId }: { bookingId: string }) {
  const { t } = useTranslation('booking');
  const format = useFormatTime();
  const staff = useStaff();
  const history = useQuery(historyQuery(bookingId));
  return (
    <section>
      <Title order={2} size="h3" mb="xs">
        {t('history.title')}
      </Title>
      {history.data === undefined ? (
        history.isError ? null : <Skeleton height={80} />
      ) : (
        <ul className={classes.history}>
          {history.data.toReversed().map((change, index) => (
            <li key={index}>
              {textOf(change, t, (at) => format(at, 'datetime'), staff)}
              <Text size="xs" c="dimmed">
                {[t(`history.actor.${change.actor}`, { name: change.actor_name, defaultValue: change.actor_name }), format(change.at, 'datetime')].filter(Boolean).join(' · ')}
              </Text>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function textOf(change: BookingChange, t: TFunction<'booking'>, time: (at: string) => string, staff: ReadonlyMap<string, Staff>): string {
  switch (change.kind) {
    case 'moved': {
      const names = (ids: readonly string[]) => ids.map((id) => staff.get(id)?.name ?? '?').join(', ');
      const [before, after] = [names(change.from_staff), names(change.to_staff)];
      if (change.from === change.to) return t('history.staff', { before, after });
      const text = t('history.moved', { from: time(change.from), to: time(change.to) });
      return before === after ? text : `${text} ${t('history.now', { after })}`;
    }
    case 'created':
      return t(change.status === 'pending' ? 'history.requested' : 'history.created');
    case 'cancelled':
      return change.reason === '' ? t('history.cancelled') : t('history.cancelledFor', { reason: change.reason });
    case 'edited':
      return t('history.edited', { fields: change.fields.map((field) => t(`history.field.${field}`, { defaultValue: field })).join(', ') });
    case 'flagged':
      return t('history.flagged', { text: change.text });
    case 'notified':
      return t('history.notified', { template: t(`template.${change.template}`, { defaultValue: change.template }) });
    case 'not_notified':
      return t('history.notNotified', { template: t(`template.${change.template}`, { defaultValue: change.template }), reason: change.reason });
    default:
      return t(`history.${change.kind}`);
  }
}
