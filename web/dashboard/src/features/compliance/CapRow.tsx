import type { OwnCap, Purpose } from '@frontdesk/api-client';
import { ActionIcon, Checkbox, Group, NumberInput, Text } from '@mantine/core';
import { Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import classes from './Compliance.module.css';
import { CARRIED, PURPOSES } from './routes';

/** What is wrong with a cap, as a key of the texts. */
export function faultOf({ hours, purposes, channels }: OwnCap): 'hours' | 'purposes' | 'channels' | null {
  if (!Number.isInteger(hours) || hours < 1 || hours > 744) return 'hours';
  if (purposes.length === 0) return 'purposes';
  return channels.length === 0 ? 'channels' : null;
}

interface CapRowProps {
  number: number;
  cap: OwnCap;
  readOnly: boolean;
  onChange: (cap: OwnCap) => void;
  onRemove: () => void;
}

/** "At most 1 message in 24 hours", of which kinds and on which channels. */
export function CapRow({ number, cap, readOnly, onChange, onRemove }: CapRowProps) {
  const { t } = useTranslation('compliance');
  const fault = faultOf(cap);
  return (
    <li className={classes.cap} role="group" aria-label={t('cap.number', { number })}>
      <Group gap="sm" align="flex-end">
        <NumberInput w={130} label={t('cap.max')} min={0} max={1000} clampBehavior="strict" allowDecimal={false} readOnly={readOnly} value={cap.max} onChange={(max) => onChange({ ...cap, max: Number(max) })} />
        <NumberInput w={130} label={t('cap.hours')} min={1} max={744} allowDecimal={false} readOnly={readOnly} value={cap.hours} onChange={(hours) => onChange({ ...cap, hours: Number(hours) })} />
        {!readOnly && (
          <ActionIcon size={36} color="red" variant="light" aria-label={t('cap.remove', { number })} onClick={onRemove}>
            <Trash2 size={16} aria-hidden />
          </ActionIcon>
        )}
      </Group>
      <Group gap="xl" mt="sm" align="flex-start">
        <Checkbox.Group label={t('cap.purposes')} value={cap.purposes} onChange={(purposes) => onChange({ ...cap, purposes: purposes as Purpose[] })}>
          <Group gap="md" mt={6}>
            {PURPOSES.map((value) => (
              <Checkbox key={value} value={value} disabled={readOnly} label={t(`purpose.${value}`)} />
            ))}
          </Group>
        </Checkbox.Group>
        <Checkbox.Group label={t('cap.channels')} value={cap.channels} onChange={(channels) => onChange({ ...cap, channels: channels as OwnCap['channels'] })}>
          <Group gap="md" mt={6}>
            {CARRIED.map((value) => (
              <Checkbox key={value} value={value} disabled={readOnly} label={t(`common:channel.${value}`)} />
            ))}
          </Group>
        </Checkbox.Group>
      </Group>
      {fault !== null && (
        <Text size="sm" c="var(--text-danger)" role="alert" mt="xs">
          {t(`cap.fault.${fault}`)}
        </Text>
      )}
    </li>
  );
}
