import { ActionIcon, Input, NumberInput, Tooltip } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { durationText } from '../booking/looks';
import classes from './BookingTypes.module.css';
import { isDuration, MOST_DURATIONS, withDuration } from './defaults';

interface DurationsFieldProps {
  /** In minutes, the usual one first. */
  value: readonly number[];
  onChange: (durations: number[]) => void;
  error?: ReactNode;
  readOnly?: boolean;
}

/** The lengths on offer. The first is the usual one; another becomes so by a click. */
export function DurationsField({ value, onChange, error, readOnly = false }: DurationsFieldProps) {
  const { t, i18n } = useTranslation('booking-types');
  const id = useId();
  const [typed, setTyped] = useState<number | string>('');
  const minutes = Number(typed);
  const fits = isDuration(minutes) && !value.includes(minutes);
  const add = () => {
    if (!fits) return;
    onChange(withDuration(value, minutes));
    setTyped('');
  };
  return (
    <Input.Wrapper id={id} label={t('field.durations')} description={t('field.durationsHint')} error={error}>
      <div className={classes.durations}>
        {value.map((each, index) => {
          const name = durationText(each, i18n.language);
          return (
            <span key={each} className={classes.duration} data-usual={index === 0 || undefined}>
              <Tooltip label={index === 0 ? t('durations.usual') : t('durations.makeUsual')}>
                <button
                  type="button"
                  disabled={readOnly}
                  aria-pressed={index === 0}
                  aria-label={t(index === 0 ? 'durations.isUsual' : 'durations.setUsual', { duration: name })}
                  onClick={() => onChange([each, ...value.filter((other) => other !== each)])}
                >
                  {name}
                </button>
              </Tooltip>
              {!readOnly && value.length > 1 && (
                <ActionIcon size={24} aria-label={t('durations.remove', { duration: name })} onClick={() => onChange(value.filter((other) => other !== each))}>
                  <X size={14} aria-hidden />
                </ActionIcon>
              )}
            </span>
          );
        })}
        {!readOnly && value.length < MOST_DURATIONS && (
          <span className={classes.addDuration}>
            <NumberInput
              id={id}
              w={112}
              aria-label={t('durations.addLabel')}
              placeholder={t('durations.minutes')}
              hideControls
              allowDecimal={false}
              allowNegative={false}
              value={typed}
              onChange={setTyped}
              onBlur={add}
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return;
                event.preventDefault();
                add();
              }}
            />
            <ActionIcon size={34} variant="default" disabled={!fits} aria-label={t('durations.add')} onClick={add}>
              <Plus size={16} aria-hidden />
            </ActionIcon>
          </span>
        )}
      </div>
    </Input.Wrapper>
  );
}
