// "Move it there?": what changes, what speaks against it, what the customer is told. Nothing has happened yet.

import type { Booking } from '@frontdesk/api-client';
import { isProblem } from '@frontdesk/api-client';
import { Alert, Button, FocusTrap, Group, List, Popover, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormError } from '../../ui/FormError';
import { Alternatives } from '../booking/Alternatives';
import classes from '../booking/Booking.module.css';
import { useWhen } from '../booking/BookingTime';
import { durationText, minutesLong, staffNames } from '../booking/looks';
import { NotifyField } from '../booking/NotifyField';
import { useObstacleText } from '../booking/obstacles';
import { obstaclesQuery, useStaff } from '../booking/queries';
import { useMoveWithUndo } from '../booking/useMove';
import { isTaken } from '../booking/taken';
import grid from './Calendar.module.css';

export interface Target {
  start: string;
  end: string;
  /** Whom it goes to; absent when it stays with the same people. */
  staffId?: string;
}

interface MoveQuestionProps {
  booking: Booking;
  to: Target;
  /** Other bookings of the calendar, to see whom it would meet. */
  others: readonly Booking[];
  onDone: (moved: Booking | null) => void;
}

export function MoveQuestion(props: MoveQuestionProps) {
  const { t } = useTranslation('calendar');
  return (
    <Popover opened onDismiss={() => props.onDone(null)} position="right-start" withArrow shadow="lg" width={340} withinPortal closeOnEscape middlewares={{ flip: true, shift: { padding: 12 } }}>
      <Popover.Target>
        <div className={grid.anchor} />
      </Popover.Target>
      <Popover.Dropdown aria-label={t('question.title')}>
        <FocusTrap active>
          <div>
            <Question {...props} />
          </div>
        </FocusTrap>
      </Popover.Dropdown>
    </Popover>
  );
}

function Question({ booking, to, others, onDone }: MoveQuestionProps) {
  const { t, i18n } = useTranslation(['calendar', 'booking']);
  const when = useWhen();
  const say = useObstacleText();
  const staff = useStaff();
  const move = useMoveWithUndo();
  const [notify, setNotify] = useState(true);
  const [error, setError] = useState<unknown>(null);
  const whom = to.staffId ?? (booking.staff.length === 1 ? booking.staff[0] : undefined);
  const duration = minutesLong(to);
  const known = useQuery(obstaclesQuery({ type: booking.type_id, start: to.start, duration, staff: whom }));
  const met = meetings(booking, to, whom, others);
  // What the server finds in the way may be this very booking; whom it meets is seen in the calendar itself.
  const hints = (known.data ?? []).filter(({ obstacle }) => !['booked', 'full', 'limit', 'step', 'resource'].includes(obstacle));
  // Over somebody else nothing can be put.
  const impossible = met.length > 0 || hints.some(isTaken);

  async function run(start: string, outside: boolean) {
    setError(null);
    try {
      const moved = await move.run(booking, { start, duration, ...(whom === undefined ? {} : { staff_id: whom }), ...(outside ? { outside_hours: true } : {}), ...(notify ? {} : { notify: false as const }) });
      onDone(moved);
    } catch (failure) {
      setError(failure);
    }
  }

  const names = staffNames(booking, staff);
  const after = whom === undefined ? names : (staff.get(whom)?.name ?? '');
  return (
    <Stack gap="sm">
      <Text fw={650} size="sm">
        {t('question.move', { name: booking.name })}
      </Text>
      <dl className={classes.change}>
        <dt>{t('question.from')}</dt>
        <dd>{when(booking)}</dd>
        <dt>{t('question.to')}</dt>
        <dd>
          <strong>{when(to)}</strong>
        </dd>
        {after !== names && (
          <>
            <dt>{t('question.with')}</dt>
            <dd>
              {names === '' ? '–' : names} → <strong>{after}</strong>
            </dd>
          </>
        )}
        {duration !== minutesLong(booking) && (
          <>
            <dt>{t('booking:field.duration')}</dt>
            <dd>
              {durationText(minutesLong(booking), i18n.language)} → <strong>{durationText(duration, i18n.language)}</strong>
            </dd>
          </>
        )}
      </dl>
      {(hints.length > 0 || met.length > 0) && (
        <Alert color="orange" icon={<TriangleAlert size={16} aria-hidden />} p="xs">
          <List size="sm" listStyleType={hints.length + met.length === 1 ? 'none' : 'disc'}>
            {met.map((other) => (
              <List.Item key={other.id}>{t('question.meets', { name: other.name, when: when(other) })}</List.Item>
            ))}
            {hints.map((obstacle, index) => (
              <List.Item key={index}>{say(obstacle)}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      <NotifyField email={booking.email} value={notify} onChange={setNotify} text={t('booking:mail.moved', { to: booking.email })} />
      <FormError error={error} />
      {isProblem(error) && <Alternatives slots={error.alternatives} onPick={(slot) => void run(slot.start, false)} />}
      <Group justify="flex-end" gap="xs">
        <Button size="xs" variant="default" onClick={() => onDone(null)}>
          {t('question.leave')}
        </Button>
        <Button size="xs" data-autofocus loading={move.isPending} disabled={impossible} onClick={() => void run(to.start, hints.length > 0 || known.data === undefined)}>
          {hints.length > 0 ? t('question.anyway') : t('question.confirm')}
        </Button>
      </Group>
    </Stack>
  );
}

/** Bookings of the same person at that time; those of the same session are company, not in the way. */
function meetings(booking: Booking, to: Target, whom: string | undefined, others: readonly Booking[]): Booking[] {
  const people = whom === undefined ? booking.staff : [whom];
  const [from, until] = [Date.parse(to.start), Date.parse(to.end)];
  return others.filter(
    (other) =>
      other.id !== booking.id &&
      other.status !== 'cancelled' &&
      other.staff.some((id) => people.includes(id)) &&
      Date.parse(other.start) < until &&
      Date.parse(other.end) > from &&
      !(other.type_id === booking.type_id && other.start === to.start && other.end === to.end),
  );
}
