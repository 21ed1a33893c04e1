import type { Tag } from '@frontdesk/api-client';
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { applyProblem, FormError } from '../../ui/FormError';
import { TagsEditor } from '../inbox/TagsEditor';
import { useCreateContact } from './queries';

export function NewContactDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('contacts');
  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={650}>{t('add')}</Text>}>
      <NewContactForm onClose={onClose} />
    </Modal>
  );
}

const orNull = (text: string) => (text.trim() === '' ? null : text.trim());

function NewContactForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('contacts');
  const navigate = useNavigate();
  const create = useCreateContact();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { name: '', email: '', phone: '', company: '', tags: [] as Tag[] },
    validate: { name: (value) => (value.trim() === '' ? t('rule.name') : null) },
  });
  return (
    <form
      noValidate
      onSubmit={form.onSubmit((values) => {
        setError(null);
        create.mutate(
          { name: values.name.trim(), email: orNull(values.email), phone: orNull(values.phone), company: orNull(values.company), tags: values.tags },
          {
            onSuccess: (contact) => void navigate({ to: '/contacts/$contactId', params: { contactId: contact.id } }),
            onError: (failure) => setError(applyProblem(form, failure)),
          },
        );
      })}
    >
      <Stack>
        <TextInput data-autofocus label={t('column.name')} autoComplete="off" maxLength={200} withAsterisk {...form.getInputProps('name')} />
        <TextInput label={t('field.email')} type="email" autoComplete="off" maxLength={254} {...form.getInputProps('email')} />
        <TextInput label={t('column.phone')} type="tel" autoComplete="off" maxLength={64} {...form.getInputProps('phone')} />
        <TextInput label={t('column.company')} autoComplete="off" maxLength={200} {...form.getInputProps('company')} />
        <div>
          <Text size="sm" fw={550} mb={4}>
            {t('column.tags')}
          </Text>
          <Group>
            <TagsEditor
              tags={form.values.tags}
              readOnly={false}
              onChange={(tags) => {
                form.setFieldValue('tags', tags);
                return Promise.resolve();
              }}
            />
          </Group>
        </div>
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
