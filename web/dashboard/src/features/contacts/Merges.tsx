import type { Contact, ContactMerge } from '@frontdesk/api-client';
import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Split } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { formatAddress } from '../../ui/address';
import { ConfirmButton } from '../../ui/ConfirmButton';
import { Panel } from '../../ui/Panel';
import { sentence } from '../../ui/text';
import { TimeText } from '../../ui/TimeText';
import { notifyWith } from '../../ui/toast';
import classes from './Contacts.module.css';
import { mergesQuery, undoMerge } from './queries';

/** Contacts that were merged into this one, and the way back. Nothing while there are none. */
export function Merges({ contact, readOnly }: { contact: Contact; readOnly: boolean }) {
  const { t } = useTranslation('contacts');
  const merges = useQuery(mergesQuery(contact.id)).data ?? [];
  if (merges.length === 0) return null;
  return (
    <Panel title={t('merges.title')} text={t('merges.text')}>
      <ul className={classes.rows}>
        {merges.map((merge) => (
          <Merged key={merge.id} contact={contact} merge={merge} readOnly={readOnly} />
        ))}
      </ul>
    </Panel>
  );
}

function Merged({ contact, merge, readOnly }: { contact: Contact; merge: ContactMerge; readOnly: boolean }) {
  const { t } = useTranslation('contacts');
  const navigate = useNavigate();
  const name = merge.name === '' ? t('common:contact.unknown') : merge.name;
  const blocked = typeof merge.blocked_because === 'string' ? merge.blocked_because : null;
  return (
    <li className={classes.row} style={{ flexWrap: 'wrap' }}>
      <div style={{ flex: 1, minWidth: 160 }}>
        <Text size="sm" fw={550}>
          {name}
        </Text>
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {[merge.email, typeof merge.phone === 'string' ? formatAddress(merge.phone) : null].filter(Boolean).join(' · ')}
        </Text>
        <Group gap={4}>
          <Text size="xs" c="dimmed">
            <TimeText at={merge.merged_at} as="datetime" />
            {typeof merge.merged_by === 'string' && ` · ${merge.merged_by}`}
          </Text>
        </Group>
        {blocked !== null && (
          <Text size="xs" c="var(--text-danger)" mt={2}>
            {t('merges.blocked', { reason: sentence(blocked) })}
          </Text>
        )}
      </div>
      {!readOnly && blocked === null && (
        <ConfirmButton
          size="xs"
          color="brand"
          leftSection={<Split size={14} aria-hidden />}
          aria-label={t('merges.undoOf', { name })}
          title={t('merges.undoTitle', { name })}
          text={t('merges.undoText')}
          confirm={t('merges.undo')}
          onConfirm={async () => {
            const { restored } = await undoMerge(contact.id, merge.id);
            notifyWith(t('merges.done', { name }), t('common:action.open'), () => void navigate({ to: '/contacts/$contactId', params: { contactId: restored.id } }), { color: 'teal', icon: <Split size={16} aria-hidden /> });
          }}
        >
          {t('merges.undo')}
        </ConfirmButton>
      )}
    </li>
  );
}
