import { Radio, Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { MinutesField } from '../../../ui/MinutesField';
import { minutesText } from '../../../ui/minutes';
import { Panel } from '../../../ui/Panel';
import { RemindersField } from '../../../ui/RemindersField';
import { bookingSettingsQuery } from '../../booking/queries';
import type { SectionProps } from '../TypeEditor';

/** What happens after somebody booked. */
export function Confirmation({ form, readOnly }: SectionProps) {
  const { t, i18n } = useTranslation('booking-types');
  const settings = useQuery(bookingSettingsQuery);
  const { reminders, confirmation_required: asked, change_notice: notice } = form.values;
  const usual = settings.data?.reminders ?? [1440, 60];
  const list = new Intl.ListFormat(i18n.language).format(usual.map((minutes) => minutesText(minutes, i18n.language)));
  return (
    <>
      <Panel title={t('confirm.title')} text={t('confirm.text')}>
        <Switch
          label={t('field.confirmationRequired')}
          description={t('field.confirmationRequiredHint')}
          disabled={readOnly}
          checked={asked}
          onChange={(event) => form.setFieldValue('confirmation_required', event.currentTarget.checked)}
        />
      </Panel>
      <Panel
        title={t('reminders.title')}
        text={
          <>
            {t('reminders.text')} <Link to="/templates">{t('reminders.texts')}</Link>
          </>
        }
      >
        <Stack>
          <Radio.Group
            aria-label={t('reminders.title')}
            value={reminders === null ? 'usual' : 'own'}
            onChange={(which) => form.setFieldValue('reminders', which === 'usual' ? null : [...usual])}
          >
            <Stack gap="xs">
              <Radio
                value="usual"
                disabled={readOnly}
                label={t('reminders.usual')}
                description={usual.length === 0 ? t('reminders.usualNone') : t('reminders.usualText', { list })}
              />
              <Radio value="own" disabled={readOnly} label={t('reminders.own')} />
            </Stack>
          </Radio.Group>
          {reminders !== null && (
            <RemindersField value={reminders} readOnly={readOnly} onChange={(next) => form.setFieldValue('reminders', next)} error={form.errors['reminders']} />
          )}
        </Stack>
      </Panel>
      <Panel title={t('change.title')} text={t('change.text')}>
        <MinutesField
          label={t('field.changeNotice')}
          readOnly={readOnly}
          value={notice}
          onChange={(minutes) => form.setFieldValue('change_notice', minutes)}
          error={form.errors['change_notice']}
        />
        <Text size="sm" c="dimmed" mt="xs">
          {notice === 0 ? t('change.always') : t('change.until', { length: minutesText(notice, i18n.language) })}
        </Text>
      </Panel>
    </>
  );
}
