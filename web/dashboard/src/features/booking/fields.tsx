// A day and a time as the browser's own fields: they know the keyboard, the phone and the language.

import { TextInput, type TextInputProps } from '@mantine/core';
import { minutesOf, timeOf } from '../../ui/hours';
import { isDay } from '../../ui/civil';

interface DayFieldProps extends Omit<TextInputProps, 'value' | 'onChange' | 'type'> {
  value: string;
  onChange: (day: string) => void;
  /** May be empty. */
  optional?: boolean;
}

export function DayField({ value, onChange, optional = false, ...input }: DayFieldProps) {
  return (
    <TextInput
      type="date"
      {...input}
      value={value}
      onChange={(event) => {
        const day = event.currentTarget.value;
        if (isDay(day) || (optional && day === '')) onChange(day);
      }}
    />
  );
}

interface TimeFieldProps extends Omit<TextInputProps, 'value' | 'onChange' | 'type'> {
  /** Minutes after midnight; null while it is incomplete. */
  value: number | null;
  onChange: (minutes: number | null) => void;
  /** Midnight is the end of the day, not its beginning. */
  isEnd?: boolean;
}

export function TimeField({ value, onChange, isEnd = false, ...input }: TimeFieldProps) {
  return <TextInput type="time" {...input} value={value === null ? '' : timeOf(value)} onChange={(event) => onChange(minutesOf(event.currentTarget.value, isEnd))} />;
}
