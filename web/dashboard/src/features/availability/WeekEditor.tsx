import type { Weekday, WeeklyRule } from '@frontdesk/api-client';
import { ActionIcon, Button, Checkbox, NativeSelect, Popover, Stack, Switch, Text, TextInput, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Copy, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dayName, minutesOf, nextStretch, timeOf, USUAL, WEEKDAYS } from '../../ui/hours';
import { sentence } from '../../ui/text';
import { placesQuery } from '../booking/queries';
import classes from './Availability.module.css';
import { copiedTo, faultOf, rulesOf, withDay } from './schedule';

interface WeekEditorProps {
  weekly: readonly WeeklyRule[];
  onChange: (weekly: WeeklyRule[]) => void;
  /** Hours may hold at one place only. */
  withPlaces: boolean;
  readOnly: boolean;
  /** What the server says is wrong, by path: `schedule.weekly.3.hours`. */
  errors: Record<string, unknown>;
}

/** The ordinary week: any number of stretches a day, one day copied to others. */
export function WeekEditor({ weekly, onChange, withPlaces, readOnly, errors }: WeekEditorProps) {
  const { t, i18n } = useTranslation('availability');
  return (
    <ul className={classes.days}>
      {WEEKDAYS.map((day) => {
        const name = dayName(day, i18n.language);
        const rules = rulesOf(weekly, day);
        const set = (next: WeeklyRule[]) => onChange(withDay(weekly, day, next));
        return (
          <li key={day} className={classes.day} data-off={rules.length === 0 || undefined}>
            <div className={classes.dayName}>
              <Switch
                label={sentence(name)}
                aria-label={t('week.works', { day: name })}
                checked={rules.length > 0}
                disabled={readOnly}
                onChange={(event) => set(event.currentTarget.checked ? [{ day, hours: USUAL, place_id: null }] : [])}
              />
            </div>
            <div className={classes.stretches}>
              {rules.length === 0 ? (
                <Text size="sm" c="dimmed" lh="36px">
                  {t('week.off')}
                </Text>
              ) : (
                <DayRules name={name} rules={rules} withPlaces={withPlaces} readOnly={readOnly} errors={errors} onChange={set} />
              )}
            </div>
            {rules.length > 0 && !readOnly ? <CopyDay day={day} name={name} onCopy={(to) => onChange(copiedTo(weekly, day, to))} /> : null}
          </li>
        );
      })}
    </ul>
  );
}

interface DayRulesProps {
  name: string;
  rules: readonly { rule: WeeklyRule; index: number }[];
  withPlaces: boolean;
  readOnly: boolean;
  errors: Record<string, unknown>;
  onChange: (rules: WeeklyRule[]) => void;
}

function DayRules({ name, rules, withPlaces, readOnly, errors, onChange }: DayRulesProps) {
  const { t } = useTranslation('availability');
  const places = useQuery({ ...placesQuery, enabled: withPlaces });
  const plain = rules.map(({ rule }) => rule);
  const next = nextStretch(plain.map((rule) => rule.hours));
  const change = (at: number, part: Partial<WeeklyRule>) => onChange(plain.map((rule, index) => (index === at ? { ...rule, ...part } : rule)));
  return rules.map(({ rule, index }, at) => {
    const fault = faultOf(plain, at);
    const said = errors[`schedule.weekly.${String(index)}.hours`] ?? errors[`schedule.weekly.${String(index)}.place_id`];
    const wrong = fault === null ? (typeof said === 'string' ? said : null) : t(`fault.${fault}`);
    return (
      <div key={at}>
        <div className={classes.stretch}>
          <TextInput
            type="time"
            className={classes.time}
            aria-label={t('week.from', { day: name })}
            value={timeOf(rule.hours.from)}
            readOnly={readOnly}
            error={wrong !== null}
            onChange={(event) => {
              const from = minutesOf(event.currentTarget.value, false);
              if (from !== null) change(at, { hours: { ...rule.hours, from } });
            }}
          />
          <Text size="sm" c="dimmed" aria-hidden>
            –
          </Text>
          <TextInput
            type="time"
            className={classes.time}
            aria-label={t('week.to', { day: name })}
            value={timeOf(rule.hours.to)}
            readOnly={readOnly}
            error={wrong !== null}
            onChange={(event) => {
              const to = minutesOf(event.currentTarget.value, true);
              if (to !== null) change(at, { hours: { ...rule.hours, to } });
            }}
          />
          {withPlaces && (places.data?.length ?? 0) > 0 && (
            <NativeSelect
              className={classes.place}
              aria-label={t('week.place', { day: name })}
              disabled={readOnly}
              value={rule.place_id ?? ''}
              data={[{ value: '', label: t('field.anywhere') }, ...(places.data ?? []).map((place) => ({ value: place.id, label: place.name }))]}
              onChange={(event) => change(at, { place_id: event.currentTarget.value === '' ? null : event.currentTarget.value })}
            />
          )}
          {!readOnly && rules.length > 1 && (
            <ActionIcon size={36} aria-label={t('week.remove', { day: name })} onClick={() => onChange(plain.filter((_, other) => other !== at))}>
              <X size={16} aria-hidden />
            </ActionIcon>
          )}
          {!readOnly && at === rules.length - 1 && next !== null && (
            <Tooltip label={t('week.addHint')}>
              <ActionIcon size={36} aria-label={t('week.add', { day: name })} onClick={() => onChange([...plain, { day: rule.day, hours: next, place_id: rule.place_id ?? null }])}>
                <Plus size={16} aria-hidden />
              </ActionIcon>
            </Tooltip>
          )}
        </div>
        {wrong !== null && (
          <Text size="xs" c="var(--mantine-color-error)" role="alert" mb={6}>
            {wrong}
          </Text>
        )}
      </div>
    );
  });
}

interface CopyDayProps {
  day: Weekday;
  name: string;
  onCopy: (to: Weekday[]) => void;
}

const WORKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri'];

function CopyDay({ day, name, onCopy }: CopyDayProps) {
  const { t, i18n } = useTranslation('availability');
  const [opened, setOpened] = useState(false);
  const [chosen, setChosen] = useState<Weekday[]>([]);
  const others = WEEKDAYS.filter((each) => each !== day);
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      withArrow
      trapFocus
      shadow="md"
    >
      <Popover.Target>
        <Tooltip label={t('copy.label', { day: name })} disabled={opened}>
          <ActionIcon
            size={36}
            aria-label={t('copy.label', { day: name })}
            aria-expanded={opened}
            onClick={() => {
              setChosen(WORKDAYS.filter((each) => each !== day));
              setOpened(!opened);
            }}
          >
            <Copy size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm" fw={600} mb="xs">
          {t('copy.title', { day: name })}
        </Text>
        <Stack gap={8}>
          {others.map((each) => (
            <Checkbox
              key={each}
              label={sentence(dayName(each, i18n.language))}
              checked={chosen.includes(each)}
              onChange={(event) => setChosen(event.currentTarget.checked ? [...chosen, each] : chosen.filter((other) => other !== each))}
            />
          ))}
          <Button
            size="xs"
            mt={4}
            disabled={chosen.length === 0}
            onClick={() => {
              onCopy(chosen);
              setOpened(false);
            }}
          >
            {t('copy.button')}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
