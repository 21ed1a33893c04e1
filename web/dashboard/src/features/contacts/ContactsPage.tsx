import type { Contact, ContactFilter, ContactPage, Tag } from '@frontdesk/api-client';
import { Badge, Button, Group, Indicator, Text, Tooltip } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { FileUp, ListFilter, SearchX, UserPlus, Users } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { formatPhone } from '../../ui/address';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { Person } from '../../ui/Person';
import { SearchField } from '../../ui/SearchField';
import { ContactStatusBadge } from '../../ui/StatusBadge';
import { TimeText } from '../../ui/TimeText';
import classes from './Contacts.module.css';
import { BulkBar, BulkProgress } from './BulkBar';
import { asks } from './filter';
import { FilterChips } from './FilterChips';
import { FilterDrawer } from './FilterDrawer';
import { NewContactDialog } from './NewContactDialog';
import { contactsQuery } from './queries';
import { contactsRoute, PAGE_SIZES, SORTS, type ContactsSearch, type PageSize, type Sort } from './routes';
import { SegmentsMenu } from './SegmentsMenu';

/** Names and states go up by themselves, times go down. */
const goesUp = (sort: Sort) => sort === 'name' || sort === 'status';

/** A row of the list stays a line or two high. */
const TAGS_SHOWN = 2;

export function ContactsPage() {
  const { t, i18n } = useTranslation('contacts');
  const search = contactsRoute.useSearch();
  const navigate = useNavigate();
  const mayWrite = useCan('contacts:write');
  const [filtering, setFiltering] = useState(false);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [bulk, setBulk] = useState<string | null>(null);
  const contacts = useQuery({ ...contactsQuery(search), placeholderData: keepPreviousData });
  const { sort = 'created_at', filter = {}, page = 1, size = 50 } = search;
  const go = (change: { [Key in keyof ContactsSearch]?: ContactsSearch[Key] | undefined }) => {
    if (change.page === undefined) setSelected(new Set());
    const next = { ...search, page: undefined, ...change };
    if (next.filter !== undefined && asks(next.filter) === 0) next.filter = undefined;
    void navigate({ to: '/contacts', search: next as ContactsSearch, replace: change.page === undefined });
  };
  const actions = mayWrite && (
    <>
      <Button variant="default" leftSection={<FileUp size={16} aria-hidden />} renderRoot={(props) => <Link to="/contacts/import" {...props} />}>
        {t('import.button')}
      </Button>
      <Button leftSection={<UserPlus size={16} aria-hidden />} renderRoot={(props) => <Link to="/contacts" search={{ ...search, create: true }} {...props} />}>
        {t('add')}
      </Button>
    </>
  );
  const filtered = search.q !== undefined || search.filter !== undefined;
  const { data } = contacts;
  const descending = goesUp(sort) === (search.reverse === true);
  return (
    <PageBody>
      <PageHeader
        title={t('title')}
        subtitle={
          data === undefined || data.total_kind !== 'exact'
            ? t('subtitle')
            : t('count', { count: data.total, shown: new Intl.NumberFormat(i18n.language).format(data.total) })
        }
        actions={actions}
      />
      <DataTable
        label={t('title')}
        columns={useColumns(search)}
        rows={data?.items}
        rowId={(contact) => contact.id}
        onOpen={(contact) => void navigate({ to: '/contacts/$contactId', params: { contactId: contact.id } })}
        sort={descending ? `-${sort}` : sort}
        onSort={(by) => {
          const next = SORTS.find((each) => each === by.replace('-', '')) ?? 'created_at';
          // Another column begins in its own direction.
          const reverse = next === sort ? search.reverse !== true : false;
          go({ sort: next, reverse: reverse || undefined });
        }}
        selection={
          mayWrite
            ? {
                selected,
                onChange: setSelected,
                label: (id) => t('bulk.tick', { name: data?.items.find((contact) => contact.id === id)?.name ?? '' }),
                labelAll: t('bulk.tickAll'),
              }
            : undefined
        }
        numbered={
          data && {
            page,
            size,
            sizes: PAGE_SIZES,
            total: data.total,
            totalKind: data.total_kind,
            more: typeof data.next_cursor === 'string',
            onPage: (to) => go({ page: to }),
            onSize: (to) => go({ size: to as PageSize }),
          }
        }
        error={contacts.error}
        onRetry={() => void contacts.refetch()}
        fetching={contacts.isPlaceholderData}
        toolbar={
          <>
            <Group gap="xs">
              <SearchField label={t('search')} value={search.q ?? ''} onSearch={(q) => go({ q: q === '' ? undefined : q })} flex={1} miw={200} maw={420} />
              <Indicator label={asks(filter)} size={18} disabled={asks(filter) === 0}>
                <Button variant="default" leftSection={<ListFilter size={16} aria-hidden />} onClick={() => setFiltering(true)}>
                  {t('filter.button')}
                </Button>
              </Indicator>
              <SegmentsMenu search={search} onChoose={(segment) => go({ q: segment.q, filter: withoutText(segment) })} />
            </Group>
            <FilterChips filter={filter} onChange={(next) => go({ filter: next })} />
            {selected.size > 0 && data !== undefined && (
              <BulkBar
                selected={selected}
                filter={{ ...filter, ...(search.q === undefined ? {} : { q: search.q }) }}
                total={totalText(data, i18n.language)}
                onClear={() => setSelected(new Set())}
                onStarted={(started) => setBulk(started.id)}
              />
            )}
            {bulk !== null && <BulkProgress key={bulk} id={bulk} onClose={() => setBulk(null)} />}
          </>
        }
        empty={
          filtered ? (
            <EmptyState
              icon={SearchX}
              title={t('empty.filtered')}
              action={
                <Button variant="default" onClick={() => go({ q: undefined, filter: undefined })}>
                  {t('empty.clear')}
                </Button>
              }
            />
          ) : (
            <EmptyState icon={Users} title={t('empty.title')} text={t('empty.text')} action={actions} />
          )
        }
      />
      <NewContactDialog opened={mayWrite && search.create === true} onClose={() => go({ create: undefined })} />
      <FilterDrawer
        opened={filtering}
        filter={filter}
        onClose={() => setFiltering(false)}
        onApply={(next) => {
          setFiltering(false);
          go({ filter: next });
        }}
      />
    </PageBody>
  );
}

/** How many match, as far as that is known. */
function totalText({ total, total_kind: kind }: Pick<ContactPage, 'total' | 'total_kind'>, language: string): string {
  const number = new Intl.NumberFormat(language).format(total);
  return kind === 'exact' ? number : kind === 'at_least' ? `${number}+` : `~${number}`;
}

function withoutText({ q: _text, ...filter }: ContactFilter): ContactFilter {
  return filter;
}

function useColumns(search: ContactsSearch): Column<Contact>[] {
  const { t } = useTranslation('contacts');
  return [
    {
      key: 'name',
      header: t('column.name'),
      sort: 'name',
      phone: 'head',
      cell: (contact) => (
        <Link to="/contacts/$contactId" params={{ contactId: contact.id }} className={classes.name}>
          <Person name={contact.name === '' ? t('common:contact.unknown') : contact.name} detail={contact.email} />
        </Link>
      ),
    },
    { key: 'status', header: t('column.status'), sort: 'status', cell: (contact) => <ContactStatusBadge miw="max-content" status={contact.opted_out ? 'opted_out' : contact.status} /> },
    {
      key: 'phone',
      header: t('column.phone'),
      cell: (contact) => (
        <>
          {typeof contact.phone === 'string' ? <Dimmed text={formatPhone(contact.phone)} /> : typeof contact.company !== 'string' && <Dimmed text={null} />}
          {typeof contact.company === 'string' && (
            <Text size="xs" c="dimmed" truncate maw={165} title={contact.company}>
              {contact.company}
            </Text>
          )}
        </>
      ),
    },
    {
      key: 'tags',
      header: t('column.tags'),
      cell: (contact) => <Tags tags={contact.tags} search={search} />,
    },
    {
      key: 'seen',
      header: t('column.seen'),
      sort: 'last_seen_at',
      cell: (contact) => (typeof contact.last_seen_at === 'string' ? <TimeText at={contact.last_seen_at} size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }} /> : <Dimmed text={null} />),
    },
    {
      key: 'created',
      header: t('column.created'),
      sort: 'created_at',
      phone: 'none',
      cell: (contact) => <TimeText at={contact.created_at} as="date" size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }} />,
    },
  ];
}

/** The first tags, each of which finds all that have it; the others are counted and named on asking. */
function Tags({ tags, search }: { tags: readonly Tag[]; search: ContactsSearch }) {
  const { t } = useTranslation('contacts');
  const more = tags.slice(TAGS_SHOWN);
  const names = more.map(({ name }) => name).join(', ');
  if (tags.length === 0) return <Dimmed text={null} />;
  return (
    <Group gap={4} className={classes.tags}>
      {tags.slice(0, TAGS_SHOWN).map((tag) => (
        <Badge key={tag.name} color={tag.color} maw="100%">
          <Link to="/contacts" search={{ ...search, page: undefined, filter: { ...search.filter, tags: [tag.name] } } as ContactsSearch} className={classes.tag}>
            {tag.name}
          </Link>
        </Badge>
      ))}
      {more.length > 0 && (
        <Tooltip label={names} multiline maw={280}>
          <Badge color="gray" miw="max-content" role="img" aria-label={t('tagsMore', { count: more.length, names })}>
            +{more.length}
          </Badge>
        </Tooltip>
      )}
    </Group>
  );
}

function Dimmed({ text }: { text: string | null | undefined }) {
  return (
    <Text size="sm" c={typeof text === 'string' ? undefined : 'dimmed'} style={{ whiteSpace: 'nowrap' }}>
      {text ?? '–'}
    </Text>
  );
}
