import type { Contact, Purpose } from '@frontdesk/api-client';
import { Autocomplete, Button, Group, Modal, NativeSelect, Stack, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isoOf, civilOf, instantOf } from '../../ui/civil';
import { applyProblem, FormError } from '../../ui/FormError';
import { useNow, useZone } from '../../ui/time';
import { notifyDone } from '../../ui/toast';
import { DayField, TimeField } from '../booking/fields';
import { useAddConsent } from './queries';
import { CARRIED, PURPOSES, type Carried } from './routes';

interface ConsentDialogProps {
  contact: Contact;
  onClose: () => void;
}

/** Writing down a consent that was given elsewhere: on paper, on the phone, at the desk. */
export function ConsentDialog({ contact, onClose }: ConsentDialogProps) {
  const { t } = useTranslation('compliance');
  return (
    <Modal opened onClose={onClose} size="lg" closeOnClickOutside={false} title={<Text fw={650}>{t('consent.title', { name: contact.name === '' ? t('common:contact.unknown') : contact.name })}</Text>}>
      <ConsentForm contact={contact} onClose={onClose} />
    </Modal>
  );
}

function ConsentForm({ contact, onClose }: ConsentDialogProps) {
  const { t } = useTranslation('compliance');
  const zone = useZone();
  const now = useNow();
  const add = useAddConsent(contact.id);
  const [error, setError] = useState<unknown>(null);
  const [given, setGiven] = useState<{ day: string; minutes: number | null }>(() => civilOf(now, zone));
  const has = (channel: Carried) => typeof (channel === 'email' ? contact.email : contact.phone) === 'string';
  const form = useForm({
    initialValues: { channel: (CARRIED.find(has) ?? 'sms') as Carried, purpose: 'marketing' as Purpose, source: '', shown: '', evidence: '' },
    validate: {
      channel: (channel) => (has(channel) ? null : t(channel === 'email' ? 'consent.noEmail' : 'consent.noPhone')),
      source: (source) => (source.trim() === '' ? t('consent.noSource') : null),
      shown: (shown) => (shown.trim() === '' ? t('consent.noShown') : null),
    },
  });
  const at = given.minutes === null ? null : instantOf(given.day, given.minutes, zone);
  // The clock of the field stops at the minute, which is past by now.
  const timeFault = at === null ? t('consent.noTime') : at > now + 60_000 ? t('consent.future') : undefined;
  return (
    <form
      noValidate
      onSubmit={form.onSubmit((values) => {
        if (at === null || timeFault !== undefined) return;
        setError(null);
        add.mutate(
          { channel: values.channel, purpose: values.purpose, source: values.source.trim(), shown: values.shown.trim(), evidence: values.evidence.trim() === '' ? null : values.evidence.trim(), given_at: isoOf(Math.min(at, now)) },
          {
            onSuccess: () => {
              notifyDone(t('consent.done'));
              onClose();
            },
            onError: (failure) => setError(applyProblem(form, failure)),
          },
        );
      })}
    >
      <Stack>
        <Group gap="sm" grow preventGrowOverflow={false} align="flex-start">
          <NativeSelect data-autofocus label={t('consents.channel')} data={CARRIED.map((value) => ({ value, label: t(`common:channel.${value}`) }))} {...form.getInputProps('channel')} />
          <NativeSelect label={t('consents.purpose')} data={PURPOSES.map((value) => ({ value, label: t(`purpose.${value}`) }))} {...form.getInputProps('purpose')} />
        </Group>
        <Autocomplete label={t('consent.source')} description={t('consent.sourceText')} maxLength={120} data={[t('consent.paper'), t('consent.phone'), t('consent.desk'), t('consent.form')]} {...form.getInputProps('source')} />
        <Textarea label={t('consent.shown')} description={t('consent.shownText')} autosize minRows={3} maxRows={10} maxLength={2000} {...form.getInputProps('shown')} />
        <Textarea label={t('consent.evidence')} description={t('consent.evidenceText')} autosize minRows={2} maxRows={6} maxLength={1000} {...form.getInputProps('evidence')} />
        <div>
          <Group gap="sm" align="flex-end">
            <DayField label={t('consent.day')} value={given.day} onChange={(day) => setGiven({ ...given, day })} />
            <TimeField label={t('consent.time')} value={given.minutes} onChange={(minutes) => setGiven({ ...given, minutes })} />
          </Group>
          {timeFault !== undefined && (
            <Text size="xs" c="var(--text-danger)" mt={4} role="alert">
              {timeFault}
            </Text>
          )}
        </div>
        <FormError error={error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={add.isPending}>
            {t('consents.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
