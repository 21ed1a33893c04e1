import { ActionIcon, Group, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Person } from '../../ui/Person';
import { formatAddress } from '../../ui/address';
import { matchesQuery } from '../contacts/queries';
import { addressIn, type Openable, type Recipient } from './compose';

interface RecipientFieldProps {
  value: Recipient;
  /** The channel goes along when an address says which one it is. */
  onChange: (recipient: Recipient, channel: Openable | null) => void;
  error?: string | undefined;
}

const ADDRESS = 'address:';

/** Who receives a message: somebody who is known, or an address. */
export function RecipientField({ value, onChange, error }: RecipientFieldProps) {
  const { t } = useTranslation('messages');
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text.trim(), 200);
  const found = useQuery({ ...matchesQuery(asked), placeholderData: keepPreviousData });
  const contacts = asked === '' ? [] : (found.data ?? []);
  const typed = addressIn(text);
  if (value.kind !== 'none') {
    const known = value.kind === 'contact' ? value.contact : null;
    const name = known === null ? formatAddress(value.kind === 'address' ? value.address : '') : known.name === '' ? t('common:contact.unknown') : known.name;
    return (
      <Group justify="space-between" wrap="nowrap">
        <Person name={name} detail={known === null ? t('to.address') : [known.phone && formatAddress(known.phone), known.email].filter(Boolean).join(' · ')} />
        <ActionIcon size={30} aria-label={t('to.change')} onClick={() => onChange({ kind: 'none' }, null)}>
          <X size={16} aria-hidden />
        </ActionIcon>
      </Group>
    );
  }
  return (
    <Select
      label={t('to.label')}
      placeholder={t('to.placeholder')}
      data-autofocus
      searchable
      openOnFocus={false}
      searchValue={text}
      // Not `onSearchChange`: leaving the field would empty it.
      onInput={(event) => setText(event.currentTarget.value)}
      value={null}
      error={error}
      // The server has searched already.
      filter={({ options }) => options}
      nothingFoundMessage={text.trim() === '' ? undefined : found.isFetching ? t('common:state.searching') : t('to.nobody')}
      data={[
        ...(typed === null ? [] : [{ value: ADDRESS, label: t('to.use', { address: formatAddress(typed.address) }) }]),
        ...contacts.map((contact) => ({
          value: contact.id,
          label: [contact.name === '' ? t('common:contact.unknown') : contact.name, contact.phone ?? contact.email].filter(Boolean).join(' · '),
        })),
      ]}
      onChange={(id) => {
        if (id === ADDRESS && typed !== null) onChange({ kind: 'address', address: typed.address }, typed.channel);
        const contact = contacts.find((each) => each.id === id);
        if (contact !== undefined) onChange({ kind: 'contact', contact }, null);
      }}
    />
  );
}
