import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { applyProblem, FormError } from '../../ui/FormError';
import { useCreateAgent } from './queries';

export function NewAgentDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('agents');
  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={650}>{t('new')}</Text>}>
      <NewAgentForm onClose={onClose} />
    </Modal>
  );
}

function NewAgentForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('agents');
  const navigate = useNavigate();
  const create = useCreateAgent();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { name: '' },
    validate: { name: (value) => (value.trim() === '' ? t('rule.name') : null) },
  });
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(({ name }) => {
        setError(null);
        create.mutate(name.trim(), {
          onSuccess: (agent) => void navigate({ to: '/agents/$agentId', params: { agentId: agent.id } }),
          onError: (failure) => setError(applyProblem(form, failure)),
        });
      })}
    >
      <Stack>
        <TextInput data-autofocus label={t('field.name')} description={t('field.nameHint')} maxLength={80} {...form.getInputProps('name')} />
        <FormError error={error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {t('common:action.create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
