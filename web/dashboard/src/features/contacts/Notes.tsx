import { ActionIcon, Button, Group, Skeleton, Text, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../ui/ConfirmButton';
import { ErrorState } from '../../ui/ErrorState';
import { FormError } from '../../ui/FormError';
import { Panel } from '../../ui/Panel';
import { TimeText } from '../../ui/TimeText';
import classes from './Contacts.module.css';
import { deleteNote, notesQuery, useAddNote } from './queries';

/** What the team wrote down about a person; customers never see it. */
export function Notes({ contactId, readOnly }: { contactId: string; readOnly: boolean }) {
  const { t } = useTranslation('contacts');
  const notes = useQuery(notesQuery(contactId));
  const add = useAddNote(contactId);
  const [text, setText] = useState('');
  const [deleting, setDeleting] = useState<string | null>(null);
  return (
    <Panel title={t('notes.title')}>
      {!readOnly && (
        <>
          <Textarea
            autosize
            minRows={2}
            maxRows={8}
            maxLength={4000}
            aria-label={t('notes.add')}
            placeholder={t('notes.placeholder')}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <FormError error={add.error} mt="xs" />
          <Group justify="flex-end" mt="xs" mb="md">
            <Button size="xs" disabled={text.trim() === ''} loading={add.isPending} onClick={() => add.mutate(text.trim(), { onSuccess: () => setText('') })}>
              {t('notes.add')}
            </Button>
          </Group>
        </>
      )}
      {notes.data === undefined ? (
        notes.isError ? (
          <ErrorState compact error={notes.error} onRetry={() => void notes.refetch()} />
        ) : (
          <Skeleton height={60} />
        )
      ) : notes.data.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('notes.none')}
        </Text>
      ) : (
        <ul className={classes.rows}>
          {notes.data.map((note) => (
            <li key={note.id} className={classes.row}>
              <div style={{ flex: 1, minWidth: 0 }}>
                <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
                  {note.text}
                </Text>
                <Text size="xs" c="dimmed">
                  {typeof note.author_name === 'string' ? `${note.author_name} · ` : ''}
                  <TimeText at={note.created_at} />
                </Text>
              </div>
              {!readOnly && (
                <ActionIcon size={28} aria-label={t('notes.delete')} onClick={() => setDeleting(note.id)}>
                  <Trash2 size={15} aria-hidden />
                </ActionIcon>
              )}
            </li>
          ))}
        </ul>
      )}
      <ConfirmDialog
        opened={deleting !== null}
        onClose={() => setDeleting(null)}
        title={t('notes.deleteTitle')}
        text={t('notes.deleteText')}
        confirm={t('common:action.delete')}
        onConfirm={async () => {
          if (deleting !== null) await deleteNote(contactId, deleting);
        }}
      />
    </Panel>
  );
}
