import type { BookingSettings } from '@frontdesk/api-client';
import { ActionIcon, Button, Group, Select, Skeleton, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight, PartyPopper, Plus, Trash2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan, useWorkspace } from '../../app/session';
import { addDays, formatDay } from '../../ui/civil';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { Panel } from '../../ui/Panel';
import { SaveBar } from '../../ui/SaveBar';
import { dayOf, useNow, useZone } from '../../ui/time';
import { DayField } from '../booking/fields';
import { bookingSettingsQuery } from '../booking/queries';
import classes from './Availability.module.css';
import { withHoliday } from './closed';
import { countriesQuery, holidaysQuery, useSettingsEditor, type SettingsEditor } from './settings';

export function Holidays() {
  const settings = useQuery(bookingSettingsQuery);
  if (settings.data !== undefined) return <Editor settings={settings.data} />;
  if (settings.isError) return <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />;
  return <Skeleton height={420} radius="lg" />;
}

function Editor({ settings }: { settings: BookingSettings }) {
  const readOnly = !useCan('schedules:write');
  const editor = useSettingsEditor(settings);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        editor.submit();
      }}
    >
      <Stack>
        <PublicHolidays editor={editor} readOnly={readOnly} />
        <OwnDays editor={editor} readOnly={readOnly} />
      </Stack>
      <SaveBar dirty={editor.dirty && !readOnly} saving={editor.saving} error={editor.error} onSave={editor.submit} onDiscard={editor.discard} />
    </form>
  );
}

interface PartProps {
  editor: SettingsEditor;
  readOnly: boolean;
}

function PublicHolidays({ editor: { form }, readOnly }: PartProps) {
  const { t, i18n } = useTranslation('availability');
  const countries = useQuery(countriesQuery);
  const workspace = useWorkspace();
  const country = form.values.holidays.country ?? null;
  const choices = useMemo(() => {
    const names = new Intl.DisplayNames(i18n.language, { type: 'region' });
    return (countries.data ?? []).map(({ code, name }) => ({ value: code, label: names.of(code) ?? name })).sort((a, b) => a.label.localeCompare(b.label, i18n.language));
  }, [countries.data, i18n.language]);
  const mine = workspace?.country ?? '';
  const choose = (code: string | null) => form.setFieldValue('holidays', { ...form.values.holidays, country: code, working: code === country ? form.values.holidays.working : [] });
  return (
    <Panel title={t('holidays.title')} text={t('holidays.text')}>
      <Stack>
        <Select
          label={t('field.country')}
          placeholder={t('holidays.noCountry')}
          maw={360}
          searchable
          clearable
          disabled={readOnly}
          data={choices}
          value={country}
          onChange={choose}
          error={form.errors['holidays.country']}
        />
        {country === null ? (
          <EmptyState
            compact
            icon={PartyPopper}
            title={t('holidays.none')}
            text={t('holidays.noneText')}
            action={
              !readOnly &&
              choices.some(({ value }) => value === mine) && (
                <Button variant="light" onClick={() => choose(mine)}>
                  {t('holidays.useMine', { country: choices.find(({ value }) => value === mine)?.label })}
                </Button>
              )
            }
          />
        ) : (
          <Year country={country} working={form.values.holidays.working} readOnly={readOnly} onChange={(working) => form.setFieldValue('holidays.working', working)} />
        )}
      </Stack>
    </Panel>
  );
}

interface YearProps {
  country: string;
  working: readonly string[];
  readOnly: boolean;
  onChange: (working: string[]) => void;
}

function Year({ country, working, readOnly, onChange }: YearProps) {
  const { t, i18n } = useTranslation('availability');
  const today = dayOf(new Date(useNow()), useZone());
  const [year, setYear] = useState(Number(today.slice(0, 4)));
  const holidays = useQuery(holidaysQuery(country, year));
  return (
    <div>
      <Group justify="space-between" mb="xs">
        <Group gap={4}>
          <ActionIcon size={32} aria-label={t('holidays.previousYear')} onClick={() => setYear(year - 1)}>
            <ChevronLeft size={18} aria-hidden />
          </ActionIcon>
          <Text fw={650} className="tabular" aria-live="polite">
            {year}
          </Text>
          <ActionIcon size={32} aria-label={t('holidays.nextYear')} onClick={() => setYear(year + 1)}>
            <ChevronRight size={18} aria-hidden />
          </ActionIcon>
        </Group>
        <Text size="xs" c="dimmed">
          {t('holidays.every')}
        </Text>
      </Group>
      {holidays.data === undefined ? (
        holidays.isError ? (
          <ErrorState compact error={holidays.error} onRetry={() => void holidays.refetch()} />
        ) : (
          <Skeleton height={240} />
        )
      ) : (
        <ul className={classes.rows}>
          {holidays.data.map(({ key, date, name }) => {
            const closed = !working.includes(key);
            return (
              <li key={`${key}-${date}`} className={classes.holiday} data-past={date < today || undefined}>
                <Text size="sm" c="dimmed" className={`tabular ${classes.holidayDay ?? ''}`}>
                  {formatDay(date, { weekday: 'short', month: 'short', day: 'numeric' }, i18n.language)}
                </Text>
                <Text size="sm" fw={550} style={{ flex: 1, minWidth: 0 }}>
                  {name}
                </Text>
                <Text size="sm" c={closed ? 'dimmed' : 'var(--text-success)'} aria-hidden>
                  {t(closed ? 'holidays.closed' : 'holidays.open')}
                </Text>
                <Switch
                  aria-label={t('holidays.closedOn', { name })}
                  checked={closed}
                  disabled={readOnly}
                  onChange={(event) => onChange(withHoliday(working, key, event.currentTarget.checked))}
                />
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}

function OwnDays({ editor: { form }, readOnly }: PartProps) {
  const { t } = useTranslation('availability');
  const own = form.values.holidays.own;
  const today = dayOf(new Date(useNow()), useZone());
  const add = !readOnly && own.length < 200 && (
    <Button
      size="xs"
      variant="light"
      leftSection={<Plus size={15} aria-hidden />}
      onClick={() => form.setFieldValue('holidays.own', [...own, { date: addDays(today, 1), yearly: false, name: '' }])}
    >
      {t('own.add')}
    </Button>
  );
  return (
    <Panel title={t('own.title')} text={t('own.text')}>
      <Stack gap="sm">
        {own.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('own.none')}
          </Text>
        )}
        {own.map((day, index) => {
          const at = `holidays.own.${String(index)}`;
          return (
            <div key={index} className={classes.ownDay} role="group" aria-label={day.name === '' ? t('own.number', { number: index + 1 }) : day.name}>
              <DayField aria-label={t('own.date')} w={160} readOnly={readOnly} value={day.date} onChange={(date) => form.setFieldValue(`${at}.date`, date)} error={form.errors[`${at}.date`]} />
              <TextInput aria-label={t('own.name')} placeholder={t('own.nameExample')} maxLength={120} className={classes.ownName} readOnly={readOnly} {...form.getInputProps(`${at}.name`)} />
              <Switch
                label={t('own.yearly')}
                disabled={readOnly}
                checked={day.yearly}
                onChange={(event) => form.setFieldValue(`${at}.yearly`, event.currentTarget.checked)}
              />
              {!readOnly && (
                <ActionIcon
                  size={36}
                  className={classes.ownRemove}
                  aria-label={t('own.remove', { name: day.name })}
                  onClick={() => {
                    form.clearErrors();
                    form.setFieldValue('holidays.own', own.filter((_, other) => other !== index));
                  }}
                >
                  <Trash2 size={16} aria-hidden />
                </ActionIcon>
              )}
            </div>
          );
        })}
        <Group>{add}</Group>
      </Stack>
    </Panel>
  );
}
