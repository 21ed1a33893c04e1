import { Group, Input, NativeSelect, NumberInput } from '@mantine/core';
import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { UNIT_MINUTES, unitName, unitOf, type MinuteUnit } from './minutes';

interface MinutesFieldProps {
  label: string;
  description?: ReactNode;
  /** In minutes. */
  value: number;
  onChange: (minutes: number) => void;
  units?: readonly MinuteUnit[];
  max?: number;
  min?: number;
  readOnly?: boolean;
  error?: ReactNode;
}

/** A length of time: a number and its unit. */
export function MinutesField({ label, description, value, onChange, units = ['minute', 'hour', 'day'], min = 0, max = 129_600, readOnly = false, error }: MinutesFieldProps) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const [chosen, setChosen] = useState<MinuteUnit>(() => (units.includes(unitOf(value)) ? unitOf(value) : (units[0] ?? 'minute')));
  // A value that came from elsewhere may need a finer unit.
  const unit = value % UNIT_MINUTES[chosen] === 0 ? chosen : unitOf(value);
  const count = value / UNIT_MINUTES[unit];
  return (
    <Input.Wrapper id={id} label={label} description={description} error={error}>
      <Group gap={8} wrap="nowrap" mt={4} maw={320}>
        <NumberInput
          id={id}
          style={{ flex: 1, minWidth: 0 }}
          value={count}
          min={Math.ceil(min / UNIT_MINUTES[unit])}
          max={Math.floor(max / UNIT_MINUTES[unit])}
          allowDecimal={false}
          allowNegative={false}
          readOnly={readOnly}
          error={error !== undefined && error !== null}
          onChange={(next) => onChange(Number(next) * UNIT_MINUTES[unit])}
        />
        {units.length === 1 ? (
          <span style={{ minWidth: 64 }}>{unitName(unit, count, i18n.language)}</span>
        ) : (
          <NativeSelect
            aria-label={t('minutes.unit', { label })}
            w={124}
            disabled={readOnly}
            value={unit}
            data={units.map((each) => ({ value: each, label: unitName(each, count, i18n.language) }))}
            onChange={(event) => {
              const next = event.currentTarget.value as MinuteUnit;
              setChosen(next);
              onChange(Math.min(max, count * UNIT_MINUTES[next]));
            }}
          />
        )}
      </Group>
    </Input.Wrapper>
  );
}
