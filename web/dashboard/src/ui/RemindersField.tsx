import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core';
import { BellOff, Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { MinutesField } from './MinutesField';

interface RemindersFieldProps {
  /** Minutes before the start. */
  value: readonly number[];
  onChange: (reminders: number[]) => void;
  readOnly?: boolean;
  error?: ReactNode;
}

const MOST = 5;
const USUAL = [1440, 60, 2880, 120, 10_080];

/** When reminders go out: any number of lengths of time before the start. */
export function RemindersField({ value, onChange, readOnly = false, error }: RemindersFieldProps) {
  const { t } = useTranslation();
  const next = USUAL.find((minutes) => !value.includes(minutes)) ?? 30;
  return (
    <Stack gap="xs">
      {value.length === 0 && (
        <Text size="sm" c="dimmed">
          <BellOff size={14} aria-hidden style={{ verticalAlign: '-2px', marginInlineEnd: 6 }} />
          {t('reminders.none')}
        </Text>
      )}
      {value.map((minutes, index) => (
        <Group key={index} gap={8} wrap="nowrap" align="flex-end">
          <MinutesField
            label={t('reminders.before', { number: index + 1 })}
            min={1}
            readOnly={readOnly}
            value={minutes}
            onChange={(changed) => onChange(value.map((each, at) => (at === index ? changed : each)))}
          />
          {!readOnly && (
            <ActionIcon size={36} aria-label={t('reminders.remove', { number: index + 1 })} onClick={() => onChange(value.filter((_, at) => at !== index))}>
              <X size={16} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      ))}
      {error !== undefined && error !== null && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {error}
        </Text>
      )}
      {!readOnly && value.length < MOST && (
        <Group>
          <Button variant="light" size="xs" leftSection={<Plus size={15} aria-hidden />} onClick={() => onChange([...value, next])}>
            {t('reminders.add')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
