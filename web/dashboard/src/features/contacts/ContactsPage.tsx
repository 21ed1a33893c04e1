import type { Contact } from '@frontdesk/api-client';
import { Autocomplete, Badge, Button, CloseButton, Group, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { SearchX, Tag as TagIcon, UserPlus, Users } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { Person } from '../../ui/Person';
import { pagerOf } from '../../ui/pager';
import { SearchField } from '../../ui/SearchField';
import { TimeText } from '../../ui/TimeText';
import classes from './Contacts.module.css';
import { NewContactDialog } from './NewContactDialog';
import { contactsQuery } from './queries';
import { contactsRoute, SORTS, type ContactsSearch } from './routes';

export function ContactsPage() {
  const { t } = useTranslation('contacts');
  const search = contactsRoute.useSearch();
  const navigate = useNavigate();
  const mayWrite = useCan('contacts:write');
  const contacts = useQuery({ ...contactsQuery(search), placeholderData: keepPreviousData });
  const { sort = 'created_at' } = search;
  const go = (change: Partial<Record<keyof ContactsSearch, unknown>>) =>
    void navigate({ to: '/contacts', search: { ...search, trail: undefined, ...change } as ContactsSearch, replace: true });
  const add = mayWrite && (
    <Button leftSection={<UserPlus size={16} aria-hidden />} renderRoot={(props) => <Link to="/contacts" search={{ ...search, create: true }} {...props} />}>
      {t('add')}
    </Button>
  );
  const filtered = search.q !== undefined || search.tag !== undefined;
  return (
    <PageBody>
      <PageHeader
        title={t('title')}
        subtitle={typeof contacts.data?.total === 'number' ? t('count', { count: contacts.data.total }) : t('subtitle')}
        actions={add}
      />
      <DataTable
        label={t('title')}
        columns={useColumns(search)}
        rows={contacts.data?.items}
        rowId={(contact) => contact.id}
        onOpen={(contact) => void navigate({ to: '/contacts/$contactId', params: { contactId: contact.id } })}
        // Names go up, dates go down: the server knows one direction of each.
        sort={sort === 'name' ? 'name' : `-${sort}`}
        onSort={(by) => go({ sort: SORTS.find((each) => each === by.replace('-', '')) })}
        pager={pagerOf(search, contacts.data?.next_cursor)}
        onPage={(page) => void navigate({ to: '/contacts', search: { ...search, ...page } })}
        total={contacts.data?.total}
        error={contacts.error}
        onRetry={() => void contacts.refetch()}
        fetching={contacts.isPlaceholderData}
        toolbar={
          <Group gap="xs">
            <SearchField label={t('search')} value={search.q ?? ''} onSearch={(q) => go({ q: q === '' ? undefined : q })} flex={1} miw={200} maw={420} />
            <TagFilter key={search.tag ?? ''} tag={search.tag} rows={contacts.data?.items ?? []} onChange={(tag) => go({ tag })} />
          </Group>
        }
        empty={
          filtered ? (
            <EmptyState
              icon={SearchX}
              title={t('empty.filtered')}
              action={
                <Button variant="default" onClick={() => go({ q: undefined, tag: undefined })}>
                  {t('empty.clear')}
                </Button>
              }
            />
          ) : (
            <EmptyState icon={Users} title={t('empty.title')} text={t('empty.text')} action={add} />
          )
        }
      />
      <NewContactDialog opened={mayWrite && search.create === true} onClose={() => go({ create: undefined })} />
    </PageBody>
  );
}

interface TagFilterProps {
  tag: string | undefined;
  rows: readonly Contact[];
  onChange: (tag: string | undefined) => void;
}

/** Offers the tags in sight; any other can be typed. */
function TagFilter({ tag, rows, onChange }: TagFilterProps) {
  const { t } = useTranslation('contacts');
  const [typed, setTyped] = useState(tag ?? '');
  const seen = [...new Set(rows.flatMap((contact) => contact.tags.map((each) => each.name)))].sort();
  return (
    <Autocomplete
      aria-label={t('tagFilter')}
      placeholder={t('tagFilter')}
      leftSection={<TagIcon size={15} aria-hidden />}
      rightSection={tag === undefined ? null : <CloseButton size="sm" aria-label={t('empty.clear')} onClick={() => onChange(undefined)} />}
      w={200}
      data={seen}
      value={typed}
      onChange={setTyped}
      onOptionSubmit={onChange}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onChange(typed.trim() === '' ? undefined : typed.trim());
      }}
    />
  );
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
    { key: 'phone', header: t('column.phone'), cell: (contact) => <Dimmed text={contact.phone} /> },
    { key: 'company', header: t('column.company'), cell: (contact) => <Dimmed text={contact.company} /> },
    {
      key: 'tags',
      header: t('column.tags'),
      cell: (contact) => (
        <Group gap={4} maw={260}>
          {contact.tags.map((tag) => (
            <Badge key={tag.name} color={tag.color}>
              <Link to="/contacts" search={{ ...search, trail: undefined, tag: tag.name }} className={classes.tag}>
                {tag.name}
              </Link>
            </Badge>
          ))}
          {contact.opted_out && <Badge color="red">{t('optedOut')}</Badge>}
        </Group>
      ),
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

function Dimmed({ text }: { text: string | null | undefined }) {
  return (
    <Text size="sm" c={typeof text === 'string' ? undefined : 'dimmed'} style={{ whiteSpace: 'nowrap' }}>
      {text ?? '–'}
    </Text>
  );
}
