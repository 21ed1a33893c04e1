import type { DateOverride, Schedule, Stretch } from '@frontdesk/api-client';
import { ActionIcon, Button, Card, Group, NativeSelect, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import { CalendarRange, Pencil, Plus, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { civilOf, formatDay, formatMinutes } from '../../ui/civil';
import { EmptyState } from '../../ui/EmptyState';
import { minutesOf, nextStretch, timeOf, USUAL } from '../../ui/hours';
import { Panel } from '../../ui/Panel';
import { useNow } from '../../ui/time';
import { bookingSettingsQuery, placesQuery } from '../booking/queries';
import classes from './Availability.module.css';
import { closedOn } from './closed';
import { NeedsHours } from './Hours';
import type { PartProps } from './ItemEditor';
import { MonthGrid } from './MonthGrid';
import { holidaysQuery } from './settings';
import { stretchFault, withDates, withoutDates } from './schedule';

/** Days that differ from the ordinary week: picked in a calendar, changed together. */
export function Dates(props: PartProps) {
  return <NeedsHours {...props}>{(schedule, zone) => <DatesEditor {...props} schedule={schedule} zone={zone} />}</NeedsHours>;
}

function DatesEditor({ kind, form, readOnly, schedule, zone }: PartProps & { schedule: Schedule; zone: string }) {
  const { t, i18n } = useTranslation('availability');
  const today = civilOf(useNow(), zone).day;
  const [at, setAt] = useState(today);
  const [chosen, setChosen] = useState<string[]>([]);
  const [round, setRound] = useState(0);
  const settings = useQuery(bookingSettingsQuery);
  const country = settings.data?.holidays.country ?? null;
  const year = Number(at.slice(0, 4));
  const holidays = useQueries({
    queries: country === null ? [] : [year - 1, year, year + 1].map((each) => holidaysQuery(country, each)),
    combine: (answers) => answers.flatMap((answer) => answer.data ?? []),
  });
  const { overrides } = schedule;
  const set = (next: DateOverride[]) => {
    form.clearErrors();
    form.setFieldValue('schedule.overrides', next);
  };
  const hoursText = (hours: readonly Stretch[]) =>
    hours.length === 0 ? t('dates.off') : hours.map((each) => `${formatMinutes(each.from, i18n.language)} – ${formatMinutes(each.to, i18n.language)}`).join(', ');
  const upcoming = overrides.map((override, index) => ({ override, index })).filter(({ override }) => override.date >= today).sort((a, b) => a.override.date.localeCompare(b.override.date));
  return (
    <>
      <Panel title={t('dates.title')} text={t('dates.text')}>
        <div className={classes.dates}>
          <div>
            <MonthGrid
              at={at}
              onMove={setAt}
              today={today}
              chosen={chosen}
              onToggle={(day) => {
                if (readOnly) return;
                setChosen(chosen.includes(day) ? chosen.filter((each) => each !== day) : [...chosen, day].sort());
              }}
              lookOf={(day) => {
                const override = overrides.find((each) => each.date === day);
                if (override !== undefined) return { kind: override.hours.length === 0 ? 'off' : 'hours', label: hoursText(override.hours) };
                const closed = schedule.works_holidays || settings.data === undefined ? null : closedOn(settings.data.holidays, holidays, day);
                return closed === null ? null : { kind: 'holiday', label: closed };
              }}
            />
            <Group gap="md" mt="sm" className={classes.legend}>
              {(['off', 'hours', 'holiday'] as const).map((look) => (
                <span key={look}>
                  <i data-kind={look} /> {t(`dates.legend.${look}`)}
                </span>
              ))}
            </Group>
          </div>
          {chosen.length === 0 ? (
            <div className={classes.datesHint}>
              <EmptyState compact icon={CalendarRange} title={t('dates.choose')} text={t('dates.chooseText')} />
            </div>
          ) : (
            <DatesForm
              key={round}
              chosen={chosen}
              withPlaces={kind === 'staff'}
              before={overrides.find((each) => each.date === chosen[0])}
              onCancel={() => setChosen([])}
              onApply={(what) => {
                set(withDates(overrides, chosen, what));
                setChosen([]);
              }}
              {...(overrides.some((each) => chosen.includes(each.date))
                ? {
                    onClear: () => {
                      set(withoutDates(overrides, chosen));
                      setChosen([]);
                    },
                  }
                : {})}
            />
          )}
        </div>
      </Panel>
      <Panel title={t('dates.list')}>
        {upcoming.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('dates.none')}
          </Text>
        ) : (
          <ul className={classes.rows}>
            {upcoming.map(({ override, index }) => {
              const name = formatDay(override.date, { weekday: 'short', year: 'numeric', month: 'long', day: 'numeric' }, i18n.language);
              const prefix = `schedule.overrides.${String(index)}`;
              const fault = Object.entries(form.errors).find(([path]) => path === prefix || path.startsWith(`${prefix}.`))?.[1];
              return (
                <li key={`${override.date}-${String(index)}`} className={classes.row}>
                  <div className={classes.rowBody}>
                    <Text size="sm" fw={600} className="begins-line">
                      {name}
                    </Text>
                    <Text size="sm" c="dimmed">
                      {hoursText(override.hours)}
                      {override.reason !== '' && ` · ${override.reason}`}
                    </Text>
                    {fault !== undefined && (
                      <Text size="xs" c="var(--mantine-color-error)" role="alert">
                        {fault}
                      </Text>
                    )}
                  </div>
                  {!readOnly && (
                    <Group gap={2} wrap="nowrap">
                      <ActionIcon
                        size={34}
                        aria-label={t('dates.edit', { date: name })}
                        onClick={() => {
                          setAt(override.date);
                          setRound(round + 1);
                          setChosen([override.date]);
                        }}
                      >
                        <Pencil size={16} aria-hidden />
                      </ActionIcon>
                      <ActionIcon size={34} aria-label={t('dates.remove', { date: name })} onClick={() => set(overrides.filter((_, other) => other !== index))}>
                        <Trash2 size={16} aria-hidden />
                      </ActionIcon>
                    </Group>
                  )}
                </li>
              );
            })}
          </ul>
        )}
      </Panel>
    </>
  );
}

interface DatesFormProps {
  chosen: readonly string[];
  withPlaces: boolean;
  before: DateOverride | undefined;
  onApply: (what: Omit<DateOverride, 'date'>) => void;
  onCancel: () => void;
  onClear?: () => void;
}

/** What the chosen days are like. */
function DatesForm({ chosen, withPlaces, before, onApply, onCancel, onClear }: DatesFormProps) {
  const { t, i18n } = useTranslation('availability');
  const places = useQuery({ ...placesQuery, enabled: withPlaces });
  const [hours, setHours] = useState<Stretch[]>(before?.hours ?? []);
  const [reason, setReason] = useState(before?.reason ?? '');
  const [place, setPlace] = useState(before?.place_id ?? '');
  const first = chosen[0] ?? '';
  const title =
    chosen.length === 1 ? formatDay(first, { weekday: 'long', month: 'long', day: 'numeric' }, i18n.language) : t('dates.chosen', { count: chosen.length });
  const next = nextStretch(hours);
  const change = (index: number, part: Partial<Stretch>) => setHours(hours.map((each, at) => (at === index ? { ...each, ...part } : each)));
  const faulty = hours.some((_, index) => stretchFault(hours, index) !== null);
  return (
    <Card className={classes.datesForm}>
      <Stack gap="sm">
        <Text fw={650} style={{ textTransform: 'none' }}>
          {title.charAt(0).toLocaleUpperCase(i18n.language) + title.slice(1)}
        </Text>
        <SegmentedControl
          fullWidth
          aria-label={title}
          value={hours.length === 0 ? 'off' : 'hours'}
          data={[
            { value: 'off', label: t('dates.off') },
            { value: 'hours', label: t('dates.otherHours') },
          ]}
          onChange={(value) => setHours(value === 'off' ? [] : [USUAL])}
        />
        {hours.map((stretch, index) => {
          const fault = stretchFault(hours, index);
          return (
            <div key={index}>
              <Group gap={8} wrap="nowrap">
                {(['from', 'to'] as const).map((side) => (
                  <TextInput
                    key={side}
                    type="time"
                    style={{ flex: 1 }}
                    aria-label={t(`dates.${side}`)}
                    value={timeOf(stretch[side])}
                    error={fault !== null}
                    onChange={(event) => {
                      const minutes = minutesOf(event.currentTarget.value, side === 'to');
                      if (minutes !== null) change(index, { [side]: minutes });
                    }}
                  />
                ))}
                {hours.length > 1 && (
                  <ActionIcon size={36} aria-label={t('dates.removeHours')} onClick={() => setHours(hours.filter((_, at) => at !== index))}>
                    <X size={16} aria-hidden />
                  </ActionIcon>
                )}
              </Group>
              {fault !== null && (
                <Text size="xs" c="var(--mantine-color-error)" role="alert" mt={4}>
                  {t(`fault.${fault}`)}
                </Text>
              )}
            </div>
          );
        })}
        {hours.length > 0 && next !== null && (
          <Group>
            <Button size="compact-sm" variant="subtle" leftSection={<Plus size={14} aria-hidden />} onClick={() => setHours([...hours, next])}>
              {t('dates.addHours')}
            </Button>
          </Group>
        )}
        {hours.length > 0 && withPlaces && (places.data?.length ?? 0) > 0 && (
          <NativeSelect
            label={t('field.at')}
            value={place}
            data={[{ value: '', label: t('field.anywhere') }, ...(places.data ?? []).map(({ id, name }) => ({ value: id, label: name }))]}
            onChange={(event) => setPlace(event.currentTarget.value)}
          />
        )}
        <TextInput label={t('field.reason')} description={t('field.reasonHint')} maxLength={200} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
        <Group justify="space-between" gap="xs">
          {onClear === undefined ? (
            <span />
          ) : (
            <Button size="xs" variant="subtle" color="red" onClick={onClear}>
              {t('dates.clear')}
            </Button>
          )}
          <Group gap="xs">
            <Button size="xs" variant="default" onClick={onCancel}>
              {t('common:action.cancel')}
            </Button>
            <Button size="xs" disabled={faulty} onClick={() => onApply({ hours, reason: reason.trim(), place_id: hours.length === 0 || place === '' ? null : place })}>
              {t('dates.apply')}
            </Button>
          </Group>
        </Group>
      </Stack>
    </Card>
  );
}
