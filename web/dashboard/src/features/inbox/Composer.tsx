import type { CannedReply, Conversation } from '@frontdesk/api-client';
import { ActionIcon, Button, FileButton, Group, Kbd, SegmentedControl, Text, Textarea, Tooltip } from '@mantine/core';
import { useThrottledCallback } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { FileText, Paperclip, SendHorizontal, StickyNote } from 'lucide-react';
import { lazy, Suspense, useId, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { useCan } from '../../app/session';
import { sendReply, useAddNote } from './actions';
import { Attachments } from './Attachments';
import { ACCEPT, carriesFiles, filesFault } from './filing';
import { CARRIED } from '../messages/routes';
import { LONGEST as CARRIED_LONGEST } from '../messages/compose';
import { TextCount } from '../messages/TextCount';
import { filled, matching } from './canned';
import { granted, onComposerWanted } from './composer-focus';
import { keepDraft, readDraft, type TypedDraft } from './drafts';
import { FloorBar } from './FloorBar';
import classes from './Inbox.module.css';
import { cannedRepliesQuery } from './queries';

/** What the server takes where no vendor says otherwise. */
const LONGEST = 4000;

// It speaks the words of the messages' pages, which must not hold up what is typed here.
const GateHint = lazy(() => import('./GateHint').then((module) => ({ default: module.GateHint })));

const SendTemplateDialog = lazy(() => import('../channel-templates/SendTemplateDialog').then((module) => ({ default: module.SendTemplateDialog })));

export function Composer({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation('inbox');
  const [draft, setDraft] = useState(() => readDraft(conversation.id));
  const [choosing, setChoosing] = useState(false);
  const [attached, setAttached] = useState<readonly File[]>([]);
  const note = useAddNote(conversation.id);
  const typing = useThrottledCallback(() => void api.post(`/conversations/${conversation.id}/typing`).catch(() => undefined), 3000);
  const text = draft.text.trim();
  const isNote = draft.mode === 'note';
  const carried = isNote ? undefined : CARRIED.find((each) => each === conversation.channel);
  // By number the contact is who is written to; mail and Telegram have addresses of their own.
  const asksGate = useCan('messages:write') && (carried === 'sms' || carried === 'whatsapp') && typeof conversation.contact_id === 'string';
  const longest = carried === undefined ? LONGEST : CARRIED_LONGEST[carried];

  const files = carriesFiles(carried) ? attached : [];
  const empty = text === '' && files.length === 0;
  const faulty = text.length > longest || (carriesFiles(carried) && filesFault(carried, files) !== null);

  function change(next: TypedDraft) {
    setDraft(next);
    keepDraft(conversation.id, next);
    if (next.mode === 'reply' && next.text !== '' && !next.text.startsWith('/')) typing();
  }

  function send() {
    if (empty || faulty || note.isPending) return;
    if (isNote) {
      // The text goes when it is stored; a note that fails stays where it was typed.
      note.mutate(text, { onSuccess: () => change({ mode: 'note', text: '' }) });
    } else {
      change({ mode: 'reply', text: '' });
      setAttached([]);
      void sendReply(conversation.id, text, files);
    }
  }

  return (
    <div className={classes.foot}>
      <FloorBar conversation={conversation} />
      {choosing && (
        <Suspense>
          <SendTemplateDialog conversation={conversation} onClose={() => setChoosing(false)} />
        </Suspense>
      )}
      {asksGate && (
        <Suspense>
          <GateHint conversation={conversation} onTemplate={carried === 'whatsapp' ? () => setChoosing(true) : null} />
        </Suspense>
      )}
      <div className={classes.composer} data-mode={draft.mode}>
        <Field conversation={conversation} draft={draft} onChange={change} onSend={send} />
        {carriesFiles(carried) && <Attachments channel={carried} files={files} onChange={setAttached} />}
        <div className={classes.composerBar}>
          <Group gap={6} wrap="nowrap">
            <SegmentedControl
              size="xs"
              aria-label={t('composer.mode')}
              value={draft.mode}
              onChange={(mode) => change({ ...draft, mode: mode === 'note' ? 'note' : 'reply' })}
              data={[
                { value: 'reply', label: t('composer.reply') },
                { value: 'note', label: t('composer.note') },
              ]}
            />
            {carriesFiles(carried) && (
              <FileButton multiple accept={ACCEPT} onChange={(chosen) => setAttached([...attached, ...chosen])}>
                {(props) => (
                  <Tooltip label={t('composer.attach')}>
                    <ActionIcon {...props} variant="subtle" color="gray" aria-label={t('composer.attach')}>
                      <Paperclip size={16} aria-hidden />
                    </ActionIcon>
                  </Tooltip>
                )}
              </FileButton>
            )}
          </Group>
          {carried === 'whatsapp' && (
            <Button size="compact-sm" variant="subtle" leftSection={<FileText size={14} aria-hidden />} onClick={() => setChoosing(true)}>
              {t('composer.template')}
            </Button>
          )}
          {carried !== undefined && text !== '' && !text.startsWith('/') ? (
            <div className={classes.composerCount}>
              <TextCount channel={carried} text={draft.text} />
            </div>
          ) : text.length > longest * 0.9 ? (
            <Text size="xs" c={text.length > longest ? 'var(--text-danger)' : 'dimmed'} role="status">
              {t('composer.length', { count: text.length, most: longest })}
            </Text>
          ) : (
            <Text size="xs" c="dimmed" visibleFrom="md" className={classes.composerHint}>
              <Kbd size="xs">Enter</Kbd> {t('composer.enter')} · <Kbd size="xs">/</Kbd> {t('composer.slash')}
            </Text>
          )}
          <Button
            onClick={send}
            disabled={empty || faulty}
            loading={note.isPending}
            color={isNote ? 'yellow.9' : 'brand'}
            rightSection={isNote ? <StickyNote size={16} aria-hidden /> : <SendHorizontal size={16} aria-hidden />}
          >
            {isNote ? t('composer.addNote') : t('composer.send')}
          </Button>
        </div>
      </div>
    </div>
  );
}

interface FieldProps {
  conversation: Conversation;
  draft: TypedDraft;
  onChange: (draft: TypedDraft) => void;
  onSend: () => void;
}

/** The text field with the saved replies that `/` offers. */
function Field({ conversation, draft, onChange, onSend }: FieldProps) {
  const { t } = useTranslation('inbox');
  const list = useId();
  const [dismissed, setDismissed] = useState(false);
  const [at, setAt] = useState(0);
  const asks = draft.mode === 'reply' && draft.text.startsWith('/') && !draft.text.includes('\n') && !dismissed;
  const replies = useQuery({ ...cannedRepliesQuery, enabled: asks }).data;
  const offered = asks && replies !== undefined ? matching(replies, draft.text.slice(1)) : [];
  const chosen = offered[Math.min(at, offered.length - 1)];

  function listen(element: HTMLTextAreaElement | null) {
    if (element === null) return;
    return onComposerWanted((wish) => {
      onChange(granted(draft, wish));
      element.focus();
    });
  }

  function insert(reply: CannedReply) {
    onChange({ ...draft, text: filled(reply.text, conversation.contact_name) });
    setAt(0);
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.nativeEvent.isComposing) return;
    if (chosen !== undefined) {
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
      if (step !== 0) {
        event.preventDefault();
        setAt((offered.indexOf(chosen) + step + offered.length) % offered.length);
        return;
      }
      if (event.key === 'Enter' || event.key === 'Tab') {
        event.preventDefault();
        insert(chosen);
        return;
      }
      if (event.key === 'Escape') {
        event.preventDefault();
        setDismissed(true);
        return;
      }
    }
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      onSend();
    } else if (event.key === 'Escape') {
      event.currentTarget.blur();
    }
  }

  return (
    <>
      {offered.length > 0 && (
        <ul id={list} className={classes.picker} role="listbox" aria-label={t('composer.canned')}>
          {offered.map((reply) => (
            // The keyboard drives the list from the text field, as a combobox does.
            // eslint-disable-next-line jsx-a11y/click-events-have-key-events
            <li
              key={reply.id}
              id={`${list}-${reply.id}`}
              role="option"
              aria-selected={reply === chosen}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => insert(reply)}
            >
              <Text size="sm" fw={600} span>
                /{reply.shortcut}
              </Text>{' '}
              <Text size="sm" c="dimmed" truncate>
                {reply.text}
              </Text>
            </li>
          ))}
        </ul>
      )}
      <Textarea
        ref={listen}
        autosize
        minRows={2}
        maxRows={8}
        aria-label={draft.mode === 'note' ? t('composer.notePlaceholder') : t('composer.replyPlaceholder')}
        placeholder={draft.mode === 'note' ? t('composer.notePlaceholder') : t('composer.replyPlaceholder')}
        value={draft.text}
        onChange={(event) => {
          setDismissed(false);
          setAt(0);
          onChange({ ...draft, text: event.currentTarget.value });
        }}
        onKeyDown={onKeyDown}
        aria-controls={offered.length > 0 ? list : undefined}
        aria-activedescendant={chosen === undefined ? undefined : `${list}-${chosen.id}`}
        aria-autocomplete="list"
      />
    </>
  );
}
