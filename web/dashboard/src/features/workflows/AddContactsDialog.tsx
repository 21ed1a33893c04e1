// Puts contacts into a workflow by hand.

import type { Contact, Workflow } from '@frontdesk/api-client';
import { ActionIcon, Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { UserPlus, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormError } from '../../ui/FormError';
import { Person } from '../../ui/Person';
import { formatAddress } from '../../ui/address';
import { notifyDone } from '../../ui/toast';
import { matchesQuery } from '../contacts/queries';
import rows from '../contacts/Contacts.module.css';
import { enrol } from './queries';

export function AddContactsDialog({ workflow, onClose }: { workflow: Workflow; onClose: () => void }) {
  const { t } = useTranslation('workflows');
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text.trim(), 200);
  const found = useQuery({ ...matchesQuery(asked), placeholderData: keepPreviousData });
  const [chosen, setChosen] = useState<readonly Contact[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const offered = (asked === '' ? [] : (found.data ?? [])).filter((contact) => !chosen.some(({ id }) => id === contact.id));
  const nameOf = (contact: Contact) => (contact.name === '' ? t('common:contact.unknown') : contact.name);

  async function run() {
    setBusy(true);
    setError(null);
    try {
      const { entered, left_out: out } = await enrol(workflow.id, chosen.map(({ id }) => id));
      notifyDone(out === 0 ? t('add.done', { count: entered }) : t('add.some', { count: entered, out }));
      onClose();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Modal opened onClose={onClose} closeOnClickOutside={chosen.length === 0} title={<Text fw={650}>{t('add.title', { name: workflow.settings.name })}</Text>}>
      <Stack>
        <Text size="sm" c="dimmed">
          {t('add.text')}{' '}
          <Link to="/contacts">{t('add.many')}</Link>
        </Text>
        {workflow.state === 'paused' && (
          <Text size="sm" c="dimmed">
            {t('add.paused')}
          </Text>
        )}
        <Select
          label={t('add.search')}
          placeholder={t('add.placeholder')}
          data-autofocus
          searchable
          openOnFocus={false}
          searchValue={text}
          onInput={(event) => setText(event.currentTarget.value)}
          value={null}
          filter={({ options }) => options}
          nothingFoundMessage={text.trim() === '' ? undefined : found.isFetching ? t('common:state.searching') : t('add.nobody')}
          data={offered.map((contact) => ({
            value: contact.id,
            label: [nameOf(contact), contact.phone ?? contact.email].filter(Boolean).join(' · '),
          }))}
          onChange={(id) => {
            const contact = offered.find((each) => each.id === id);
            if (contact === undefined) return;
            setChosen([...chosen, contact]);
            setText('');
          }}
        />
        {chosen.length > 0 && (
          <ul className={rows.rows} aria-label={t('add.chosen')}>
            {chosen.map((contact) => (
              <li key={contact.id} className={rows.row}>
                <div style={{ flex: 1, minWidth: 0 }}>
                  <Person name={nameOf(contact)} detail={[contact.phone && formatAddress(contact.phone), contact.email].filter(Boolean).join(' · ')} />
                </div>
                <ActionIcon size={30} aria-label={t('add.remove', { name: nameOf(contact) })} onClick={() => setChosen(chosen.filter(({ id }) => id !== contact.id))}>
                  <X size={16} aria-hidden />
                </ActionIcon>
              </li>
            ))}
          </ul>
        )}
        <FormError error={error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button leftSection={<UserPlus size={16} aria-hidden />} disabled={chosen.length === 0} loading={busy} onClick={() => void run()}>
            {chosen.length === 0 ? t('add.confirm_none') : t('add.confirm', { count: chosen.length })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
