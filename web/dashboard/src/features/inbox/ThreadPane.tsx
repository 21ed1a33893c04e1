import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan, useMe } from '../../app/session';
import { useShortcuts } from '../../app/shortcuts';
import { ErrorState } from '../../ui/ErrorState';
import { PageLoading } from '../../ui/PageLoading';
import { useDocumentTitle } from '../../ui/PageHeader';
import { markRead, useStep } from './actions';
import { Composer } from './Composer';
import { focusComposer } from './composer-focus';
import { ContactPanel } from './ContactPanel';
import classes from './Inbox.module.css';
import { conversationQuery, threadQuery } from './queries';
import { conversationRoute, inboxRoute } from './routes';
import { Thread } from './Thread';
import { ThreadHeader } from './ThreadHeader';

/** One conversation: its thread, what one can say in it, and what is known of the customer. */
export function ThreadPane() {
  const { conversationId } = conversationRoute.useParams();
  return <Pane key={conversationId} id={conversationId} />;
}

function Pane({ id }: { id: string }) {
  const { t } = useTranslation('inbox');
  const conversation = useQuery(conversationQuery(id));
  const thread = useQuery(threadQuery(id));
  const search = inboxRoute.useSearch();
  const navigate = useNavigate();
  const me = useMe().user.id;
  const mayWrite = useCan('conversations:write');
  const step = useStep(id);
  const data = conversation.data;
  const holdsFloor = data?.floor.holder === 'person' && data.floor.user_id === me;
  useDocumentTitle(data === undefined ? '' : data.contact_name);

  // What is shown to somebody who is looking is read.
  const unread = data?.unread ?? 0;
  useEffect(() => {
    if (unread === 0 || !mayWrite) return;
    const read = () => {
      if (document.visibilityState === 'visible') void markRead(id);
    };
    read();
    document.addEventListener('visibilitychange', read);
    return () => document.removeEventListener('visibilitychange', read);
  }, [id, unread, mayWrite]);

  // Who runs through the list with j and k does not ask for everything about everybody on the way.
  const settled = useSettled(250);
  const wide = useMediaQuery('(min-width: 80.01em)', true, { getInitialValueInEffect: false });

  const group = t('keys.conversation');
  useShortcuts([
    ...(mayWrite && data !== undefined
      ? [
          { keys: 'r', label: t('keys.reply'), group, run: () => focusComposer('reply') },
          { keys: 'n', label: t('keys.note'), group, run: () => focusComposer('note') },
          {
            keys: 't',
            label: holdsFloor ? t('action.handBack') : t('action.takeOver'),
            group,
            run: () => step.mutate(holdsFloor ? 'hand-back' : 'take-over'),
          },
          {
            keys: 'e',
            label: data.state === 'open' ? t('action.resolve') : t('action.reopen'),
            group,
            run: () => step.mutate(data.state === 'open' ? 'resolve' : 'reopen'),
          },
        ]
      : []),
    {
      keys: 'i',
      label: t('keys.details'),
      group,
      run: () => void navigate({ to: '.', search: { ...search, details: search.details === true ? undefined : true } }),
    },
  ]);

  if (data === undefined) {
    return conversation.isError ? (
      <ErrorState error={conversation.error} onRetry={() => void conversation.refetch()} />
    ) : (
      <PageLoading />
    );
  }
  return (
    <div className={classes.conversation} data-details={search.details || undefined}>
      <section className={classes.thread} aria-label={t('thread.label', { name: data.contact_name })}>
        <ThreadHeader conversation={data} />
        {thread.data === undefined && thread.isError ? (
          <ErrorState error={thread.error} onRetry={() => void thread.refetch()} />
        ) : thread.data === undefined ? (
          <PageLoading />
        ) : (
          <Thread conversation={data} thread={thread.data} withTurns={settled} />
        )}
        {mayWrite && <Composer conversation={data} />}
      </section>
      {(wide || search.details === true) && (
        <aside className={classes.details} aria-label={t('panel.label')}>
          {settled && <ContactPanel conversation={data} />}
        </aside>
      )}
    </div>
  );
}

/** True once the component has been shown for a while. */
function useSettled(milliseconds: number): boolean {
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), milliseconds);
    return () => clearTimeout(timer);
  }, [milliseconds]);
  return settled;
}
