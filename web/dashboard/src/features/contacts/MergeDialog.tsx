import type { Contact } from '@frontdesk/api-client';
import { Button, Group, Loader, Modal, Stack, Text, UnstyledButton } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormError } from '../../ui/FormError';
import { Person } from '../../ui/Person';
import { SearchField } from '../../ui/SearchField';
import { notifyDone } from '../../ui/toast';
import classes from './Contacts.module.css';
import { matchesQuery, mergeContacts } from './queries';

interface MergeDialogProps {
  contact: Contact;
  opened: boolean;
  onClose: () => void;
}

export function MergeDialog({ contact, opened, onClose }: MergeDialogProps) {
  const { t } = useTranslation('contacts');
  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={650}>{t('merge.title', { name: contact.name })}</Text>}>
      <MergeForm contact={contact} onClose={onClose} />
    </Modal>
  );
}

function MergeForm({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { t } = useTranslation('contacts');
  const navigate = useNavigate();
  const [q, setQ] = useState('');
  const [other, setOther] = useState<Contact | null>(null);
  const matches = useQuery(matchesQuery(q));
  const list = matches.data?.filter((each) => each.id !== contact.id) ?? [];
  const merge = useMutation({
    meta: { inline: true },
    mutationFn: (id: string) => mergeContacts(contact.id, id),
    onSuccess: (kept) => {
      notifyDone(t('merge.done'));
      onClose();
      void navigate({ to: '/contacts/$contactId', params: { contactId: kept.id } });
    },
  });
  const nameOf = (each: Contact) => (each.name === '' ? t('common:contact.unknown') : each.name);
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {t('merge.text')}
      </Text>
      <SearchField data-autofocus label={t('merge.search')} value={q} onSearch={setQ} />
      {matches.isFetching && <Loader size="xs" aria-label={t('common:state.searching')} />}
      {q !== '' && matches.data !== undefined && list.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('empty.filtered')}
        </Text>
      )}
      <ul className={classes.rows} aria-label={t('merge.search')}>
        {list.map((each) => (
          <li key={each.id}>
            <UnstyledButton className={classes.pick} aria-pressed={other?.id === each.id} onClick={() => setOther(each)}>
              <Person name={nameOf(each)} detail={[each.email, each.phone].filter((part) => typeof part === 'string').join(' · ')} />
            </UnstyledButton>
          </li>
        ))}
      </ul>
      <FormError error={merge.error} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t('common:action.cancel')}
        </Button>
        <Button color="red" disabled={other === null} loading={merge.isPending} onClick={() => other !== null && merge.mutate(other.id)}>
          {other === null ? t('merge.confirm') : t('merge.confirmNamed', { name: nameOf(other) })}
        </Button>
      </Group>
    </Stack>
  );
}
