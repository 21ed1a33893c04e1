import type { BookingLimits } from '@frontdesk/api-client';
import { NumberInput, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { MinutesField } from '../../../ui/MinutesField';
import { Panel } from '../../../ui/Panel';
import { durationText } from '../../booking/looks';
import type { SectionProps } from '../TypeEditor';

const STEPS = [5, 10, 15, 20, 30, 45, 60, 90, 120];
const LIMITS: readonly { name: keyof BookingLimits; most: number }[] = [
  { name: 'per_day', most: 1000 },
  { name: 'per_week', most: 5000 },
  { name: 'per_staff_day', most: 1000 },
  { name: 'per_staff_week', most: 5000 },
];

/** When it can be booked: all that comes on top of the hours people work. */
export function Times({ form, readOnly }: SectionProps) {
  const { t, i18n } = useTranslation('booking-types');
  const { values, errors } = form;
  const steps = [...new Set([...STEPS, values.slot_step])].sort((a, b) => a - b);
  return (
    <>
      <Panel
        title={t('times.title')}
        text={
          <>
            {t('times.text')} <Link to="/availability/$section" params={{ section: 'staff' }}>{t('times.hours')}</Link>
          </>
        }
      >
        <Stack>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <MinutesField
              label={t('field.minimumNotice')}
              description={t('field.minimumNoticeHint')}
              readOnly={readOnly}
              value={values.minimum_notice}
              onChange={(minutes) => form.setFieldValue('minimum_notice', minutes)}
              error={errors['minimum_notice']}
            />
            <NumberInput
              label={t('field.horizon')}
              description={t('field.horizonHint')}
              maw={320}
              min={1}
              max={730}
              allowDecimal={false}
              readOnly={readOnly}
              value={values.horizon_days}
              onChange={(value) => form.setFieldValue('horizon_days', Number(value))}
              error={errors['horizon_days']}
            />
          </SimpleGrid>
          <Select
            label={t('field.step')}
            description={t('field.stepHint')}
            maw={320}
            disabled={readOnly}
            allowDeselect={false}
            data={steps.map((minutes) => ({ value: String(minutes), label: t('times.every', { duration: durationText(minutes, i18n.language) }) }))}
            value={String(values.slot_step)}
            onChange={(minutes) => {
              if (minutes !== null) form.setFieldValue('slot_step', Number(minutes));
            }}
            error={errors['slot_step']}
          />
        </Stack>
      </Panel>
      <Panel title={t('buffers.title')} text={t('buffers.text')}>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {(['buffer_before', 'buffer_after'] as const).map((name) => (
            <MinutesField
              key={name}
              label={t(`field.${name}`)}
              units={['minute', 'hour']}
              max={720}
              readOnly={readOnly}
              value={values[name]}
              onChange={(minutes) => form.setFieldValue(name, minutes)}
              error={errors[name]}
            />
          ))}
        </SimpleGrid>
        {values.buffer_before + values.buffer_after > 0 && (
          <Text size="sm" c="dimmed" mt="sm">
            {t('buffers.sum', { total: durationText((values.durations[0] ?? 30) + values.buffer_before + values.buffer_after, i18n.language) })}
          </Text>
        )}
      </Panel>
      <Panel title={t('limits.title')} text={t('limits.text')}>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {LIMITS.map(({ name, most }) => (
            <NumberInput
              key={name}
              label={t(`field.${name}`)}
              placeholder={t('limits.none')}
              min={1}
              max={most}
              allowDecimal={false}
              allowNegative={false}
              readOnly={readOnly}
              value={values.limits[name] ?? ''}
              onChange={(value) => form.setFieldValue(`limits.${name}`, value === '' ? null : Number(value))}
              error={errors[`limits.${name}`]}
            />
          ))}
        </SimpleGrid>
      </Panel>
    </>
  );
}
