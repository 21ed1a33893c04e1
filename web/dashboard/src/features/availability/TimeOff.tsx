import type { BlockedTime, RecurringRule, Schedule } from '@frontdesk/api-client';
import { ActionIcon, Badge, Button, Group, Modal, Stack, Switch, Text, TextInput } from '@mantine/core';
import { CalendarOff, Pencil, Plus, Repeat2, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { civilOf, formatDay, formatMinutes } from '../../ui/civil';
import { EmptyState } from '../../ui/EmptyState';
import { minutesText } from '../../ui/minutes';
import { Panel } from '../../ui/Panel';
import { formatTime, useNow } from '../../ui/time';
import { DayField, TimeField } from '../booking/fields';
import classes from './Availability.module.css';
import { NeedsHours } from './Hours';
import type { PartProps } from './ItemEditor';
import { readRule, sentenceOf } from './repeat';
import { RepeatForm } from './RepeatForm';
import { blockedOf, hoursOfRule, timeOffOf, type TimeOff } from './schedule';

/** Times taken away, once or again and again. */
export function TimeOffPart(props: PartProps) {
  return (
    <NeedsHours {...props}>
      {(schedule, zone) => (
        <>
          <Once {...props} schedule={schedule} zone={zone} />
          <Recurring {...props} schedule={schedule} zone={zone} />
        </>
      )}
    </NeedsHours>
  );
}

type EditorProps = PartProps & { schedule: Schedule; zone: string };

/** Which entry is being edited; `new` for none yet. */
type Editing = number | 'new' | null;

function Once({ form, readOnly, schedule, zone }: EditorProps) {
  const { t, i18n } = useTranslation('availability');
  const [editing, setEditing] = useState<Editing>(null);
  const now = useNow();
  const { blocked } = schedule;
  const upcoming = blocked.map((time, index) => ({ time, index })).filter(({ time }) => Date.parse(time.to) > now).sort((a, b) => Date.parse(a.time.from) - Date.parse(b.time.from));
  const set = (next: BlockedTime[]) => {
    form.clearErrors();
    form.setFieldValue('schedule.blocked', next);
  };
  const spanText = (time: BlockedTime) => {
    const { allDay, from, to } = timeOffOf(time, zone);
    const day = (each: string) => formatDay(each, { weekday: 'short', year: 'numeric', month: 'short', day: 'numeric' }, i18n.language);
    if (allDay) return from === to ? day(from) : `${day(from)} – ${day(to)}`;
    const sameDay = civilOf(time.from, zone).day === civilOf(Date.parse(time.to) - 1, zone).day;
    return `${day(from)}, ${formatTime(time.from, 'time', i18n.language, zone)} – ${sameDay ? '' : `${day(to)}, `}${formatTime(time.to, 'time', i18n.language, zone)}`;
  };
  const add = !readOnly && (
    <Button size="xs" leftSection={<Plus size={15} aria-hidden />} onClick={() => setEditing('new')}>
      {t('timeOff.add')}
    </Button>
  );
  return (
    <Panel title={t('once.title')} text={t('once.text')} action={upcoming.length > 0 && add}>
      {upcoming.length === 0 ? (
        <EmptyState compact icon={CalendarOff} title={t('once.none')} text={t('once.noneText')} action={add} />
      ) : (
        <ul className={classes.rows}>
          {upcoming.map(({ time, index }) => {
            const fault = form.errors[`schedule.blocked.${String(index)}.to`] ?? form.errors[`schedule.blocked.${String(index)}.reason`];
            const name = spanText(time);
            return (
              <li key={index} className={classes.row}>
                <div className={classes.rowBody}>
                  <Text size="sm" fw={600} className="begins-line">
                    {name}
                  </Text>
                  {time.reason !== '' && (
                    <Text size="sm" c="dimmed">
                      {time.reason}
                    </Text>
                  )}
                  {fault !== undefined && (
                    <Text size="xs" c="var(--mantine-color-error)" role="alert">
                      {fault}
                    </Text>
                  )}
                </div>
                {!readOnly && <RowActions name={name} onEdit={() => setEditing(index)} onRemove={() => set(blocked.filter((_, other) => other !== index))} />}
              </li>
            );
          })}
        </ul>
      )}
      <Modal opened={editing !== null} onClose={() => setEditing(null)} title={<Text fw={650}>{t(editing === 'new' ? 'timeOff.add' : 'timeOff.edit')}</Text>}>
        {editing !== null && (
          <OnceForm
            before={typeof editing === 'number' ? blocked[editing] : undefined}
            zone={zone}
            onCancel={() => setEditing(null)}
            onDone={(time) => {
              set(typeof editing === 'number' ? blocked.map((each, index) => (index === editing ? time : each)) : [...blocked, time]);
              setEditing(null);
            }}
          />
        )}
      </Modal>
    </Panel>
  );
}

function RowActions({ name, onEdit, onRemove }: { name: string; onEdit: () => void; onRemove: () => void }) {
  const { t } = useTranslation('availability');
  return (
    <Group gap={2} wrap="nowrap">
      <ActionIcon size={34} aria-label={`${t('common:action.edit')}: ${name}`} onClick={onEdit}>
        <Pencil size={16} aria-hidden />
      </ActionIcon>
      <ActionIcon size={34} aria-label={`${t('common:action.remove')}: ${name}`} onClick={onRemove}>
        <Trash2 size={16} aria-hidden />
      </ActionIcon>
    </Group>
  );
}

interface OnceFormProps {
  before: BlockedTime | undefined;
  zone: string;
  onDone: (time: BlockedTime) => void;
  onCancel: () => void;
}

function OnceForm({ before, zone, onDone, onCancel }: OnceFormProps) {
  const { t } = useTranslation('availability');
  const today = civilOf(useNow(), zone).day;
  const [time, setTime] = useState<TimeOff>(() =>
    before === undefined ? { allDay: true, from: today, to: today, start: 9 * 60, end: 17 * 60, reason: '' } : timeOffOf(before, zone),
  );
  const blocked = blockedOf(time, zone);
  const backwards = Date.parse(blocked.from) >= Date.parse(blocked.to);
  const change = (part: Partial<TimeOff>) => setTime({ ...time, ...part });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        // The form of the page is another one.
        event.stopPropagation();
        if (!backwards) onDone(blocked);
      }}
    >
      <Stack>
        <Switch label={t('timeOff.allDay')} checked={time.allDay} onChange={(event) => change({ allDay: event.currentTarget.checked })} />
        <div className={classes.span}>
          <DayField
            data-autofocus
            label={t('timeOff.from')}
            value={time.from}
            onChange={(from) => change({ from, to: from > time.to ? from : time.to })}
          />
          {!time.allDay && <TimeField aria-label={t('timeOff.fromTime')} value={time.start} onChange={(start) => start !== null && change({ start })} />}
          <DayField label={t(time.allDay ? 'timeOff.toDay' : 'timeOff.to')} value={time.to} onChange={(to) => change({ to })} />
          {!time.allDay && <TimeField isEnd aria-label={t('timeOff.toTime')} value={time.end} onChange={(end) => end !== null && change({ end })} />}
        </div>
        {backwards && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {t('fault.order')}
          </Text>
        )}
        <TextInput label={t('field.reason')} description={t('field.reasonHint')} maxLength={200} value={time.reason} onChange={(event) => change({ reason: event.currentTarget.value })} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" disabled={backwards}>
            {t(before === undefined ? 'common:action.add' : 'timeOff.take')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Recurring({ form, readOnly, schedule, zone }: EditorProps) {
  const { t, i18n } = useTranslation('availability');
  const [editing, setEditing] = useState<Editing>(null);
  const { recurring } = schedule;
  const set = (next: RecurringRule[]) => {
    form.clearErrors();
    form.setFieldValue('schedule.recurring', next);
  };
  const add = !readOnly && recurring.length < 50 && (
    <Button size="xs" leftSection={<Plus size={15} aria-hidden />} onClick={() => setEditing('new')}>
      {t('recurring.add')}
    </Button>
  );
  return (
    <Panel title={t('recurring.title')} text={t('recurring.text')} action={recurring.length > 0 && add}>
      {recurring.length === 0 ? (
        <EmptyState compact icon={Repeat2} title={t('recurring.none')} text={t('recurring.noneText')} action={add} />
      ) : (
        <ul className={classes.rows}>
          {recurring.map((rule, index) => {
            const { day, from, to, allDay } = hoursOfRule(rule);
            const repeat = readRule(rule.rrule, day);
            const words = repeat === null ? rule.rrule : sentenceOf(repeat, i18n.language, t);
            const fault = ['rrule', 'minutes', 'except'].map((field) => form.errors[`schedule.recurring.${String(index)}.${field}`]).find((each) => each !== undefined);
            return (
              <li key={index} className={classes.row}>
                <div className={classes.rowBody}>
                  <Text size="sm" fw={600} className="begins-line">
                    {words}
                  </Text>
                  <Text size="sm" c="dimmed">
                    {allDay ? t('timeOff.allDay') : `${formatMinutes(from, i18n.language)} – ${formatMinutes(to, i18n.language)} (${minutesText(rule.minutes, i18n.language)})`}
                    {rule.reason !== '' && ` · ${rule.reason}`}
                    {rule.except.length > 0 && ` · ${t('recurring.except', { count: rule.except.length })}`}
                    {rule.extra.length > 0 && ` · ${t('recurring.extra', { count: rule.extra.length })}`}
                  </Text>
                  {fault !== undefined && (
                    <Text size="xs" c="var(--mantine-color-error)" role="alert">
                      {fault}
                    </Text>
                  )}
                </div>
                <Badge color={rule.kind === 'open' ? 'teal' : 'orange'}>{t(`recurring.${rule.kind}`)}</Badge>
                {!readOnly && <RowActions name={words} onEdit={() => setEditing(index)} onRemove={() => set(recurring.filter((_, other) => other !== index))} />}
              </li>
            );
          })}
        </ul>
      )}
      <Modal opened={editing !== null} onClose={() => setEditing(null)} size="lg" title={<Text fw={650}>{t(editing === 'new' ? 'recurring.add' : 'recurring.edit')}</Text>}>
        {editing !== null && (
          <RepeatForm
            before={typeof editing === 'number' ? recurring[editing] : undefined}
            zone={zone}
            onCancel={() => setEditing(null)}
            onDone={(rule) => {
              set(typeof editing === 'number' ? recurring.map((each, index) => (index === editing ? rule : each)) : [...recurring, rule]);
              setEditing(null);
            }}
          />
        )}
      </Modal>
    </Panel>
  );
}
