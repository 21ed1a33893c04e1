import type { CalendarVendor, Staff } from '@frontdesk/api-client';
import { Button, Group, Modal, PasswordInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { applyProblem, FormError } from '../../ui/FormError';
import { useAskConsent, useConnectCalDav } from './queries';

interface ConnectDialogProps {
  vendor: CalendarVendor | null;
  staff: readonly Staff[];
  onClose: () => void;
}

export function ConnectDialog({ vendor, staff, onClose }: ConnectDialogProps) {
  const { t } = useTranslation('settings');
  const title = vendor?.consent === true ? t('connections.connect', { name: vendor.name }) : t('calendars.caldav');
  return (
    <Modal opened={vendor !== null} onClose={onClose} title={<Text fw={650}>{title}</Text>}>
      {vendor !== null && <ConnectForm vendor={vendor} staff={staff} onClose={onClose} />}
    </Modal>
  );
}

function ConnectForm({ vendor, staff, onClose }: ConnectDialogProps & { vendor: CalendarVendor }) {
  const { t } = useTranslation('settings');
  const caldav = useConnectCalDav();
  const consent = useAskConsent();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { staff_id: staff[0]?.id ?? '', url: '', username: '', password: '', email: '' },
  });
  const failed = (failure: unknown) => setError(applyProblem(form, failure));
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(({ email, ...values }) => {
        setError(null);
        if (vendor.consent) {
          consent.mutate({ vendor: vendor.id, staff_id: values.staff_id }, { onSuccess: ({ authorize_url }) => location.assign(authorize_url), onError: failed });
        } else {
          caldav.mutate({ ...values, ...(email.trim() === '' ? {} : { email: email.trim() }) }, { onSuccess: onClose, onError: failed });
        }
      })}
    >
      <Stack>
        <Text size="sm" c="dimmed">
          {t(vendor.consent ? 'calendars.consentText' : 'calendars.caldavHint')}
        </Text>
        <Select
          data-autofocus
          label={t('calendars.owner')}
          allowDeselect={false}
          data={staff.map((member) => ({ value: member.id, label: member.name }))}
          {...form.getInputProps('staff_id')}
        />
        {!vendor.consent && (
          <>
            <TextInput label={t('calendars.url')} description={t('calendars.urlHint')} type="url" maxLength={2000} {...form.getInputProps('url')} />
            <TextInput label={t('calendars.username')} maxLength={254} autoComplete="off" {...form.getInputProps('username')} />
            <PasswordInput label={t('calendars.password')} maxLength={1000} autoComplete="off" {...form.getInputProps('password')} />
            <TextInput label={t('calendars.email')} description={t('calendars.emailHint')} type="email" maxLength={254} {...form.getInputProps('email')} />
          </>
        )}
        <FormError error={error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={caldav.isPending || consent.isPending}>
            {t(vendor.consent ? 'calendars.go' : 'calendars.new')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
