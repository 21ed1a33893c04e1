import type { CalendarVendor, Staff } from '@frontdesk/api-client';
import { Button, Chip, Group, Modal, PasswordInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { ExternalLink } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { applyProblem, FormError } from '../../ui/FormError';
import { notifyDone } from '../../ui/toast';
import { loginOf, type Account } from './accounts';
import classes from './Calendars.module.css';
import { useAskConsent, useConnectCalDav } from './queries';

/** What is being connected: an account anew when it is named. */
export interface Connecting {
  vendor: CalendarVendor;
  account?: Account;
}

interface ConnectDialogProps {
  connecting: Connecting | null;
  staff: readonly Staff[];
  onClose: () => void;
}

export function ConnectDialog({ connecting, staff, onClose }: ConnectDialogProps) {
  const { t } = useTranslation('settings');
  return (
    <Modal opened={connecting !== null} onClose={onClose} title={<Text fw={650}>{t('connections.connect', { name: connecting?.vendor.name ?? '' })}</Text>}>
      {connecting !== null && <ConnectForm connecting={connecting} staff={staff} onClose={onClose} />}
    </Modal>
  );
}

/** Where people have their calendars, and the address their programs ask for there. */
const USUAL = [
  { name: 'iCloud', url: 'https://caldav.icloud.com' },
  { name: 'Fastmail', url: 'https://caldav.fastmail.com' },
  { name: 'Nextcloud', url: 'https://cloud.example.com/remote.php/dav' },
] as const;

function ConnectForm({ connecting: { vendor, account }, staff, onClose }: ConnectDialogProps & { connecting: Connecting }) {
  const { t } = useTranslation('settings');
  const caldav = useConnectCalDav();
  const consent = useAskConsent();
  const [error, setError] = useState<unknown>(null);
  const needed = (value: string) => (vendor.consent || value.trim() !== '' ? null : t('calendars.needed'));
  const owner = account?.calendars.find((calendar) => typeof calendar.staff_id === 'string')?.staff_id ?? (staff.find((member) => member.active) ?? staff[0])?.id ?? '';
  const form = useForm({
    initialValues: { staff_id: owner, ...loginOf(vendor.consent ? undefined : account), password: '', email: '' },
    validate: { url: needed, username: needed, password: needed },
  });
  const failed = (failure: unknown) => setError(applyProblem(form, failure));
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(({ email, ...values }) => {
        setError(null);
        if (vendor.consent) {
          consent.mutate({ vendor: vendor.id, staff_id: values.staff_id }, { onSuccess: ({ authorize_url: url }) => location.assign(url), onError: failed });
        } else {
          caldav.mutate(
            { ...values, ...(email.trim() === '' ? {} : { email: email.trim() }) },
            {
              onSuccess: () => {
                notifyDone(t('calendars.connected'));
                onClose();
              },
              onError: failed,
            },
          );
        }
      })}
    >
      <Stack>
        <Text size="sm" c="dimmed">
          {t(vendor.consent ? 'calendars.consentText' : 'calendars.caldavHint', { name: vendor.name })}
        </Text>
        <Select
          data-autofocus
          label={t('calendars.owner')}
          description={t('calendars.ownerHint')}
          allowDeselect={false}
          data={staff.map((member) => ({ value: member.id, label: member.name }))}
          {...form.getInputProps('staff_id')}
        />
        {!vendor.consent && (
          <>
            <div>
              <TextInput label={t('calendars.url')} description={t('calendars.urlHint')} type="url" maxLength={2000} placeholder="https://" {...form.getInputProps('url')} />
              <div className={classes.usual} role="group" aria-label={t('calendars.usual')} style={{ marginTop: 8 }}>
                {USUAL.map(({ name, url }) => (
                  <Chip key={name} size="xs" checked={form.values.url === url} onChange={() => form.setFieldValue('url', url)}>
                    {name}
                  </Chip>
                ))}
              </div>
            </div>
            <TextInput label={t('calendars.username')} maxLength={254} autoComplete="off" {...form.getInputProps('username')} />
            <PasswordInput label={t('calendars.password')} description={t('calendars.passwordHint')} maxLength={1000} autoComplete="off" {...form.getInputProps('password')} />
            <TextInput label={t('calendars.email')} description={t('calendars.emailHint')} type="email" maxLength={254} {...form.getInputProps('email')} />
          </>
        )}
        <FormError error={error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={caldav.isPending || consent.isPending} {...(vendor.consent ? { rightSection: <ExternalLink size={15} aria-hidden /> } : {})}>
            {vendor.consent ? t('calendars.go', { name: vendor.name }) : t('calendars.new')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
