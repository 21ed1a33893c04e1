// What happened with a person: leads, conversations, everything.

import type { Contact } from '@frontdesk/api-client';
import { Anchor, Button, Group, Skeleton, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../../ui/ErrorState';
import { Panel } from '../../ui/Panel';
import { ConversationBadge, LeadBadge } from '../../ui/StatusBadge';
import { TimeText } from '../../ui/TimeText';
import classes from './Contacts.module.css';
import { contactLeadsQuery, conversationsQuery, timelineQuery } from './queries';

export function ContactLeads({ contact }: { contact: Contact }) {
  const { t } = useTranslation('contacts');
  const leads = useQuery(contactLeadsQuery(contact)).data ?? [];
  if (leads.length === 0) return null;
  return (
    <Panel title={t('leads')}>
      <ul className={classes.rows}>
        {leads.map((lead) => (
          <li key={lead.id} className={classes.row}>
            <div style={{ flex: 1, minWidth: 0 }}>
              <Anchor size="sm" renderRoot={(props) => <Link to="/leads/$leadId" params={{ leadId: lead.id }} {...props} />}>
                {lead.need === '' ? t('noNeed') : lead.need}
              </Anchor>
              <Text size="xs" c="dimmed">
                {t('score', { score: lead.score })} · <TimeText at={lead.created_at} as="date" />
              </Text>
            </div>
            <LeadBadge status={lead.status} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

export function Conversations({ contactId }: { contactId: string }) {
  const { t } = useTranslation('contacts');
  const conversations = useInfiniteQuery(conversationsQuery(contactId));
  const list = conversations.data?.pages.flatMap((page) => page.items);
  return (
    <Panel title={t('conversations.title')}>
      {list === undefined ? (
        conversations.isError ? (
          <ErrorState compact error={conversations.error} onRetry={() => void conversations.refetch()} />
        ) : (
          <Skeleton height={60} />
        )
      ) : list.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('conversations.none')}
        </Text>
      ) : (
        <ul className={classes.rows}>
          {list.map((conversation) => (
            <li key={conversation.id} className={classes.row}>
              <div style={{ flex: 1, minWidth: 0 }}>
                <Anchor
                  size="sm"
                  lineClamp={2}
                  renderRoot={(props) => <Link to="/inbox/$conversationId" params={{ conversationId: conversation.id }} {...props} />}
                >
                  {conversation.summary ?? conversation.preview}
                </Anchor>
                <Text size="xs" c="dimmed">
                  <TimeText at={conversation.last_message_at} as="datetime" />
                </Text>
              </div>
              <ConversationBadge conversation={conversation} />
            </li>
          ))}
        </ul>
      )}
      {conversations.hasNextPage && (
        <Button mt="sm" variant="default" size="xs" loading={conversations.isFetchingNextPage} onClick={() => void conversations.fetchNextPage()}>
          {t('common:action.loadMore')}
        </Button>
      )}
    </Panel>
  );
}

export function Timeline({ contactId }: { contactId: string }) {
  const { t } = useTranslation('contacts');
  const timeline = useInfiniteQuery(timelineQuery(contactId));
  const list = timeline.data?.pages.flatMap((page) => page.items);
  return (
    <Panel title={t('timeline.title')}>
      {list === undefined ? (
        timeline.isError ? (
          <ErrorState compact error={timeline.error} onRetry={() => void timeline.refetch()} />
        ) : (
          <Skeleton height={120} />
        )
      ) : list.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('timeline.none')}
        </Text>
      ) : (
        <ol className={classes.timeline}>
          {list.map((entry, index) => (
            <li key={`${entry.at} ${String(index)}`} className={classes.event}>
              <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                {entry.text}
              </Text>
              <Group gap="xs">
                <TimeText at={entry.at} as="datetime" size="xs" c="dimmed" />
                {typeof entry.conversation_id === 'string' && (
                  <ConversationLink id={entry.conversation_id} label={t('timeline.open')} />
                )}
              </Group>
            </li>
          ))}
        </ol>
      )}
      {timeline.hasNextPage && (
        <Button mt="md" variant="default" size="xs" loading={timeline.isFetchingNextPage} onClick={() => void timeline.fetchNextPage()}>
          {t('common:action.loadMore')}
        </Button>
      )}
    </Panel>
  );
}

function ConversationLink({ id, label }: { id: string; label: string }) {
  return (
    <Anchor size="xs" renderRoot={(props) => <Link to="/inbox/$conversationId" params={{ conversationId: id }} {...props} />}>
      {label}
    </Anchor>
  );
}
