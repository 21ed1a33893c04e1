import type { Contact } from '@frontdesk/api-client';
import { Anchor, Button, Card, Group, Select, Skeleton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatAddress } from '../../ui/address';
import { ErrorState } from '../../ui/ErrorState';
import { Person } from '../../ui/Person';
import { contactQuery, matchesQuery } from '../contacts/queries';
import type { ComplianceSearch, SectionId } from './routes';

interface ForContactProps {
  section: SectionId;
  search: ComplianceSearch;
  /** What can be done about the contact, beside them. */
  action?: (contact: Contact) => ReactNode;
  /** What stands here before anybody is chosen. */
  empty: ReactNode;
  children: (contact: Contact) => ReactNode;
}

/** A section about one contact: who it is stands in the address; without one, somebody is chosen first. */
export function ForContact({ section, search, action, empty, children }: ForContactProps) {
  const { t } = useTranslation('compliance');
  const navigate = useNavigate();
  const contact = useQuery({ ...contactQuery(search.contact ?? ''), enabled: search.contact !== undefined });
  const choose = (id: string | undefined) =>
    void navigate({ to: '/compliance/$section', params: { section }, search: (({ contact: _before, ...rest }) => (id === undefined ? rest : { ...rest, contact: id }))(search) });
  if (search.contact === undefined) {
    return (
      <Card>
        <ContactField onChoose={({ id }) => choose(id)} />
        {empty}
      </Card>
    );
  }
  if (contact.data === undefined) {
    return contact.isError ? (
      <Card>
        <ErrorState error={contact.error} onRetry={() => void contact.refetch()} />
        <Group justify="center">
          <Button variant="default" onClick={() => choose(undefined)}>
            {t('contact.other')}
          </Button>
        </Group>
      </Card>
    ) : (
      <Skeleton height={280} radius="lg" />
    );
  }
  const { data } = contact;
  const addresses = [data.phone && formatAddress(data.phone), data.email].filter(Boolean).join(' · ');
  return (
    <>
      <Card>
        <Group justify="space-between" gap="sm">
          <Anchor c="inherit" underline="hover" renderRoot={(props) => <Link to="/contacts/$contactId" params={{ contactId: data.id }} {...props} />}>
            <Person name={data.name === '' ? t('common:contact.unknown') : data.name} detail={addresses === '' ? t('contact.noAddress') : addresses} />
          </Anchor>
          <Group gap="xs">
            {action?.(data)}
            <Button variant="default" onClick={() => choose(undefined)}>
              {t('contact.other')}
            </Button>
          </Group>
        </Group>
      </Card>
      {children(data)}
    </>
  );
}

/** Finds somebody by a part of their name, number or address. */
function ContactField({ onChoose }: { onChoose: (contact: Contact) => void }) {
  const { t } = useTranslation('compliance');
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text.trim(), 200);
  const found = useQuery({ ...matchesQuery(asked), placeholderData: keepPreviousData });
  const contacts = asked === '' ? [] : (found.data ?? []);
  return (
    <Select
      label={t('contact.label')}
      placeholder={t('contact.placeholder')}
      maw={460}
      searchable
      openOnFocus={false}
      searchValue={text}
      onInput={(event) => setText(event.currentTarget.value)}
      value={null}
      // The server has searched already.
      filter={({ options }) => options}
      nothingFoundMessage={text.trim() === '' ? undefined : found.isFetching ? t('common:state.searching') : t('contact.nobody')}
      data={contacts.map((contact) => ({
        value: contact.id,
        label: [contact.name === '' ? t('common:contact.unknown') : contact.name, contact.phone ?? contact.email].filter(Boolean).join(' · '),
      }))}
      onChange={(id) => {
        const contact = contacts.find((each) => each.id === id);
        if (contact !== undefined) onChoose(contact);
      }}
    />
  );
}
