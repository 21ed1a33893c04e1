import type { BookingMoment, Channel, Trigger } from '@frontdesk/api-client';
import { Alert, Group, MultiSelect, NativeSelect, NumberInput, Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { minutesOf, timeOf } from '../../../ui/hours';
import { TimeField } from '../../booking/fields';
import { customFieldsQuery } from '../../contacts/queries';
import type { Faults } from './place';

const TRIGGERS = ['contact_added', 'conversation_ended', 'booking', 'date', 'manual'] as const satisfies readonly Trigger['on'][];
const MOMENTS = ['created', 'confirmed', 'rescheduled', 'cancelled', 'completed', 'no_show'] as const satisfies readonly BookingMoment[];
const CHANNELS = ['web', 'sms', 'whatsapp', 'email', 'telegram'] as const satisfies readonly Channel[];

function newTrigger(on: Trigger['on']): Trigger {
  switch (on) {
    case 'conversation_ended':
      return { on, without_booking: true, channels: [] };
    case 'booking':
      return { on, moments: ['no_show'] };
    case 'date':
      return { on, field: '', days: -7, at: '09:00' };
    default:
      return { on };
  }
}

interface TriggerFormProps {
  value: Trigger;
  onChange: (trigger: Trigger) => void;
  faults: Faults;
}

/** When contacts enter. */
export function TriggerForm({ value, onChange, faults }: TriggerFormProps) {
  const { t } = useTranslation('workflows');
  return (
    <Stack gap="sm">
      <NativeSelect
        label={t('trigger.label')}
        description={t(`trigger.${value.on}.text`)}
        data={TRIGGERS.map((on) => ({ value: on, label: t(`trigger.${on}.name`) }))}
        value={value.on}
        error={faults.at('/on')}
        onChange={(event) => onChange(newTrigger(event.currentTarget.value as Trigger['on']))}
      />
      {value.on === 'conversation_ended' && (
        <>
          <Switch
            label={t('trigger.conversation_ended.onlyWithout')}
            checked={value.without_booking}
            onChange={(event) => onChange({ ...value, without_booking: event.currentTarget.checked })}
          />
          <MultiSelect
            label={t('trigger.conversation_ended.channels')}
            placeholder={value.channels.length === 0 ? t('trigger.conversation_ended.anyChannel') : ''}
            data={CHANNELS.map((channel) => ({ value: channel, label: t(`common:channel.${channel}`) }))}
            value={value.channels}
            error={faults.at('/channels')}
            onChange={(channels) => onChange({ ...value, channels: channels as Channel[] })}
          />
        </>
      )}
      {value.on === 'booking' && (
        <MultiSelect
          label={t('trigger.booking.moments')}
          data={MOMENTS.map((moment) => ({ value: moment, label: t(`moment.${moment}`) }))}
          value={value.moments}
          error={faults.at('/moments')}
          onChange={(moments) => onChange({ ...value, moments: moments as BookingMoment[] })}
        />
      )}
      {value.on === 'date' && <DateTrigger value={value} onChange={onChange} faults={faults} />}
    </Stack>
  );
}

type OfDate = Extract<Trigger, { on: 'date' }>;

function DateTrigger({ value, onChange, faults }: { value: OfDate; onChange: (trigger: OfDate) => void; faults: Faults }) {
  const { t } = useTranslation('workflows');
  const fields = useQuery(customFieldsQuery()).data;
  const dates = (fields ?? []).filter((field) => field.kind === 'date');
  const known = dates.some((field) => field.key === value.field);
  const before = value.days < 0;
  const count = Math.abs(value.days);
  return (
    <>
      <NativeSelect
        label={t('trigger.date.field')}
        data={[
          ...(value.field === '' ? [{ value: '', label: t('trigger.date.choose') }] : []),
          ...(value.field !== '' && !known ? [{ value: value.field, label: value.field }] : []),
          ...dates.map((field) => ({ value: field.key, label: field.label })),
        ]}
        value={value.field}
        error={faults.at('/field')}
        onChange={(event) => onChange({ ...value, field: event.currentTarget.value })}
      />
      {fields !== undefined && dates.length === 0 && (
        <Alert color="orange" p="xs">
          <Text size="sm">{t('trigger.date.none')}</Text>
        </Alert>
      )}
      <Group gap="sm" align="flex-start">
        <NumberInput
          w={96}
          label={t('trigger.date.days')}
          min={0}
          max={366}
          allowDecimal={false}
          allowNegative={false}
          value={count}
          error={faults.at('/days')}
          onChange={(days) => onChange({ ...value, days: before ? -Number(days) : Number(days) })}
        />
        <NativeSelect
          label={t('trigger.date.side')}
          data={[
            { value: 'before', label: t('trigger.date.isBefore') },
            { value: 'after', label: t('trigger.date.isAfter') },
          ]}
          value={before ? 'before' : 'after'}
          onChange={(event) => onChange({ ...value, days: event.currentTarget.value === 'before' ? -Math.max(1, count) : count })}
        />
        <TimeField
          label={t('trigger.date.at')}
          value={minutesOf(value.at, false)}
          error={faults.at('/at')}
          onChange={(minutes) => {
            if (minutes !== null) onChange({ ...value, at: timeOf(minutes) });
          }}
        />
      </Group>
    </>
  );
}
