import type { Role } from '@frontdesk/api-client';
import { Button, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ROLES } from '../../app/access';
import { applyProblem, FormError } from '../../ui/FormError';
import { notifyDone } from '../../ui/toast';
import { useInvite } from './queries';

export function InviteDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('team');
  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={650}>{t('invite.title')}</Text>}>
      <InviteForm onClose={onClose} />
    </Modal>
  );
}

function InviteForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('team');
  const invite = useInvite();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { email: '', role: 'agent' as string },
    validate: { email: (value) => (/^\S+@\S+\.\S+$/u.test(value.trim()) ? null : t('invite.badEmail')) },
  });
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(({ email, role }) => {
        setError(null);
        invite.mutate(
          { email: email.trim(), role: role as Role },
          {
            onSuccess: () => {
              notifyDone(t('invite.done', { email: email.trim() }));
              onClose();
            },
            onError: (failure) => setError(applyProblem(form, failure)),
          },
        );
      })}
    >
      <Stack>
        <TextInput data-autofocus label={t('invite.email')} type="email" autoComplete="off" maxLength={254} {...form.getInputProps('email')} />
        <Radio.Group label={t('column.role')} {...form.getInputProps('role')}>
          <Stack gap="xs" mt="xs">
            {ROLES.filter((role) => role !== 'owner').map((role) => (
              <Radio key={role} value={role} label={t(`common:role.${role}`)} description={t(`role.${role}`)} />
            ))}
          </Stack>
        </Radio.Group>
        <FormError error={error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={invite.isPending}>
            {t('invite.send')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
