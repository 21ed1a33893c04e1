// Corrects what is known of a booking: who it is for and what they said. Time and staff are moved, not edited.

import type { Booking } from '@frontdesk/api-client';
import { isProblem } from '@frontdesk/api-client';
import { Button, Group, Modal, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormError } from '../../ui/FormError';
import { sentence } from '../../ui/text';
import { notifyDone } from '../../ui/toast';
import { QuestionFields } from './QuestionFields';
import { changesOf } from './edit';
import { useBookingTypes, useEditBooking } from './queries';

interface EditDialogProps {
  booking: Booking;
  onClose: () => void;
}

export function EditDialog({ booking, onClose }: EditDialogProps) {
  const { t } = useTranslation('booking');
  const edit = useEditBooking(booking.id);
  const questions = useBookingTypes().get(booking.type_id)?.questions ?? [];
  const [draft, setDraft] = useState({
    name: booking.name,
    email: booking.email ?? '',
    phone: booking.phone ?? '',
    message: booking.message,
    answers: booking.answers,
  });
  const set = (part: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...part }));
  const problems = isProblem(edit.error) ? edit.error.errors : [];
  const errors: Record<string, string> = Object.fromEntries(problems.map(({ field, message }) => [field.slice(1), sentence(message)]));
  const changes = changesOf(booking, draft);

  return (
    <Modal opened onClose={onClose} title={<Text fw={650}>{t('edit.title', { name: booking.name })}</Text>}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          edit.mutate(changes, {
            onSuccess: () => {
              notifyDone(t('edit.done'));
              onClose();
            },
          });
        }}
      >
        <Stack>
          <TextInput label={t('customer.name')} required data-autofocus maxLength={120} value={draft.name} error={errors['name']} onChange={(event) => set({ name: event.currentTarget.value })} />
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
            <TextInput label={t('customer.email')} type="email" maxLength={254} value={draft.email} error={errors['email']} onChange={(event) => set({ email: event.currentTarget.value })} />
            <TextInput label={t('customer.phone')} type="tel" maxLength={64} value={draft.phone} error={errors['phone']} onChange={(event) => set({ phone: event.currentTarget.value })} />
          </SimpleGrid>
          {questions.length > 0 && <QuestionFields questions={questions} answers={draft.answers} onChange={(answers) => set({ answers })} errors={errors} />}
          <Textarea label={t('message')} autosize minRows={2} maxRows={8} maxLength={2000} value={draft.message} error={errors['message']} onChange={(event) => set({ message: event.currentTarget.value })} />
          {problems.length === 0 && <FormError error={edit.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('common:action.cancel')}
            </Button>
            <Button type="submit" loading={edit.isPending} disabled={Object.keys(changes).length === 0 || draft.name.trim() === ''}>
              {t('common:action.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
