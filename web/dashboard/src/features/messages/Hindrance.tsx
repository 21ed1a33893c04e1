// What stands in the way of a refused message, and where it can be changed.

import type { OutboxMessage } from '@frontdesk/api-client';
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Ban, Handshake, Info } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { hearsStart, type Remedy } from './remedy';

interface HindranceProps {
  message: OutboxMessage;
  remedy: Remedy;
  /** What can be done beside that. */
  children: ReactNode;
}

export function Hindrance({ message, remedy, children }: HindranceProps) {
  const { t } = useTranslation('messages');
  const mayLook = useCan('compliance:read');
  const text = (remedy === 'optOut' || remedy === 'optOutChannel') && !hearsStart(message.channel) ? (`${remedy}Mail` as const) : remedy;
  return (
    <Alert color="gray" icon={<Info size={18} aria-hidden />} title={t('remedy.title')}>
      <Stack gap="sm">
        <Text size="sm">{t(`remedy.${text}`)}</Text>
        <Group gap="xs">
          {mayLook && <Place message={message} remedy={remedy} />}
          {children}
        </Group>
      </Stack>
    </Alert>
  );
}

function Place({ message, remedy }: { message: OutboxMessage; remedy: Remedy }) {
  const { t } = useTranslation('messages');
  const contact = message.contact_id;
  switch (remedy) {
    case 'optOut':
    case 'optOutChannel':
    case 'dnc':
      return (
        <Button size="xs" leftSection={<Ban size={15} aria-hidden />} renderRoot={(props) => <Link to="/compliance/$section" params={{ section: 'lists' }} search={{ q: message.to }} {...props} />}>
          {t('remedy.lists')}
        </Button>
      );
    case 'revoked':
    case 'consent':
      return typeof contact === 'string' ? (
        <Button size="xs" leftSection={<Handshake size={15} aria-hidden />} renderRoot={(props) => <Link to="/compliance/$section" params={{ section: 'consents' }} search={{ contact }} {...props} />}>
          {t('remedy.consents')}
        </Button>
      ) : null;
    case 'complaint':
      return null;
  }
}
