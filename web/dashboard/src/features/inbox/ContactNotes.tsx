import type { ContactNote, Page } from '@frontdesk/api-client';
import { Button, Group, Text, Textarea } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';
import { TimeText } from '../../ui/TimeText';
import classes from './Inbox.module.css';

/** Notes on the person, whatever the conversation. */
export function ContactNotes({ contactId, readOnly }: { contactId: string; readOnly: boolean }) {
  const { t } = useTranslation('inbox');
  const [text, setText] = useState('');
  const { data } = useQuery({
    queryKey: keys.contactNotes(contactId),
    queryFn: async ({ signal }) => (await api.get<Page<ContactNote>>(`/contacts/${contactId}/notes`, { query: { limit: 20 }, signal })).items,
  });
  const add = useMutation({
    mutationFn: () => api.post(`/contacts/${contactId}/notes`, { text: text.trim() }),
    onSuccess: async () => {
      setText('');
      await queryClient.invalidateQueries({ queryKey: keys.contactNotes(contactId) });
    },
  });
  return (
    <>
      <ul className={classes.plainList}>
        {(data ?? []).map((note) => (
          <li key={note.id}>
            <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {note.text}
            </Text>
            <Text size="xs" c="dimmed">
              {note.author_name ?? ''} · <TimeText at={note.created_at} />
            </Text>
          </li>
        ))}
      </ul>
      {readOnly ? (
        data?.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('notes.none')}
          </Text>
        )
      ) : (
        <>
          <Textarea
            mt="xs"
            size="xs"
            autosize
            minRows={1}
            maxRows={5}
            aria-label={t('notes.add')}
            placeholder={t('notes.add')}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {text.trim() !== '' && (
            <Group justify="flex-end" mt="xs">
              <Button size="compact-sm" loading={add.isPending} onClick={() => add.mutate()}>
                {t('notes.save')}
              </Button>
            </Group>
          )}
        </>
      )}
    </>
  );
}
