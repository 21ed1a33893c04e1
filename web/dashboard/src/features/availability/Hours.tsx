import type { Schedule } from '@frontdesk/api-client';
import { Button, Group, Radio, Select, Stack, Switch, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Clock } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../../app/session';
import { EmptyState } from '../../ui/EmptyState';
import { Panel } from '../../ui/Panel';
import { zones } from '../settings/places';
import type { PartProps } from './ItemEditor';
import { ownSchedule, weekMinutes } from './schedule';
import { WeekEditor } from './WeekEditor';
import { weekText } from './week-text';

/** The ordinary week and its zone. */
export function Hours({ kind, form, readOnly }: PartProps) {
  const { t, i18n } = useTranslation('availability');
  const workspace = useWorkspace();
  const schedule = form.values.schedule;
  const always = kind === 'resources';
  const business = ownSchedule(workspace?.hours ?? {}, false).weekly;
  const zoneChoices = useMemo(() => zones(i18n.language, schedule?.zone ?? ''), [i18n.language, schedule?.zone]);
  const total = new Intl.NumberFormat(i18n.language, { style: 'unit', unit: 'hour', unitDisplay: 'long', maximumFractionDigits: 2 }).format(
    weekMinutes(schedule?.weekly ?? []) / 60,
  );
  return (
    <>
      <Panel title={t('hours.title')} text={t(always ? 'hours.textResource' : 'hours.text')}>
        <Radio.Group
          aria-label={t('hours.title')}
          value={schedule === null ? 'shared' : 'own'}
          onChange={(which) => form.setFieldValue('schedule', which === 'shared' ? null : ownSchedule(workspace?.hours ?? {}, always))}
        >
          <Stack gap="sm">
            <Radio
              value="shared"
              disabled={readOnly}
              label={t(always ? 'hours.always' : 'hours.follows')}
              description={
                always ? undefined : (
                  <>
                    {weekText(business, i18n.language, t('hours.never'))} · <Link to="/settings/$section" params={{ section: 'business' }}>{t('hours.change')}</Link>
                  </>
                )
              }
            />
            <Radio value="own" disabled={readOnly} label={t('hours.own')} {...(schedule === null ? {} : { description: t('hours.total', { total }) })} />
          </Stack>
        </Radio.Group>
      </Panel>
      {schedule !== null && (
        <>
          <Panel title={t('week.title')} text={t('week.text')}>
            <WeekEditor
              weekly={schedule.weekly}
              withPlaces={kind === 'staff'}
              readOnly={readOnly}
              errors={form.errors}
              onChange={(weekly) => {
                form.clearErrors();
                form.setFieldValue('schedule.weekly', weekly);
              }}
            />
          </Panel>
          <Panel title={t('zone.title')} text={t('zone.text')}>
            <Stack>
              <Select
                label={t('field.zone')}
                maw={420}
                searchable
                allowDeselect={false}
                disabled={readOnly}
                data={[{ value: 'business', label: t('zone.business', { zone: (workspace?.zone ?? '').replaceAll('_', ' ') }) }, ...zoneChoices]}
                value={schedule.zone === '' ? 'business' : schedule.zone}
                onChange={(zone) => form.setFieldValue('schedule.zone', zone === null || zone === 'business' ? '' : zone)}
                error={form.errors['schedule.zone']}
              />
              <Switch
                label={t('field.worksHolidays')}
                description={
                  <>
                    {t('field.worksHolidaysHint')} <Link to="/availability/$section" params={{ section: 'holidays' }}>{t('section.holidays')}</Link>
                  </>
                }
                disabled={readOnly}
                checked={schedule.works_holidays}
                onChange={(event) => form.setFieldValue('schedule.works_holidays', event.currentTarget.checked)}
              />
            </Stack>
          </Panel>
        </>
      )}
    </>
  );
}

interface NeedsHoursProps extends PartProps {
  children: (schedule: Schedule, zone: string) => ReactNode;
}

/** Dates and times off belong to hours of one's own; whoever has none is offered them. */
export function NeedsHours({ kind, form, readOnly, children }: NeedsHoursProps) {
  const { t } = useTranslation('availability');
  const workspace = useWorkspace();
  const schedule = form.values.schedule;
  if (schedule !== null) return children(schedule, schedule.zone === '' ? (workspace?.zone ?? 'UTC') : schedule.zone);
  const always = kind === 'resources';
  return (
    <Panel title={t('needs.panel')}>
      <EmptyState
        compact
        icon={Clock}
        title={t(always ? 'hours.always' : 'hours.follows')}
        text={
          <Text size="sm" c="dimmed">
            {t('needs.text')}
          </Text>
        }
        action={
          !readOnly && (
            <Group>
              <Button variant="light" onClick={() => form.setFieldValue('schedule', ownSchedule(workspace?.hours ?? {}, always))}>
                {t('needs.button')}
              </Button>
            </Group>
          )
        }
      />
    </Panel>
  );
}
