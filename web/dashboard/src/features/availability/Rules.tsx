import type { BookingSettings } from '@frontdesk/api-client';
import { NumberInput, Skeleton, Stack, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { ErrorState } from '../../ui/ErrorState';
import { MinutesField } from '../../ui/MinutesField';
import { Panel } from '../../ui/Panel';
import { RemindersField } from '../../ui/RemindersField';
import { SaveBar } from '../../ui/SaveBar';
import { bookingSettingsQuery } from '../booking/queries';
import { useSettingsEditor } from './settings';

/** What holds for every booking. */
export function Rules() {
  const settings = useQuery(bookingSettingsQuery);
  if (settings.data !== undefined) return <Editor settings={settings.data} />;
  if (settings.isError) return <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />;
  return <Skeleton height={420} radius="lg" />;
}

const USUAL_FOLLOW_UP = 3;

function Editor({ settings }: { settings: BookingSettings }) {
  const { t } = useTranslation('availability');
  const readOnly = !useCan('schedules:write');
  const { form, dirty, saving, error, submit, discard } = useSettingsEditor(settings);
  const { values, errors } = form;
  const followUp = values.no_show_follow_up ?? null;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack>
        <Panel title={t('rules.booking')} text={t('rules.bookingText')}>
          <Stack>
            <MinutesField
              label={t('field.hold')}
              description={t('field.holdHint')}
              units={['minute']}
              min={2}
              max={60}
              readOnly={readOnly}
              value={values.hold_minutes}
              onChange={(minutes) => form.setFieldValue('hold_minutes', minutes)}
              error={errors['hold_minutes']}
            />
            <MinutesField
              label={t('field.offer')}
              description={t('field.offerHint')}
              units={['minute', 'hour']}
              min={5}
              max={1440}
              readOnly={readOnly}
              value={values.offer_minutes}
              onChange={(minutes) => form.setFieldValue('offer_minutes', minutes)}
              error={errors['offer_minutes']}
            />
          </Stack>
        </Panel>
        <Panel
          title={t('rules.reminders')}
          text={
            <>
              {t('rules.remindersText')} <Link to="/templates">{t('rules.texts')}</Link>
            </>
          }
        >
          <RemindersField value={values.reminders} readOnly={readOnly} onChange={(reminders) => form.setFieldValue('reminders', reminders)} error={errors['reminders']} />
        </Panel>
        <Panel
          title={t('rules.noShow')}
          text={t('rules.noShowText')}
          action={
            <Switch
              aria-label={t('rules.noShow')}
              disabled={readOnly}
              checked={followUp !== null}
              onChange={(event) => form.setFieldValue('no_show_follow_up', event.currentTarget.checked ? USUAL_FOLLOW_UP : null)}
            />
          }
        >
          {followUp !== null && (
            <NumberInput
              label={t('field.followUp')}
              maw={240}
              min={0}
              max={168}
              allowDecimal={false}
              allowNegative={false}
              readOnly={readOnly}
              value={followUp}
              onChange={(hours) => form.setFieldValue('no_show_follow_up', Number(hours))}
              error={errors['no_show_follow_up']}
            />
          )}
        </Panel>
        <Panel title={t('rules.calendars')} text={t('rules.calendarsText')}>
          <MinutesField
            label={t('field.stale')}
            units={['minute', 'hour', 'day']}
            min={5}
            max={10_080}
            readOnly={readOnly}
            value={values.calendar_stale_minutes}
            onChange={(minutes) => form.setFieldValue('calendar_stale_minutes', minutes)}
            error={errors['calendar_stale_minutes']}
          />
        </Panel>
      </Stack>
      <SaveBar dirty={dirty && !readOnly} saving={saving} error={error} onSave={submit} onDiscard={discard} />
    </form>
  );
}
