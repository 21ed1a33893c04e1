import type { Message, TurnRecord } from '@frontdesk/api-client';
import { Button, Text } from '@mantine/core';
import { CircleAlert, Lock, Scissors } from 'lucide-react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { problemText } from '../../ui/toast';
import { TimeText } from '../../ui/TimeText';
import { sendReply } from './actions';
import { CitationChips, ToolChips, TurnChip } from './Chips';
import { refill } from './composer-focus';
import { DeliveryMark } from './DeliveryMark';
import classes from './Inbox.module.css';
import { MessageFiles } from './MessageFiles';
import { changeOutbox, type Pending } from './outbox';

interface MessageBubbleProps {
  message: Message;
  turn: TurnRecord | undefined;
  /** Stands directly under a message of the same writer. */
  joined: boolean;
}

export function MessageBubble({ message, turn, joined }: MessageBubbleProps) {
  const { t } = useTranslation('inbox');
  if (message.author === 'system') {
    return (
      <>
        <p className={classes.system}>
          {message.text} · <TimeText at={message.created_at} as="time" />
        </p>
        <MessageFiles message={message} />
      </>
    );
  }
  const side = message.author === 'customer' ? 'theirs' : 'ours';
  return (
    <article
      className={classes.message}
      data-author={message.author}
      data-side={side}
      data-joined={joined || undefined}
      aria-label={(message.author_name ?? '') === '' ? writerOf(message, t) : t(`author.${message.author}`, { name: message.author_name ?? '' })}
    >
      <div className={classes.bubble}>
        {message.text}
        {message.cut && <span className={classes.cut}>…</span>}
      </div>
      <MessageFiles message={message} />
      <div className={classes.meta}>
        <CitationChips citations={message.citations} />
        {turn !== undefined && <ToolChips turn={turn} />}
        {message.cut && (
          <span className={classes.rating}>
            <Scissors size={12} aria-hidden /> {t('thread.cut')}
          </span>
        )}
        <span className={classes.rating}>
          {message.author === 'note' && <Lock size={12} aria-hidden />}
          {message.author === 'customer' ? '' : `${writerOf(message, t)} · `}
          <TimeText at={message.created_at} as="time" />
        </span>
        <DeliveryMark message={message} />
        {turn !== undefined && <TurnChip turn={turn} />}
      </div>
    </article>
  );
}

/** Who wrote it; what a workflow wrote has no agent's name. */
function writerOf({ author, author_name: name }: Message, t: TFunction<'inbox'>): string {
  if (typeof name === 'string' && name !== '') return t(`writer.${author}`, { name });
  return t(author === 'ai' ? 'writer.workflow' : author === 'customer' ? 'writer.customer' : 'writer.unknown');
}

/** A reply of ours on its way, or one that did not get there. */
export function PendingBubble({ conversationId, pending }: { conversationId: string; pending: Pending }) {
  const { t } = useTranslation(['inbox', 'common']);
  return (
    <article className={classes.message} data-author="person" data-side="ours" data-pending={pending.status} aria-label={t('inbox:author.you')}>
      <div className={classes.bubble}>{[pending.text, ...pending.files.map(({ name }) => `[${name}]`)].filter((line) => line !== '').join('\n')}</div>
      {pending.status === 'sending' ? (
        <div className={classes.meta}>{t('inbox:thread.sending')}</div>
      ) : (
        <div className={classes.meta} role="alert">
          <Text size="xs" c="var(--text-danger)" className={classes.rating}>
            <CircleAlert size={14} aria-hidden /> {t('inbox:thread.failed')} {problemText(pending.error)}
          </Text>
          <Button size="compact-xs" variant="light" onClick={() => void sendReply(conversationId, pending.text, pending.files, pending.clientId)}>
            {t('common:action.retry')}
          </Button>
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() => {
              changeOutbox({ type: 'gone', conversationId, clientId: pending.clientId });
              refill(pending.text);
            }}
          >
            {t('common:action.edit')}
          </Button>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            onClick={() => changeOutbox({ type: 'gone', conversationId, clientId: pending.clientId })}
          >
            {t('common:action.discard')}
          </Button>
        </div>
      )}
    </article>
  );
}

/** The agent's reply, word by word. The log announces it when it is whole, not at every word. */
export function DraftBubble({ text }: { text: string }) {
  const { t } = useTranslation('inbox');
  return (
    <div className={classes.message} data-author="ai" data-side="ours" aria-busy>
      <div className={`${classes.bubble ?? ''} ${classes.caret ?? ''}`} aria-hidden>
        {text}
      </div>
      <div className={classes.meta}>{t('thread.writing')}</div>
    </div>
  );
}

export function TypingBubble({ name, ours }: { name: string; ours: boolean }) {
  const { t } = useTranslation('inbox');
  return (
    <div className={classes.message} data-author={ours ? 'ai' : 'customer'} data-side={ours ? 'ours' : 'theirs'}>
      <div className={classes.bubble}>
        <span className="visually-hidden">{t('row.typing', { name })}</span>
        <span className={classes.dots} aria-hidden>
          <i />
          <i />
          <i />
        </span>
      </div>
    </div>
  );
}
