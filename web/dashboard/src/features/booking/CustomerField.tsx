import type { Contact } from '@frontdesk/api-client';
import { ActionIcon, Button, Group, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { UserPlus, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { matchesQuery } from '../contacts/queries';
import { Person } from '../../ui/Person';

export type Customer = { kind: 'none' } | { kind: 'known'; contact: Contact } | { kind: 'new'; name: string; email: string; phone: string };

interface CustomerFieldProps {
  value: Customer;
  onChange: (customer: Customer) => void;
  errors: Readonly<Record<string, string>>;
}

/** Who a booking is for: somebody who is known, or somebody new. */
export function CustomerField({ value, onChange, errors }: CustomerFieldProps) {
  const { t } = useTranslation('booking');
  if (value.kind === 'known') {
    return (
      <Group justify="space-between" wrap="nowrap">
        <Person name={value.contact.name} detail={value.contact.email ?? value.contact.phone} />
        <ActionIcon size={30} aria-label={t('customer.change')} onClick={() => onChange({ kind: 'none' })}>
          <X size={16} aria-hidden />
        </ActionIcon>
      </Group>
    );
  }
  if (value.kind === 'new') {
    const set = (part: Partial<typeof value>) => onChange({ ...value, ...part });
    return (
      <Stack gap="xs">
        <Group align="flex-end" wrap="nowrap" gap="xs">
          <TextInput
            label={t('customer.name')}
            flex={1}
            required
            data-autofocus
            maxLength={120}
            value={value.name}
            error={errors['name']}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <ActionIcon size={36} aria-label={t('customer.search')} onClick={() => onChange({ kind: 'none' })}>
            <X size={16} aria-hidden />
          </ActionIcon>
        </Group>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
          <TextInput label={t('customer.email')} type="email" maxLength={254} value={value.email} error={errors['email']} onChange={(event) => set({ email: event.currentTarget.value })} />
          <TextInput label={t('customer.phone')} type="tel" maxLength={64} value={value.phone} error={errors['phone']} onChange={(event) => set({ phone: event.currentTarget.value })} />
        </SimpleGrid>
      </Stack>
    );
  }
  return <CustomerSearch onChange={onChange} error={errors['contact_id'] ?? errors['name']} />;
}

function CustomerSearch({ onChange, error }: { onChange: (customer: Customer) => void; error: string | undefined }) {
  const { t } = useTranslation('booking');
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text.trim(), 200);
  const found = useQuery({ ...matchesQuery(asked), placeholderData: keepPreviousData });
  const contacts = found.data ?? [];
  const field = useRef<HTMLInputElement>(null);
  // The dialog looks for what to focus before it knows what can be booked.
  useEffect(() => field.current?.focus(), []);
  return (
    <Group align="flex-end" gap="xs" wrap="nowrap">
      <Select
        label={t('customer.label')}
        placeholder={t('customer.placeholder')}
        flex={1}
        searchable
        searchValue={text}
        // Not `onSearchChange`: leaving the field, as for the button beside it, would empty it.
        onInput={(event) => setText(event.currentTarget.value)}
        ref={field}
        data-autofocus
        openOnFocus={false}
        value={null}
        error={error}
        // The server has searched already.
        filter={({ options }) => options}
        nothingFoundMessage={found.isFetching ? t('common:state.searching') : t('customer.nobody')}
        data={contacts.map((contact) => ({
          value: contact.id,
          label: [contact.name === '' ? t('common:contact.unknown') : contact.name, contact.email ?? contact.phone].filter(Boolean).join(' · '),
        }))}
        onChange={(id) => {
          const contact = contacts.find((each) => each.id === id);
          if (contact !== undefined) onChange({ kind: 'known', contact });
        }}
      />
      <Button
        variant="default"
        leftSection={<UserPlus size={16} aria-hidden />}
        onClick={() => {
          const isEmail = text.includes('@');
          onChange({ kind: 'new', name: isEmail ? '' : text.trim(), email: isEmail ? text.trim() : '', phone: '' });
        }}
      >
        {t('customer.new')}
      </Button>
    </Group>
  );
}
