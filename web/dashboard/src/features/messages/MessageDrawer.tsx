// One message: what it says, where it is, why, and what can be done about it.

import type { OutboxMessage } from '@frontdesk/api-client';
import { Alert, Button, Drawer, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { CircleAlert, MessageCircle, UserRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCan, useMembers } from '../../app/session';
import { ChannelIcon } from '../../ui/ChannelIcon';
import { ErrorState } from '../../ui/ErrorState';
import { MessageBadge } from '../../ui/MessageBadge';
import { formatAddress } from '../../ui/address';
import { Links } from './Links';
import { MessageActions } from './MessageActions';
import { MessageSteps } from './MessageSteps';
import classes from './Messages.module.css';
import { outboxMessageQuery } from './queries';
import { messageRoute } from './routes';
import { useReasonText, VerdictNote } from './Verdict';

export function MessageDrawer() {
  const { t } = useTranslation('messages');
  const { messageId } = messageRoute.useParams();
  const search = messageRoute.useSearch();
  const navigate = useNavigate();
  const message = useQuery(outboxMessageQuery(messageId));
  return (
    <Drawer
      opened
      onClose={() => void navigate({ to: '/messages', search })}
      position="right"
      size={540}
      title={
        message.data === undefined ? (
          <Text fw={650}>{t('message')}</Text>
        ) : (
          <Group gap="xs">
            <Text fw={650}>{message.data.contact_name === '' ? formatAddress(message.data.to) : message.data.contact_name}</Text>
            <MessageBadge status={message.data.status} />
          </Group>
        )
      }
    >
      {message.data !== undefined ? (
        <Details key={messageId} message={message.data} />
      ) : message.isError ? (
        <ErrorState error={message.error} onRetry={() => void message.refetch()} />
      ) : (
        <Stack role="status" aria-label={t('common:state.loading')}>
          <Skeleton height={120} />
          <Skeleton height={160} />
        </Stack>
      )}
    </Drawer>
  );
}

function Details({ message }: { message: OutboxMessage }) {
  const { t } = useTranslation('messages');
  const mayWrite = useCan('messages:write');
  const { content, status, verdict } = message;
  const failed = status === 'failed' || status === 'undelivered';
  const reason = useReasonText()(message);
  return (
    <Stack gap="lg">
      <Group gap="xs">
        {typeof message.conversation_id === 'string' && <ConversationButton id={message.conversation_id} label={t('conversation')} />}
        {typeof message.contact_id === 'string' && <ContactButton id={message.contact_id} label={t('contact')} />}
      </Group>
      {failed && reason !== null && (
        <Alert color="red" icon={<CircleAlert size={18} aria-hidden />} title={t(`why.${status}`)}>
          {reason}
          {typeof message.code === 'string' && verdict?.verdict !== 'deny' && (
            <Text size="xs" c="dimmed" mt={4}>
              {t('code', { code: message.code })}
            </Text>
          )}
        </Alert>
      )}
      {/* Why it waits; whoever reads of a message that has left need not know that it was allowed to. */}
      {status === 'queued' && verdict?.verdict === 'defer' && <VerdictNote verdict={verdict} />}
      <div className={classes.bubble}>
        {typeof content.subject === 'string' && (
          <Text size="sm" fw={650} mb={4}>
            {content.subject}
          </Text>
        )}
        <p>{content.text}</p>
      </div>
      <Links id={message.id} />
      {mayWrite && <MessageActions message={message} />}
      <Facts message={message} />
      <section>
        <Title order={2} size="h3" mb="sm">
          {t('steps.title')}
        </Title>
        <MessageSteps message={message} />
      </section>
    </Stack>
  );
}

function Facts({ message }: { message: OutboxMessage }) {
  const { t } = useTranslation('messages');
  const members = useMembers();
  const writer = typeof message.created_by === 'string' ? members.get(message.created_by)?.name : undefined;
  const rows: [string, string | null | undefined][] = [
    [t('fact.to'), formatAddress(message.to)],
    [t('fact.from'), typeof message.from === 'string' ? formatAddress(message.from) : null],
    [t('fact.purpose'), t(`purpose.${message.purpose}`)],
    [t('fact.segments'), typeof message.segments === 'number' && message.segments > 0 ? t('common:length.segments', { count: message.segments }) : null],
    [t('fact.files'), (message.content.media?.length ?? 0) > 0 ? String(message.content.media?.length) : null],
    [t('fact.writer'), writer],
    [t('fact.attempts'), message.attempts > 1 ? String(message.attempts) : null],
    [t('fact.vendorId'), message.vendor_id],
  ];
  return (
    <dl className={classes.facts}>
      <dt>{t('fact.channel')}</dt>
      <dd>
        <Group gap={6}>
          <ChannelIcon channel={message.channel} /> {t(`common:channel.${message.channel}`)}
        </Group>
      </dd>
      {rows.map(([name, value]) =>
        typeof value === 'string' ? (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}

function ConversationButton({ id, label }: { id: string; label: string }) {
  return (
    <Button variant="default" size="xs" leftSection={<MessageCircle size={15} aria-hidden />} renderRoot={(props) => <Link to="/inbox/$conversationId" params={{ conversationId: id }} {...props} />}>
      {label}
    </Button>
  );
}

function ContactButton({ id, label }: { id: string; label: string }) {
  return (
    <Button variant="default" size="xs" leftSection={<UserRound size={15} aria-hidden />} renderRoot={(props) => <Link to="/contacts/$contactId" params={{ contactId: id }} {...props} />}>
      {label}
    </Button>
  );
}
