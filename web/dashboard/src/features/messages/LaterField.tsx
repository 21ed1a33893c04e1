import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { civilOf } from '../../ui/civil';
import { useZone } from '../../ui/time';
import { DayField, TimeField } from '../booking/fields';
import type { Later } from './compose';

const HOUR = 3_600_000;
/** So long at least it takes to look at what was written, in milliseconds. */
const ROOM = 300_000;

/** A time that makes sense to begin with: a full hour that does not pass at once. */
export function nextHour(now: number, zone: string): Later {
  return civilOf(Math.ceil((now + ROOM) / HOUR) * HOUR, zone);
}

interface LaterFieldProps {
  value: Later;
  onChange: (later: Later) => void;
  /** What is wrong with it. */
  error?: string | undefined;
}

/** A day and a time by the clock of the business. */
export function LaterField({ value, onChange, error }: LaterFieldProps) {
  const { t } = useTranslation('messages');
  const zone = useZone();
  return (
    <div>
      <Group gap="sm" align="flex-end">
        <DayField label={t('later.day')} value={value.day} onChange={(day) => onChange({ ...value, day })} />
        <TimeField label={t('later.time')} value={value.minutes} onChange={(minutes) => onChange({ ...value, minutes })} />
      </Group>
      {error === undefined ? (
        <Text size="xs" c="dimmed" mt={4}>
          {t('later.zone', { zone: zone.replaceAll('_', ' ') })}
        </Text>
      ) : (
        <Text size="xs" c="var(--text-danger)" mt={4} role="alert">
          {error}
        </Text>
      )}
    </div>
  );
}
