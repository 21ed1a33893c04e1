import type { Conversation, Message } from '@frontdesk/api-client';
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { ArrowDown } from 'lucide-react';
import { Fragment, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHappening } from '../../app/live/ephemeral';
import type { Thread as ThreadData } from '../../app/live/threads';
import { dayOf, formatTime, useNow, useZone } from '../../ui/time';
import { DraftBubble, MessageBubble, PendingBubble, TypingBubble } from './MessageBubble';
import classes from './Inbox.module.css';
import { usePending } from './outbox';
import { loadOlder, turnsQuery } from './queries';

/** How close to the end counts as reading the newest, in pixels. */
const NEAR = 80;

interface ThreadProps {
  conversation: Conversation;
  thread: ThreadData;
  /** Whether what stands behind the answers is fetched too. */
  withTurns: boolean;
}

export function Thread({ conversation, thread, withTurns }: ThreadProps) {
  const { t } = useTranslation('inbox');
  const zone = useZone();
  const turns = useQuery({ ...turnsQuery(conversation.id), enabled: withTurns }).data;
  const pending = usePending(conversation.id).filter(
    (each) => !thread.messages.some((message) => message.client_id === each.clientId),
  );
  const { draft, typing } = useHappening(conversation.id);
  const older = useMutation({ mutationFn: () => loadOlder(conversation.id, thread.older) });
  const { scroller, atEnd, toEnd, keepPlace, onScroll } = useStickyEnd(
    `${String(thread.messages.at(-1)?.seq)} ${String(pending.length)} ${draft?.text ?? ''} ${typing === null ? '' : 'typing'}`,
  );
  // The reply that is being written is stored by now, its message only has not been fetched as the last one.
  const writing = draft !== null && !thread.messages.some((message) => message.turn_id === draft.turnId) ? draft : null;

  function showOlder() {
    keepPlace();
    older.mutate();
  }

  return (
    <div className={classes.threadBody}>
      {/* A scrolling region must be reachable by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div ref={scroller} className={classes.scroll} onScroll={onScroll} role="log" aria-label={t('thread.log')} tabIndex={0}>
        <div className={classes.messages}>
          {thread.older !== null && (
            <Button variant="subtle" color="gray" size="compact-sm" mx="auto" loading={older.isPending} onClick={showOlder}>
              {t('thread.older')}
            </Button>
          )}
          {thread.messages.map((message, index) => {
            const before = thread.messages[index - 1];
            const newDay = before === undefined || dayOf(before.created_at, zone) !== dayOf(message.created_at, zone);
            return (
              <Fragment key={message.id}>
                {newDay && <DayLine at={message.created_at} />}
                <MessageBubble
                  message={message}
                  turn={turns?.get(message.turn_id ?? '')}
                  joined={!newDay && joins(before, message)}
                />
              </Fragment>
            );
          })}
          {pending.map((each) => (
            <PendingBubble key={each.clientId} conversationId={conversation.id} pending={each} />
          ))}
          {writing !== null && <DraftBubble text={writing.text} />}
          {writing === null && typing !== null && <TypingBubble name={typing.name ?? conversation.contact_name} ours={typing.name !== null} />}
        </div>
      </div>
      {!atEnd && (
        <Button
          className={classes.toNewest}
          size="compact-sm"
          radius="xl"
          variant="default"
          leftSection={<ArrowDown size={14} aria-hidden />}
          onClick={toEnd}
        >
          {t('thread.newest')}
        </Button>
      )}
    </div>
  );
}

/** Messages of one writer within a few minutes stand together. */
function joins(before: Message | undefined, message: Message): boolean {
  return (
    before !== undefined &&
    before.author === message.author &&
    before.user_id === message.user_id &&
    Date.parse(message.created_at) - Date.parse(before.created_at) < 3 * 60_000
  );
}

function DayLine({ at }: { at: string }) {
  const { t, i18n } = useTranslation('inbox');
  const zone = useZone();
  const now = useNow();
  const day = dayOf(at, zone);
  const text =
    day === dayOf(new Date(now), zone)
      ? t('thread.today')
      : day === dayOf(new Date(now - 86_400_000), zone)
        ? t('thread.yesterday')
        : formatTime(at, 'weekday', i18n.language, zone);
  return <div className={classes.day}>{text}</div>;
}

/** Stays at the newest message while one reads there, and stays put while one reads further up. */
function useStickyEnd(content: string) {
  const scroller = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  /** The distance from the end to keep when older messages come in above. */
  const kept = useRef<number | null>(null);
  const [atEnd, setAtEnd] = useState(true);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    if (kept.current !== null) return;
    if (following.current) element.scrollTop = element.scrollHeight;
  }, [content]);

  // Older messages, chips that open and fonts that arrive all change the height.
  useEffect(() => {
    const element = scroller.current;
    const inner = element?.firstElementChild;
    if (element === null || inner === null || inner === undefined) return;
    const observer = new ResizeObserver(() => {
      if (kept.current !== null) {
        element.scrollTop = element.scrollHeight - kept.current;
        kept.current = null;
      } else if (following.current) {
        element.scrollTop = element.scrollHeight;
      }
    });
    observer.observe(inner);
    return () => observer.disconnect();
  }, []);

  return {
    scroller,
    atEnd,
    onScroll: () => {
      const element = scroller.current;
      if (element === null) return;
      const near = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
      following.current = near;
      setAtEnd(near);
    },
    toEnd: () => {
      following.current = true;
      if (scroller.current !== null) scroller.current.scrollTop = scroller.current.scrollHeight;
    },
    keepPlace: () => {
      const element = scroller.current;
      if (element !== null) kept.current = element.scrollHeight - element.scrollTop;
    },
  };
}
