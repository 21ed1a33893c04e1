// Moving a booking, with a way back.

import type { Booking } from '@frontdesk/api-client';
import { useTranslation } from 'react-i18next';
import { notifyProblem, notifyUndo } from '../../ui/toast';
import { useWhen } from './BookingTime';
import { minutesLong } from './looks';
import { moveBooking, useMoveBooking, type MoveTo } from './queries';

/** Moves a booking and offers to put it back where it was. */
export function useMoveWithUndo() {
  const { t } = useTranslation('booking');
  const when = useWhen();
  const move = useMoveBooking();
  return {
    ...move,
    run: async (before: Booking, to: Omit<MoveTo, 'id'>) => {
      const after = await move.mutateAsync({ id: before.id, ...to });
      notifyUndo(t('move.done', { name: after.name, when: when(after) }), () => {
        const [one, ...others] = before.staff;
        moveBooking({
          id: before.id,
          start: before.start,
          duration: minutesLong(before),
          // It was there before, so it may be there again, whatever the rules say of new ones.
          outside_hours: true,
          // Whoever was not told that it moved need not be told that it did not.
          ...(to.notify === false ? { notify: false as const } : {}),
          ...(one !== undefined && others.length === 0 ? { staff_id: one } : {}),
        }).catch(notifyProblem);
      });
      return after;
    },
  };
}
