import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { applyProblem, FormError } from '../../ui/FormError';
import { bookingTypesQuery, staffQuery } from '../booking/queries';
import { STAFF_COLORS } from '../booking/looks';
import { DurationsField } from './DurationsField';
import { useCreateType } from './queries';

export function NewTypeDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('booking-types');
  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={650}>{t('new')}</Text>}>
      <NewTypeForm onClose={onClose} />
    </Modal>
  );
}

/** What cannot be guessed; the rest is set in the editor that opens next. */
function NewTypeForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('booking-types');
  const navigate = useNavigate();
  const create = useCreateType();
  const staff = useQuery(staffQuery);
  const types = useQuery(bookingTypesQuery);
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { name: '', durations: [30] },
    validate: { name: (value) => (value.trim() === '' ? t('rule.name') : null) },
  });
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(({ name, durations }) => {
        setError(null);
        const members = (staff.data ?? []).filter((each) => each.active).map((each) => ({ staff_id: each.id, weight: 1 }));
        const color = STAFF_COLORS[(types.data?.length ?? 0) % STAFF_COLORS.length] ?? STAFF_COLORS[0];
        create.mutate(
          { name: name.trim(), durations, color, staff: { mode: 'choose', members } },
          {
            onSuccess: (type) => void navigate({ to: '/booking-types/$typeId', params: { typeId: type.id } }),
            onError: (failure) => setError(applyProblem(form, failure)),
          },
        );
      })}
    >
      <Stack>
        <TextInput data-autofocus label={t('field.name')} placeholder={t('field.nameExample')} maxLength={120} {...form.getInputProps('name')} />
        <DurationsField
          value={form.values.durations}
          onChange={(durations) => form.setFieldValue('durations', durations)}
          error={form.errors['durations']}
        />
        <Text size="sm" c="dimmed">
          {t('newText')}
        </Text>
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
