import { ActionIcon, Button, Group, Stack, Text, Textarea, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormError } from '../../ui/FormError';
import { TimeText } from '../../ui/TimeText';
import classes from './Booking.module.css';
import { notesQuery, useAddNote, useDeleteNote } from './queries';

/** What the team notes on a booking; customers never see it. */
export function BookingNotes({ bookingId, readOnly }: { bookingId: string; readOnly: boolean }) {
  const { t } = useTranslation('booking');
  const notes = useQuery(notesQuery(bookingId));
  const add = useAddNote(bookingId);
  const remove = useDeleteNote(bookingId);
  const [text, setText] = useState('');
  if (readOnly && (notes.data ?? []).length === 0) return null;
  return (
    <section>
      <Title order={2} size="h3" mb="xs">
        {t('notes.title')}
      </Title>
      <Stack gap="xs">
        {(notes.data ?? []).map((note) => (
          <div key={note.id} className={classes.note}>
            <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
              <p>{note.text}</p>
              {!readOnly && (
                <ActionIcon size={24} aria-label={t('notes.delete')} onClick={() => remove.mutate(note.id)}>
                  <X size={14} aria-hidden />
                </ActionIcon>
              )}
            </Group>
            <Text size="xs" c="dimmed" mt={4}>
              {note.author_name} · <TimeText at={note.created_at} />
            </Text>
          </div>
        ))}
        {!readOnly && (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (text.trim() !== '') add.mutate(text.trim(), { onSuccess: () => setText('') });
            }}
          >
            <Textarea
              aria-label={t('notes.write')}
              placeholder={t('notes.write')}
              autosize
              minRows={1}
              maxRows={6}
              maxLength={4000}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <FormError error={add.error} mt="xs" />
            {text.trim() !== '' && (
              <Group justify="flex-end" mt="xs">
                <Button type="submit" size="xs" loading={add.isPending}>
                  {t('notes.add')}
                </Button>
              </Group>
            )}
          </form>
        )}
      </Stack>
    </section>
  );
}
