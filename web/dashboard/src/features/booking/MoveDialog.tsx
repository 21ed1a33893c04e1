import type { Booking, Slot } from '@frontdesk/api-client';
import { isProblem } from '@frontdesk/api-client';
import { Alert, Button, Group, Modal, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { civilOf, instantOf, isoOf } from '../../ui/civil';
import { FormError } from '../../ui/FormError';
import { useNow, useZone } from '../../ui/time';
import { Alternatives } from './Alternatives';
import { useWhen } from './BookingTime';
import { DayField, TimeField } from './fields';
import { NotifyField } from './NotifyField';
import { durationText, minutesLong } from './looks';
import { useBookingTypes, useStaff } from './queries';
import { SlotPicker } from './SlotPicker';
import { useMoveWithUndo } from './useMove';

interface MoveDialogProps {
  booking: Booking;
  onClose: () => void;
}

type Way = 'free' | 'any';

/** Another time for a booking: one that is free by the rules, or any that nobody has. */
export function MoveDialog({ booking, onClose }: MoveDialogProps) {
  const { t, i18n } = useTranslation('booking');
  const zone = useZone();
  const when = useWhen();
  const phone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const move = useMoveWithUndo();
  const type = useBookingTypes().get(booking.type_id);
  const staff = useStaff();
  const [way, setWay] = useState<Way>('free');
  const [staffId, setStaffId] = useState<string | null>(booking.staff.length === 1 ? (booking.staff[0] ?? null) : null);
  const [duration, setDuration] = useState(minutesLong(booking));
  const [slot, setSlot] = useState<Slot | null>(null);
  const was = civilOf(booking.start, zone);
  const today = civilOf(useNow(), zone).day;
  const [day, setDay] = useState(was.day);
  const [minutes, setMinutes] = useState<number | null>(was.minutes);
  const [notify, setNotify] = useState(true);
  const [error, setError] = useState<unknown>(null);
  const pool = type?.staff.members.map((member) => staff.get(member.staff_id)).filter((member) => member !== undefined) ?? [];
  const durations = [...new Set([minutesLong(booking), ...(type?.durations ?? [])])].sort((a, b) => a - b);
  const start = way === 'free' ? slot?.start : minutes === null ? undefined : isoOf(instantOf(day, minutes, zone));

  async function run(to: { start: string; outside: boolean }) {
    setError(null);
    try {
      await move.run(booking, {
        start: to.start,
        duration,
        ...(staffId === null ? {} : { staff_id: staffId }),
        ...(to.outside ? { outside_hours: true } : {}),
        ...(notify ? {} : { notify: false as const }),
      });
      onClose();
    } catch (failure) {
      setError(failure);
    }
  }

  return (
    <Modal opened onClose={onClose} size="lg" fullScreen={phone} title={<Text fw={650}>{t('move.title', { name: booking.name })}</Text>}>
      <Stack>
        <Text size="sm" c="dimmed">
          {t('move.now', { type: booking.type_name, when: when(booking) })}
        </Text>
        <Group grow align="flex-end">
          {type?.staff.mode !== 'collective' && pool.length > 0 && (
            <Select
              label={t('field.staff')}
              placeholder={t('field.anyone')}
              clearable
              data={pool.map((member) => ({ value: member.id, label: member.name }))}
              value={staffId}
              onChange={(value) => {
                setStaffId(value);
                setSlot(null);
              }}
            />
          )}
          {durations.length > 1 && (
            <Select
              label={t('field.duration')}
              allowDeselect={false}
              data={durations.map((each) => ({ value: String(each), label: durationText(each, i18n.language) }))}
              value={String(duration)}
              onChange={(value) => {
                setDuration(Number(value ?? duration));
                setSlot(null);
              }}
            />
          )}
        </Group>
        <SegmentedControl
          aria-label={t('move.way')}
          data={[
            { value: 'free', label: t('move.free') },
            { value: 'any', label: t('move.any') },
          ]}
          value={way}
          onChange={(value) => setWay(value as Way)}
        />
        {way === 'free' ? (
          <SlotPicker
            key={`${staffId ?? ''} ${String(duration)}`}
            typeId={booking.type_id}
            duration={duration}
            staffId={staffId ?? undefined}
            seats={booking.seats}
            value={slot}
            onPick={setSlot}
            day={was.day < today ? today : was.day}
          />
        ) : (
          <>
            <Group grow align="flex-end">
              <DayField label={t('field.day')} value={day} onChange={setDay} />
              <TimeField label={t('field.time')} value={minutes} onChange={setMinutes} />
            </Group>
            <Alert color="orange" icon={<TriangleAlert size={18} aria-hidden />}>
              {t('move.anyText')}
            </Alert>
          </>
        )}
        <FormError error={error} />
        {isProblem(error) && <Alternatives slots={error.alternatives} onPick={(found) => void run({ start: found.start, outside: false })} />}
        <NotifyField email={booking.email} value={notify} onChange={setNotify} text={t('mail.moved', { to: booking.email })} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button disabled={start === undefined} loading={move.isPending} onClick={() => start !== undefined && void run({ start, outside: way === 'any' })}>
            {start === undefined ? t('new.pick') : t('move.confirm')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
