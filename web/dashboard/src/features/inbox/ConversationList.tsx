import type { Conversation, ConversationState, ConversationView } from '@frontdesk/api-client';
import { Badge, Button, CloseButton, NativeSelect, Skeleton, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Inbox, Search, SearchX, Star } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHappening } from '../../app/live/ephemeral';
import { useMe, useMembers } from '../../app/session';
import { countsQuery } from '../../app/shell/counts';
import { useShortcuts } from '../../app/shortcuts';
import { ChannelIcon } from '../../ui/ChannelIcon';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { formatAddress } from '../../ui/address';
import { PersonAvatar } from '../../ui/Person';
import { ConversationBadge } from '../../ui/StatusBadge';
import { TimeText } from '../../ui/TimeText';
import { useDocumentTitle } from '../../ui/PageHeader';
import classes from './Inbox.module.css';
import { listQuery } from './queries';
import { CHANNELS, inboxRoute, type InboxSearch } from './routes';

const VIEWS: readonly ConversationView[] = ['all', 'waiting', 'mine', 'unassigned'];
const STATES: readonly (ConversationState | 'all')[] = ['open', 'resolved', 'ended', 'all'];
const ROW_HEIGHT = 88;

export function ConversationList({ openId }: { openId: string | undefined }) {
  const { t } = useTranslation('inbox');
  const search = inboxRoute.useSearch();
  const navigate = useNavigate();
  const list = useInfiniteQuery(listQuery(search));
  const rows = list.data?.pages.flatMap((page) => page.items);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useDocumentTitle(t('title'));

  function move(by: number) {
    if (rows === undefined || rows.length === 0) return;
    const at = rows.findIndex((row) => row.id === openId);
    const next = rows[at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
    if (next !== undefined && next.id !== openId) {
      void navigate({ to: '/inbox/$conversationId', params: { conversationId: next.id }, search });
    }
  }

  const group = t('title');
  useShortcuts([
    { keys: 'j', label: t('keys.next'), group, run: () => move(1) },
    { keys: 'k', label: t('keys.previous'), group, run: () => move(-1) },
  ]);

  return (
    <section className={classes.list} aria-label={t('list.label')}>
      <div className={classes.listHead}>
        <div className={classes.listTitle}>
          <Title order={1} size="h2">
            {t('title')}
          </Title>
          <NativeSelect
            size="xs"
            aria-label={t('list.channel')}
            value={search.channel ?? ''}
            data={[{ value: '', label: t('list.anyChannel') }, ...CHANNELS.map((value) => ({ value: value as string, label: t(`common:channel.${value}`) }))]}
            onChange={(event) => {
              const channel = CHANNELS.find((each) => each === event.currentTarget.value);
              void navigate({ to: '.', search: (before: InboxSearch) => ({ ...before, channel }), replace: true });
            }}
          />
        </div>
        <div className={classes.filters}>
          <SearchField q={search.q ?? ''} />
          <NativeSelect
            aria-label={t('list.state')}
            value={search.state ?? 'open'}
            data={STATES.map((state) => ({ value: state, label: t(`state.${state}`) }))}
            onChange={(event) => {
              const state = event.currentTarget.value as ConversationState | 'all';
              void navigate({ to: '.', search: (before: InboxSearch) => ({ ...before, state }), replace: true });
            }}
          />
        </div>
        <Views search={search} openId={openId} />
      </div>
      {rows === undefined && list.isError ? (
        <ErrorState compact error={list.error} onRetry={() => void list.refetch()} />
      ) : rows === undefined ? (
        <SkeletonRows />
      ) : rows.length === 0 ? (
        <NoRows search={search} />
      ) : (
        <Rows rows={rows} openId={openId} search={search} more={hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : null} />
      )}
    </section>
  );
}

function SearchField({ q }: { q: string }) {
  const { t } = useTranslation('inbox');
  const navigate = useNavigate();
  const [text, setText] = useState(q);
  const [shown, setShown] = useState(q);
  // Back, forward and links change what is searched for; typing does not fight with them.
  if (q !== shown) {
    setShown(q);
    if (q !== text.trim()) setText(q);
  }
  const apply = (wanted: string) =>
    void navigate({
      to: '.',
      search: (before: InboxSearch) => ({ ...before, q: wanted.trim() === '' ? undefined : wanted.trim() }),
      replace: true,
    });
  const later = useDebouncedCallback(apply, 300);
  return (
    <TextInput
      flex={1}
      aria-label={t('list.search')}
      placeholder={t('list.search')}
      leftSection={<Search size={15} aria-hidden />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        later(event.currentTarget.value);
      }}
      rightSection={
        text === '' ? null : (
          <CloseButton
            size="sm"
            aria-label={t('list.clear')}
            onClick={() => {
              setText('');
              apply('');
            }}
          />
        )
      }
    />
  );
}

function Views({ search, openId }: { search: InboxSearch; openId: string | undefined }) {
  const { t } = useTranslation('inbox');
  const counts = useQuery(countsQuery).data;
  const current = search.view ?? 'all';
  return (
    <nav className={classes.views} aria-label={t('list.views')}>
      {VIEWS.map((view) => (
        <Link
          key={view}
          {...(openId === undefined ? { to: '/inbox' } : { to: '/inbox/$conversationId', params: { conversationId: openId } })}
          search={{ ...search, view }}
          replace
          className={classes.view}
          aria-current={view === current ? 'page' : undefined}
        >
          {t(`view.${view}`)}
          {counts !== undefined && counts[view] > 0 && (
            <span className={classes.count} data-urgent={view === 'waiting' || undefined}>
              {counts[view] > 99 ? '99+' : counts[view]}
            </span>
          )}
        </Link>
      ))}
    </nav>
  );
}

interface RowsProps {
  rows: Conversation[];
  openId: string | undefined;
  search: InboxSearch;
  /** Fetches the next page; null when there is none or one is on its way. */
  more: (() => void) | null;
}

function Rows({ rows, openId, search, more }: RowsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  // The virtualizer's functions change what they answer without changing themselves, which the compiler cannot see.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;

  useEffect(() => {
    if (last >= rows.length - 5) more?.();
  }, [last, rows.length, more]);

  const openIndex = rows.findIndex((row) => row.id === openId);
  useEffect(() => {
    if (openIndex >= 0) virtual.scrollToIndex(openIndex, { align: 'auto' });
    // Only when another conversation is opened: a list that moves by itself under the pointer is worse.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [openId]);

  return (
    // A scrolling region must be reachable by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div ref={scroller} className={classes.rows} tabIndex={0}>
      <ul style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const conversation = rows[item.index];
          return conversation === undefined ? null : (
            <li
              key={item.key}
              style={{ height: item.size, transform: `translateY(${String(item.start)}px)` }}
              aria-posinset={item.index + 1}
              aria-setsize={rows.length}
            >
              <Row conversation={conversation} search={search} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Row({ conversation, search }: { conversation: Conversation; search: InboxSearch }) {
  const { t } = useTranslation('inbox');
  const me = useMe().user.id;
  const members = useMembers();
  const { typing, draft } = useHappening(conversation.id);
  const assignee = conversation.assignee;
  return (
    <Link
      to="/inbox/$conversationId"
      params={{ conversationId: conversation.id }}
      search={{ ...search, details: undefined }}
      className={classes.row}
      activeOptions={{ includeSearch: false }}
    >
      <PersonAvatar name={conversation.contact_name} size={38} />
      <div className={classes.rowBody}>
        <div className={classes.rowLine}>
          <Text size="sm" fw={conversation.unread > 0 ? 650 : 550} truncate>
            {formatAddress(conversation.contact_name)}
          </Text>
          <TimeText at={conversation.last_message_at} as="short" size="xs" c="dimmed" style={{ flex: 'none' }} />
        </div>
        <Text size="xs" c={conversation.unread > 0 ? undefined : 'dimmed'} truncate>
          {draft !== null ? t('row.writing') : typing !== null ? t('row.typing', { name: typing.name ?? conversation.contact_name }) : conversation.preview}
        </Text>
        <div className={classes.rowLine}>
          <span className={classes.rowTags}>
            <ChannelIcon channel={conversation.channel} />
            <ConversationBadge conversation={conversation} size="sm" />
            {assignee !== null && assignee !== undefined && (
              <Text size="xs" c="dimmed" truncate>
                {assignee === me ? t('row.you') : (members.get(assignee)?.name ?? '')}
              </Text>
            )}
            {typeof conversation.rating === 'number' && (
              <Text size="xs" c="dimmed" className={classes.rating}>
                <Star size={12} aria-hidden /> <span aria-label={t('row.rating', { score: conversation.rating })}>{conversation.rating}</span>
              </Text>
            )}
          </span>
          {conversation.unread > 0 && (
            <Badge variant="filled" size="sm" circle aria-label={t('row.unread', { count: conversation.unread })}>
              {conversation.unread > 9 ? '9+' : conversation.unread}
            </Badge>
          )}
        </div>
      </div>
    </Link>
  );
}

function NoRows({ search }: { search: InboxSearch }) {
  const { t } = useTranslation('inbox');
  const filtered = search.q !== undefined || search.channel !== undefined || (search.state ?? 'open') !== 'open' || (search.view ?? 'all') !== 'all';
  return (
    <EmptyState
      compact
      icon={filtered ? SearchX : Inbox}
      title={t(search.q !== undefined ? 'empty.search' : `empty.${search.view ?? 'all'}`)}
      text={t(filtered ? 'empty.filteredText' : 'empty.text')}
      action={
        filtered ? (
          <Button variant="default" size="compact-sm" renderRoot={(props) => <Link to="/inbox" {...props} />}>
            {t('empty.clear')}
          </Button>
        ) : undefined
      }
    />
  );
}

function SkeletonRows() {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t('state.loading')}>
      {Array.from({ length: 8 }, (_, index) => (
        <div key={index} className={classes.row} style={{ height: ROW_HEIGHT }}>
          <Skeleton height={38} circle style={{ flex: 'none' }} />
          <div className={classes.rowBody}>
            <Skeleton height={11} width="55%" radius="xl" mt={4} />
            <Skeleton height={10} width="90%" radius="xl" mt={8} />
            <Skeleton height={14} width="30%" mt={8} />
          </div>
        </div>
      ))}
    </div>
  );
}
