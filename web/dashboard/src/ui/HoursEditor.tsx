import type { Stretch, Weekday, WeeklyHours } from '@frontdesk/api-client';
import { ActionIcon, Switch, Text, TextInput, Tooltip } from '@mantine/core';
import { CopyCheck, Plus, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { dayName, isValid, minutesOf, nextStretch, timeOf, USUAL, WEEKDAYS } from './hours';
import classes from './HoursEditor.module.css';

interface HoursEditorProps {
  label: string;
  hours: WeeklyHours;
  onChange: (hours: WeeklyHours) => void;
  readOnly?: boolean;
}

/** Opening hours by weekday, several stretches a day; a day without any is closed. */
export function HoursEditor({ label, hours, onChange, readOnly = false }: HoursEditorProps) {
  const { t, i18n } = useTranslation();
  const set = (day: Weekday, stretches: Stretch[]) => {
    const { [day]: _before, ...rest } = hours;
    onChange(stretches.length === 0 ? rest : { ...rest, [day]: stretches });
  };
  const copy = (from: Weekday) => {
    const stretches = hours[from] ?? [];
    onChange(Object.fromEntries(Object.keys(hours).map((day) => [day, stretches.map((stretch) => ({ ...stretch }))])));
  };
  return (
    <div role="group" aria-label={label}>
      <ul className={classes.days}>
        {WEEKDAYS.map((day) => {
          const name = dayName(day, i18n.language);
          const stretches = hours[day] ?? [];
          const open = stretches.length > 0;
          return (
            <li key={day} className={classes.day}>
              <div className={classes.switch}>
                <Switch
                  label={name.charAt(0).toLocaleUpperCase(i18n.language) + name.slice(1)}
                  aria-label={t('hours.open', { day: name })}
                  checked={open}
                  disabled={readOnly}
                  onChange={(event) => set(day, event.currentTarget.checked ? [USUAL] : [])}
                />
              </div>
              <div className={classes.stretches}>
                {open ? (
                  <Stretches day={day} name={name} stretches={stretches} readOnly={readOnly} onChange={(next) => set(day, next)} />
                ) : (
                  <Text size="sm" c="dimmed" lh="34px">
                    {t('hours.closed')}
                  </Text>
                )}
              </div>
              {open && !readOnly ? (
                <Tooltip label={t('hours.copy', { day: name })}>
                  <ActionIcon size={34} aria-label={t('hours.copy', { day: name })} onClick={() => copy(day)}>
                    <CopyCheck size={16} aria-hidden />
                  </ActionIcon>
                </Tooltip>
              ) : (
                <span />
              )}
            </li>
          );
        })}
      </ul>
      {!isValid(hours) && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert" mt="xs">
          {t('hours.bad')}
        </Text>
      )}
    </div>
  );
}

interface StretchesProps {
  day: Weekday;
  name: string;
  stretches: readonly Stretch[];
  readOnly: boolean;
  onChange: (stretches: Stretch[]) => void;
}

function Stretches({ name, stretches, readOnly, onChange }: StretchesProps) {
  const { t } = useTranslation();
  const next = nextStretch(stretches);
  const change = (index: number, part: Partial<Stretch>) =>
    onChange(stretches.map((stretch, at) => (at === index ? { ...stretch, ...part } : stretch)));
  return stretches.map((stretch, index) => (
    <div key={index} className={classes.stretch}>
      <TextInput
        type="time"
        w={128}
        aria-label={t('hours.from', { day: name })}
        value={timeOf(stretch.from)}
        readOnly={readOnly}
        onChange={(event) => {
          const from = minutesOf(event.currentTarget.value, false);
          if (from !== null) change(index, { from });
        }}
      />
      <Text size="sm" c="dimmed">
        {t('hours.until')}
      </Text>
      <TextInput
        type="time"
        w={128}
        aria-label={t('hours.to', { day: name })}
        value={timeOf(stretch.to)}
        readOnly={readOnly}
        onChange={(event) => {
          const to = minutesOf(event.currentTarget.value, true);
          if (to !== null) change(index, { to });
        }}
      />
      {!readOnly && stretches.length > 1 && (
        <ActionIcon size={34} aria-label={t('hours.removeStretch', { day: name })} onClick={() => onChange(stretches.filter((_, at) => at !== index))}>
          <X size={16} aria-hidden />
        </ActionIcon>
      )}
      {!readOnly && index === stretches.length - 1 && next !== null && (
        <ActionIcon size={34} aria-label={t('hours.addStretch', { day: name })} onClick={() => onChange([...stretches, next])}>
          <Plus size={16} aria-hidden />
        </ActionIcon>
      )}
    </div>
  ));
}
