import type { WaitingEntry } from '@frontdesk/api-client';
import { useTranslation } from 'react-i18next';
import { addDays, civilOf, formatDay } from '../../ui/civil';
import { useZone } from '../../ui/time';

/** The days within which somebody can come: "Nov 21 – Dec 5", in the business's zone. */
export function useSpan(): (entry: Pick<WaitingEntry, 'from' | 'to'>) => string {
  const { i18n } = useTranslation();
  const zone = useZone();
  const written = (day: string) => formatDay(day, { month: 'short', day: 'numeric' }, i18n.language);
  return ({ from, to }) => {
    const first = civilOf(from, zone).day;
    const end = civilOf(to, zone);
    // The end is exclusive: midnight is the end of the day before.
    const last = end.minutes === 0 ? addDays(end.day, -1) : end.day;
    return first === last ? written(first) : `${written(first)} – ${written(last)}`;
  };
}
