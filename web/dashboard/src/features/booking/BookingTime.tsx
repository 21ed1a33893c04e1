import type { Booking } from '@frontdesk/api-client';
import { useTranslation } from 'react-i18next';
import { civilOf, isRepeated } from '../../ui/civil';
import { formatTime, useNow, useZone } from '../../ui/time';

/** "9:00 – 9:45 AM"; around a change of clocks with the zone, so that two hours of one name can be told apart. */
export function timeRange(start: string, end: string, language: string, zone: string): string {
  const from = new Date(start);
  const to = new Date(end);
  const twice = isRepeated(from.getTime(), zone) || isRepeated(to.getTime() - 60_000, zone);
  const format = new Intl.DateTimeFormat(language, {
    hour: 'numeric',
    minute: '2-digit',
    timeZone: zone,
    ...(twice ? { timeZoneName: 'short' } : {}),
  });
  return civilOf(from.getTime(), zone).day === civilOf(to.getTime(), zone).day ? format.formatRange(from, to) : `${format.format(from)} – ${formatTime(to, 'datetime', language, zone)}`;
}

/** "Tue, Dec 1 · 9:00 – 9:45 AM" in the business's zone. */
export function useWhen(): (booking: Pick<Booking, 'start' | 'end'>) => string {
  const { i18n } = useTranslation();
  const zone = useZone();
  const now = useNow();
  return ({ start, end }) => {
    const sameYear = civilOf(start, zone).day.slice(0, 4) === civilOf(now, zone).day.slice(0, 4);
    const day = new Intl.DateTimeFormat(i18n.language, {
      weekday: 'short',
      month: 'short',
      day: 'numeric',
      timeZone: zone,
      ...(sameYear ? {} : { year: 'numeric' }),
    }).format(new Date(start));
    return `${day} · ${timeRange(start, end, i18n.language, zone)}`;
  };
}
