import type { MessageStatus, OutboxMessage } from '@frontdesk/api-client';
import { Button, CloseButton, Group, NativeSelect, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { ChartColumn, CircleAlert, PenLine, SearchX, Send } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { outboxCountsQuery } from '../../app/shell/counts';
import { useShortcuts } from '../../app/shortcuts';
import { ChannelIcon } from '../../ui/ChannelIcon';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { MessageBadge } from '../../ui/MessageBadge';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { pagerOf } from '../../ui/pager';
import { Person } from '../../ui/Person';
import { SearchField } from '../../ui/SearchField';
import { formatAddress } from '../../ui/address';
import { useFormatTime, useNow } from '../../ui/time';
import { TimeText } from '../../ui/TimeText';
import { contactQuery } from '../contacts/queries';
import { ComposeDialog } from './ComposeDialog';
import classes from './Messages.module.css';
import { outboxQuery } from './queries';
import { CARRIED, messagesRoute, STATUSES, type MessagesSearch } from './routes';
import { useReasonText } from './Verdict';

type Change = { [Key in keyof MessagesSearch]?: MessagesSearch[Key] | undefined };

const FILTERS = ['status', 'channel', 'contact', 'q'] as const;

export function MessagesPage() {
  const { t } = useTranslation('messages');
  const search = messagesRoute.useSearch();
  const navigate = useNavigate();
  const mayWrite = useCan('messages:write');
  const [writing, setWriting] = useState(false);
  const messages = useQuery({ ...outboxQuery(search), placeholderData: keepPreviousData });
  const counts = useQuery(outboxCountsQuery).data;
  const clean = (change: Change) => Object.fromEntries(Object.entries({ ...search, trail: undefined, ...change }).filter(([, value]) => value !== undefined)) as MessagesSearch;
  const go = (change: Change) => void navigate({ to: '/messages', search: clean(change), replace: true });
  const filtered = FILTERS.some((name) => search[name] !== undefined);
  useShortcuts(mayWrite ? [{ keys: 'n', label: t('write'), group: t('title'), run: () => setWriting(true) }] : []);
  return (
    <PageBody>
      <PageHeader
        title={t('title')}
        subtitle={counts === undefined || counts.total === 0 ? t('subtitle') : t('count', { count: counts.total })}
        actions={
          <>
            <Button variant="default" leftSection={<ChartColumn size={16} aria-hidden />} renderRoot={(props) => <Link to="/message-figures" {...props} />}>
              {t('figures.button')}
            </Button>
            {mayWrite && (
              <Button leftSection={<PenLine size={16} aria-hidden />} onClick={() => setWriting(true)}>
                {t('write')}
              </Button>
            )}
          </>
        }
      />
      <Tabs search={search} />
      <DataTable
        label={t('title')}
        columns={useColumns(search)}
        rows={messages.data?.items}
        rowId={(message) => message.id}
        onOpen={(message) => void navigate({ to: '/messages/$messageId', params: { messageId: message.id }, search })}
        pager={pagerOf(search, messages.data?.next_cursor)}
        onPage={(page) => void navigate({ to: '/messages', search: clean({ ...page, trail: page.trail }) })}
        error={messages.error}
        onRetry={() => void messages.refetch()}
        fetching={messages.isPlaceholderData}
        toolbar={<Filters search={search} onChange={go} />}
        empty={
          filtered ? (
            <EmptyState
              icon={SearchX}
              title={t('empty.filtered')}
              action={
                <Button variant="default" onClick={() => go({ q: undefined, status: undefined, channel: undefined, contact: undefined })}>
                  {t('empty.clear')}
                </Button>
              }
            />
          ) : (
            <NoMessages onWrite={mayWrite ? () => setWriting(true) : null} />
          )
        }
      />
      <Outlet />
      {writing && <ComposeDialog onClose={() => setWriting(false)} />}
    </PageBody>
  );
}

function NoMessages({ onWrite }: { onWrite: (() => void) | null }) {
  const { t } = useTranslation('messages');
  return <EmptyState icon={Send} title={t('empty.title')} text={t('empty.text')} {...(onWrite === null ? {} : { action: <Button onClick={onWrite}>{t('write')}</Button> })} />;
}

/** States that are rare stand here only while there is something in them. */
const RARE: readonly MessageStatus[] = ['sending', 'undelivered', 'cancelled'];
const TONES: Partial<Record<MessageStatus, string>> = { failed: 'bad', undelivered: 'bad', in_doubt: 'unsure' };

function Tabs({ search }: { search: MessagesSearch }) {
  const { t, i18n } = useTranslation('messages');
  const { data } = useQuery(outboxCountsQuery);
  const list = useRef<HTMLElement>(null);
  const countOf = (status: MessageStatus) => data?.by_status.find((each) => each.status === status)?.count ?? 0;
  const shown = STATUSES.filter((status) => !RARE.includes(status) || status === search.status || countOf(status) > 0);
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    // Counts make the tabs wider.
  }, [search.status, data]);
  const tab = (status: MessageStatus | undefined, label: string, count: number) => (
    <Link
      key={status ?? 'all'}
      to="/messages"
      search={{ ...search, trail: undefined, status } as MessagesSearch}
      replace
      className={classes.tab}
      activeOptions={{ includeSearch: true, explicitUndefined: true }}
      aria-current={status === search.status ? 'page' : undefined}
    >
      {label}
      {count > 0 && (
        <span className={classes.count} data-tone={status === undefined ? undefined : TONES[status]}>
          {new Intl.NumberFormat(i18n.language, { notation: 'compact' }).format(count)}
        </span>
      )}
    </Link>
  );
  return (
    <nav ref={list} className={classes.tabs} aria-label={t('filter.status')}>
      {tab(undefined, t('all'), data?.total ?? 0)}
      {shown.map((status) => tab(status, t(`common:status.message.${status}`), countOf(status)))}
    </nav>
  );
}

function Filters({ search, onChange }: { search: MessagesSearch; onChange: (change: Change) => void }) {
  const { t } = useTranslation('messages');
  return (
    <Group gap="xs">
      <SearchField label={t('search')} value={search.q ?? ''} onSearch={(q) => onChange({ q: q === '' ? undefined : q })} flex={1} miw={180} maw={420} />
      <NativeSelect
        aria-label={t('filter.channel')}
        data={[{ value: '', label: t('filter.anyChannel') }, ...CARRIED.map((value) => ({ value: value as string, label: t(`common:channel.${value}`) }))]}
        value={search.channel ?? ''}
        onChange={(event) => onChange({ channel: CARRIED.find((each) => each === event.currentTarget.value) })}
      />
      {search.contact !== undefined && <OfContact id={search.contact} onClear={() => onChange({ contact: undefined })} />}
    </Group>
  );
}

function OfContact({ id, onClear }: { id: string; onClear: () => void }) {
  const { t } = useTranslation('messages');
  const contact = useQuery(contactQuery(id)).data;
  return (
    <Group gap={4} wrap="nowrap">
      <Text size="sm" truncate maw={220}>
        {t('filter.to', { name: contact === undefined || contact.name === '' ? t('common:contact.unknown') : contact.name })}
      </Text>
      <CloseButton size="sm" aria-label={t('filter.everybody')} onClick={onClear} />
    </Group>
  );
}

function useColumns(search: MessagesSearch): Column<OutboxMessage>[] {
  const { t } = useTranslation('messages');
  const reasonOf = useReasonText();
  const format = useFormatTime();
  const now = useNow();
  return [
    {
      key: 'to',
      header: t('column.to'),
      phone: 'head',
      cell: (message) => (
        <Link to="/messages/$messageId" params={{ messageId: message.id }} search={search} className={classes.name}>
          <Person
            name={message.contact_name === '' ? formatAddress(message.to) : message.contact_name}
            detail={
              <span className={classes.address}>
                <ChannelIcon channel={message.channel} />
                <Text span size="xs" truncate>
                  {message.contact_name === '' || message.contact_name === message.to ? t(`common:channel.${message.channel}`) : formatAddress(message.to)}
                </Text>
              </span>
            }
          />
        </Link>
      ),
    },
    {
      key: 'text',
      header: t('column.text'),
      phone: 'wide',
      cell: (message) => (
        <div className={classes.words}>
          <Text size="sm" lineClamp={2}>
            {message.content.subject ?? message.content.text}
          </Text>
          {message.status !== 'cancelled' && reasonOf(message) !== null && (
            <span className={classes.reason}>
              <CircleAlert size={13} aria-hidden />
              <span>{reasonOf(message)}</span>
            </span>
          )}
        </div>
      ),
    },
    { key: 'status', header: t('column.status'), cell: (message) => <MessageBadge status={message.status} miw="max-content" /> },
    {
      key: 'when',
      header: t('column.when'),
      cell: (message) =>
        message.status === 'queued' && Date.parse(message.send_at) > now ? (
          <Text size="sm" style={{ whiteSpace: 'nowrap' }}>
            {t('leaves', { when: format(message.send_at, 'datetime') })}
          </Text>
        ) : (
          <TimeText at={message.sent_at ?? message.created_at} as="short" size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }} />
        ),
    },
  ];
}
