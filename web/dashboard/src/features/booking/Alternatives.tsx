import type { Slot } from '@frontdesk/api-client';
import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useWhen } from './BookingTime';

/** Times close to one that was taken. */
export function Alternatives({ slots, onPick }: { slots: readonly Slot[]; onPick: (slot: Slot) => void }) {
  const { t } = useTranslation('booking');
  const when = useWhen();
  if (slots.length === 0) return null;
  return (
    <div role="group" aria-label={t('alternatives')}>
      <Text size="sm" mb={6}>
        {t('alternatives')}
      </Text>
      <Group gap="xs">
        {slots.map((slot) => (
          <Button key={slot.slot} size="xs" variant="light" onClick={() => onPick(slot)}>
            {when(slot)}
          </Button>
        ))}
      </Group>
    </div>
  );
}
