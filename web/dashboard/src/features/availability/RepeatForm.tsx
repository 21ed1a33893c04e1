import type { RecurringRule } from '@frontdesk/api-client';
import { Button, Chip, Group, NativeSelect, NumberInput, SegmentedControl, Stack, Switch, Text, TextInput } from '@mantine/core';
import { CalendarCheck2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addMonths, civilOf, DAY_MINUTES, formatDay, formatMinutes } from '../../ui/civil';
import { dayName, WEEKDAYS } from '../../ui/hours';
import { useNow } from '../../ui/time';
import { DayField, TimeField } from '../booking/fields';
import classes from './Availability.module.css';
import { datesOf, freshRepeat, nthOf, readRule, sentenceOf, weekday, writeRule, type End, type Repeat } from './repeat';
import { civilText, hoursOfRule, lengthOf } from './schedule';

interface RepeatFormProps {
  before: RecurringRule | undefined;
  zone: string;
  onDone: (rule: RecurringRule) => void;
  onCancel: () => void;
}

/** How many of the next dates are shown to be left out. */
const SHOWN = 8;

/** Hours that come again: what, when, how often, until when, and which dates are left out. */
export function RepeatForm({ before, zone, onDone, onCancel }: RepeatFormProps) {
  const { t, i18n } = useTranslation('availability');
  const today = civilOf(useNow(), zone).day;
  const first = before === undefined ? { day: today, from: 12 * 60, to: 13 * 60, allDay: false } : hoursOfRule(before);
  const [kind, setKind] = useState(before?.kind ?? 'blocked');
  const [start, setStart] = useState(first.day);
  const [allDay, setAllDay] = useState(first.allDay);
  const [from, setFrom] = useState<number | null>(first.allDay ? 9 * 60 : first.from);
  const [to, setTo] = useState<number | null>(first.allDay ? 17 * 60 : first.to);
  const [repeat, setRepeat] = useState<Repeat | null>(() => (before === undefined ? freshRepeat(today) : readRule(before.rrule, first.day)));
  const [text, setText] = useState(before?.rrule ?? '');
  const [reason, setReason] = useState(before?.reason ?? '');
  const [except, setExcept] = useState<string[]>(() => (before?.except ?? []).map((each) => each.slice(0, 10)));
  const begins = allDay ? 0 : (from ?? 0);
  const minutes = allDay ? DAY_MINUTES : lengthOf(begins, to ?? 0);
  const empty = repeat !== null && repeat.freq === 'weekly' && repeat.days.length === 0;
  const complete = (allDay || (from !== null && to !== null)) && !empty && (repeat !== null || text.trim() !== '');
  const upcoming = repeat === null || empty ? [] : datesOf(repeat, start, start > today ? start : today, SHOWN);

  function moveStart(day: string) {
    // A rule that follows the first day goes on following it.
    if (repeat !== null && repeat.freq === 'weekly' && repeat.days.length === 1 && repeat.days[0] === weekday(start)) setRepeat({ ...repeat, days: [weekday(day)] });
    if (repeat !== null && repeat.freq === 'monthly') setRepeat({ ...repeat, monthly: monthlyOn(day, repeat.monthly.by) });
    setStart(day);
  }

  function done() {
    if (!complete) return;
    onDone({
      kind,
      start: civilText(start, begins),
      minutes,
      rrule: repeat === null ? text.trim() : writeRule(repeat),
      except: except.map((day) => civilText(day, begins)).sort(),
      extra: before?.extra ?? [],
      reason: reason.trim(),
    });
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        // The form of the page is another one.
        event.stopPropagation();
        done();
      }}
    >
      <Stack>
        <SegmentedControl
          fullWidth
          aria-label={t('recurring.kind')}
          value={kind}
          data={[
            { value: 'blocked', label: t('recurring.blocked') },
            { value: 'open', label: t('recurring.open') },
          ]}
          onChange={(value) => setKind(value as RecurringRule['kind'])}
        />
        <Group align="flex-end" gap="sm">
          <DayField data-autofocus label={t('recurring.first')} w={170} value={start} onChange={moveStart} />
          {!allDay && (
            <>
              <TimeField label={t('dates.from')} w={124} value={from} onChange={setFrom} />
              <TimeField label={t('dates.to')} w={124} isEnd value={to} onChange={setTo} />
            </>
          )}
          <Switch label={t('timeOff.allDay')} checked={allDay} mb={8} onChange={(event) => setAllDay(event.currentTarget.checked)} />
        </Group>
        {!allDay && from !== null && to !== null && to <= from && (
          <Text size="xs" c="dimmed">
            {t('recurring.overnight', { time: formatMinutes(to, i18n.language) })}
          </Text>
        )}
        {repeat === null ? (
          <TextInput
            label={t('recurring.rule')}
            description={t('recurring.ruleHint')}
            value={text}
            maxLength={500}
            onChange={(event) => setText(event.currentTarget.value)}
            rightSectionWidth="auto"
            rightSection={
              <Button size="compact-xs" variant="subtle" mr={6} onClick={() => setRepeat(readRule(text, start) ?? freshRepeat(start))}>
                {t('recurring.simple')}
              </Button>
            }
          />
        ) : (
          <RepeatFields repeat={repeat} start={start} onChange={setRepeat} onText={() => { setText(writeRule(repeat)); setRepeat(null); }} />
        )}
        {repeat !== null && !empty && (
          <div className={classes.sentence} role="status">
            <CalendarCheck2 size={16} aria-hidden />
            <span>
              {sentenceOf(repeat, i18n.language, t)}
              {allDay ? '' : `, ${formatMinutes(begins, i18n.language)} – ${formatMinutes(to ?? 0, i18n.language)}`}
            </span>
          </div>
        )}
        {empty && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {t('recurring.noDays')}
          </Text>
        )}
        {upcoming.length > 0 && (
          <div role="group" aria-label={t('recurring.next')}>
            <Text size="sm" fw={550} mb={2}>
              {t('recurring.next')}
            </Text>
            <Text size="xs" c="dimmed" mb={6}>
              {t('recurring.nextHint')}
            </Text>
            <Group gap={6}>
              {upcoming.map((day) => (
                <Chip
                  key={day}
                  size="sm"
                  checked={!except.includes(day)}
                  onChange={(kept) => setExcept(kept ? except.filter((each) => each !== day) : [...except, day])}
                >
                  {formatDay(day, { weekday: 'short', month: 'short', day: 'numeric' }, i18n.language)}
                </Chip>
              ))}
            </Group>
            {except.some((day) => !upcoming.includes(day)) && (
              <Text size="xs" c="dimmed" mt={6}>
                {t('recurring.otherExcept', { count: except.filter((day) => !upcoming.includes(day)).length })}
              </Text>
            )}
          </div>
        )}
        {repeat !== null && !empty && upcoming.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('recurring.over')}
          </Text>
        )}
        <TextInput label={t('field.reason')} description={t('field.reasonHint')} maxLength={200} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" disabled={!complete}>
            {t(before === undefined ? 'common:action.add' : 'timeOff.take')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const monthlyOn = (day: string, by: Repeat['monthly']['by']): Repeat['monthly'] =>
  by === 'day' ? { by, day: Number(day.slice(8, 10)) } : { by, nth: nthOf(day), day: weekday(day) };

interface RepeatFieldsProps {
  repeat: Repeat;
  start: string;
  onChange: (repeat: Repeat) => void;
  onText: () => void;
}

function RepeatFields({ repeat, start, onChange, onText }: RepeatFieldsProps) {
  const { t, i18n } = useTranslation('availability');
  const { freq, interval, end } = repeat;
  const nth = nthOf(start);
  const setEnd = (kind: End['kind']) =>
    onChange({ ...repeat, end: kind === 'until' ? { kind, date: addMonths(start, 3) } : kind === 'count' ? { kind, count: 10 } : { kind } });
  return (
    <>
      <Group align="flex-end" gap="sm">
        <NumberInput
          label={t('recurring.every')}
          w={90}
          min={1}
          max={99}
          allowDecimal={false}
          allowNegative={false}
          value={interval}
          onChange={(value) => onChange({ ...repeat, interval: Math.max(1, Number(value)) })}
        />
        <NativeSelect
          aria-label={t('recurring.unit')}
          w={150}
          value={freq}
          data={(['daily', 'weekly', 'monthly'] as const).map((value) => ({ value, label: t(`recurring.${value}`, { count: interval }) }))}
          onChange={(event) => onChange({ ...repeat, freq: event.currentTarget.value as Repeat['freq'] })}
        />
        <Button size="compact-sm" variant="subtle" mb={6} onClick={onText}>
          {t('recurring.asText')}
        </Button>
      </Group>
      {freq === 'weekly' && (
        <Chip.Group multiple value={repeat.days} onChange={(days) => onChange({ ...repeat, days: WEEKDAYS.filter((day) => days.includes(day)) })}>
          <Group gap={6} role="group" aria-label={t('recurring.on')}>
            {WEEKDAYS.map((day) => (
              <Chip key={day} value={day} size="sm">
                {dayName(day, i18n.language)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      )}
      {freq === 'monthly' && (
        <NativeSelect
          label={t('recurring.on')}
          maw={320}
          value={repeat.monthly.by}
          data={[
            { value: 'day', label: t('recurring.onDay', { day: Number(start.slice(8, 10)) }) },
            {
              value: 'weekday',
              label: t('recurring.onWeekday', { nth: t(`repeat.nth.${nth === -1 ? 'last' : (String(nth) as '1')}`), day: dayName(weekday(start), i18n.language) }),
            },
          ]}
          onChange={(event) => onChange({ ...repeat, monthly: monthlyOn(start, event.currentTarget.value as 'day' | 'weekday') })}
        />
      )}
      <Group align="flex-end" gap="sm">
        <NativeSelect
          label={t('recurring.ends')}
          w={170}
          value={end.kind}
          data={(['never', 'until', 'count'] as const).map((value) => ({ value, label: t(`recurring.end.${value}`) }))}
          onChange={(event) => setEnd(event.currentTarget.value as End['kind'])}
        />
        {end.kind === 'until' && <DayField aria-label={t('recurring.end.until')} w={170} value={end.date} onChange={(date) => onChange({ ...repeat, end: { kind: 'until', date } })} />}
        {end.kind === 'count' && (
          <NumberInput
            aria-label={t('recurring.end.count')}
            w={110}
            min={1}
            max={999}
            allowDecimal={false}
            allowNegative={false}
            value={end.count}
            onChange={(count) => onChange({ ...repeat, end: { kind: 'count', count: Math.max(1, Number(count)) } })}
          />
        )}
      </Group>
    </>
  );
}
