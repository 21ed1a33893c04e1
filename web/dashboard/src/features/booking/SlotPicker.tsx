import type { Slot } from '@frontdesk/api-client';
import { ActionIcon, Alert, Button, Group, Skeleton, Text, UnstyledButton } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addDays, civilOf, dayStart, daysOfWeek, formatDay, isoOf, isRepeated, weekOf } from '../../ui/civil';
import { ErrorState } from '../../ui/ErrorState';
import { groupBy } from '../../ui/group';
import { useFormatTime, useZone } from '../../ui/time';
import classes from './Booking.module.css';
import { slotsQuery } from './queries';

interface SlotPickerProps {
  typeId: string;
  duration?: number | undefined;
  staffId?: string | undefined;
  seats?: number | undefined;
  /** The chosen slot. */
  value: Slot | null;
  onPick: (slot: Slot) => void;
  /** The day shown first. */
  day: string;
  /** Nobody chose that day: when it has nothing free, the first day that has is shown instead. */
  suggested?: boolean;
}

/** Free times of a booking type, a week at a time. */
export function SlotPicker({ typeId, duration, staffId, seats, value, onPick, day: firstDay, suggested = false }: SlotPickerProps) {
  const { t, i18n } = useTranslation('booking');
  const zone = useZone();
  const format = useFormatTime();
  const [day, setDay] = useState(firstDay);
  const [seeking, setSeeking] = useState(suggested);
  const week = daysOfWeek(day);
  const from = weekOf(day);
  const found = useQuery({
    ...slotsQuery({ type: typeId, from: isoOf(dayStart(from, zone)), to: isoOf(dayStart(addDays(from, 7), zone)), duration, staff: staffId, seats }),
    placeholderData: keepPreviousData,
  });
  const byDay = useMemo(() => groupBy(found.data?.slots ?? [], (slot) => civilOf(slot.start, zone).day), [found.data, zone]);
  const slots = byDay.get(day) ?? [];
  const next = nextDay(byDay, day) ?? (typeof found.data?.next === 'string' ? civilOf(found.data.next, zone).day : null);
  if (seeking && found.data !== undefined && !found.isPlaceholderData) {
    setSeeking(false);
    if (slots.length === 0 && next !== null) setDay(next);
  }
  const go = (to: string) => {
    setSeeking(false);
    setDay(to);
  };
  const wide = { day: 'numeric', month: 'long', weekday: 'long' } as const;
  return (
    <div>
      <Group gap={4} wrap="nowrap" mb="sm">
        <ActionIcon size={32} aria-label={t('slots.before')} onClick={() => go(addDays(day, -7))}>
          <ChevronLeft size={18} aria-hidden />
        </ActionIcon>
        <div className={classes.week} role="group" aria-label={t('slots.week')}>
          {week.map((each) => {
            const count = byDay.get(each)?.length ?? 0;
            return (
              <UnstyledButton
                key={each}
                className={classes.weekDay}
                aria-pressed={each === day}
                aria-label={`${formatDay(each, wide, i18n.language)}, ${t('slots.count', { count })}`}
                data-free={count > 0 || undefined}
                onClick={() => go(each)}
              >
                <span>{formatDay(each, { weekday: 'short' }, i18n.language)}</span>
                <strong>{formatDay(each, { day: 'numeric' }, i18n.language)}</strong>
                <i aria-hidden />
              </UnstyledButton>
            );
          })}
        </div>
        <ActionIcon size={32} aria-label={t('slots.after')} onClick={() => go(addDays(day, 7))}>
          <ChevronRight size={18} aria-hidden />
        </ActionIcon>
      </Group>
      <Text size="sm" fw={600} mb={6} role="status" className="begins-line">
        {formatDay(day, wide, i18n.language)} · {t('slots.count', { count: slots.length })}
      </Text>
      {found.data === undefined && found.isError ? (
        <ErrorState compact error={found.error} onRetry={() => void found.refetch()} />
      ) : found.data === undefined ? (
        <Skeleton height={96} />
      ) : slots.length > 0 ? (
        <div className={classes.slots} aria-busy={found.isPlaceholderData} role="group" aria-label={t('slots.times')}>
          {slots.map((slot) => (
            <Button
              key={slot.slot}
              size="xs"
              variant={value?.start === slot.start ? 'filled' : 'default'}
              aria-pressed={value?.start === slot.start}
              onClick={() => onPick(slot)}
            >
              {format(slot.start, 'time')}
              {isRepeated(Date.parse(slot.start), zone) ? ` ${zoneName(slot.start, i18n.language, zone)}` : ''}
            </Button>
          ))}
        </div>
      ) : (
        <Alert color="gray" variant="light">
          <Group justify="space-between" gap="xs">
            <Text size="sm">{t('slots.none')}</Text>
            <NextButton next={next} onGo={go} />
          </Group>
        </Alert>
      )}
    </div>
  );
}

function nextDay(byDay: ReadonlyMap<string, unknown>, day: string): string | null {
  return [...byDay.keys()].sort().find((each) => each > day) ?? null;
}

function NextButton({ next, onGo }: { next: string | null; onGo: (day: string) => void }) {
  const { t, i18n } = useTranslation('booking');
  if (next === null) return null;
  return (
    <Button size="xs" variant="default" onClick={() => onGo(next)}>
      {t('slots.next', { day: formatDay(next, { weekday: 'short', month: 'short', day: 'numeric' }, i18n.language) })}
    </Button>
  );
}

function zoneName(instant: string, language: string, zone: string): string {
  const parts = new Intl.DateTimeFormat(language, { timeZone: zone, timeZoneName: 'short' }).formatToParts(new Date(instant));
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
}
