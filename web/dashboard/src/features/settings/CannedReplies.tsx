import type { CannedReply } from '@frontdesk/api-client';
import { Button, Code, Group, Modal, Skeleton, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { MessageSquareQuote, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { ConfirmButton } from '../../ui/ConfirmButton';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { applyProblem, FormError } from '../../ui/FormError';
import { Panel } from '../../ui/Panel';
import { cannedRepliesQuery, deleteReply, useSaveReply } from './queries';
import classes from './Settings.module.css';

export function CannedReplies() {
  const { t } = useTranslation('settings');
  const replies = useQuery(cannedRepliesQuery);
  const mayWrite = useCan('conversations:write');
  const [editing, setEditing] = useState<CannedReply | 'new' | null>(null);
  return (
    <Panel
      title={t('section.replies')}
      text={t('replies.text')}
      action={
        mayWrite && (
          <Button size="xs" leftSection={<Plus size={15} aria-hidden />} onClick={() => setEditing('new')}>
            {t('replies.new')}
          </Button>
        )
      }
    >
      {replies.data === undefined ? (
        replies.isError ? (
          <ErrorState compact error={replies.error} onRetry={() => void replies.refetch()} />
        ) : (
          <Skeleton height={160} />
        )
      ) : replies.data.length === 0 ? (
        <EmptyState compact icon={MessageSquareQuote} title={t('replies.none')} text={t('replies.noneText')} />
      ) : (
        <ul className={classes.rows}>
          {replies.data.map((reply) => (
            <li key={reply.id} className={classes.row}>
              <div className={classes.rowBody}>
                <Code>/{reply.shortcut}</Code>
                <Text size="sm" mt={4} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
                  {reply.text}
                </Text>
              </div>
              {mayWrite && (
                <div className={classes.rowActions}>
                  <Button size="xs" variant="default" onClick={() => setEditing(reply)} aria-label={`${t('common:action.edit')} /${reply.shortcut}`}>
                    {t('common:action.edit')}
                  </Button>
                  <ConfirmButton
                    size="xs"
                    title={t('replies.deleteTitle', { shortcut: reply.shortcut })}
                    text={t('replies.deleteText')}
                    confirm={t('common:action.delete')}
                    onConfirm={() => deleteReply(reply.id)}
                  >
                    {t('common:action.delete')}
                  </ConfirmButton>
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
      <Modal opened={editing !== null} onClose={() => setEditing(null)} size="lg" title={<Text fw={650}>{t(editing === 'new' ? 'replies.new' : 'replies.edit')}</Text>}>
        {editing !== null && <ReplyForm reply={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
      </Modal>
    </Panel>
  );
}

function ReplyForm({ reply, onClose }: { reply: CannedReply | null; onClose: () => void }) {
  const { t } = useTranslation('settings');
  const save = useSaveReply();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { shortcut: reply?.shortcut ?? '', text: reply?.text ?? '' },
    validate: {
      shortcut: (value) => (/^[^\s/]+$/u.test(value.trim()) ? null : t('rule.shortcut')),
      text: (value) => (value.trim() === '' ? t('rule.text') : null),
    },
  });
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(({ shortcut, text }) => {
        setError(null);
        save.mutate(
          { ...(reply === null ? {} : { id: reply.id }), shortcut: shortcut.trim(), text: text.trim() },
          { onSuccess: onClose, onError: (failure) => setError(applyProblem(form, failure)) },
        );
      })}
    >
      <Stack>
        <TextInput data-autofocus label={t('field.shortcut')} description={t('field.shortcutHint')} leftSection="/" maxLength={40} {...form.getInputProps('shortcut')} />
        <Textarea label={t('field.reply')} autosize minRows={4} maxRows={12} maxLength={4000} {...form.getInputProps('text')} />
        <FormError error={error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {reply === null ? t('common:action.create') : t('common:action.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
