import type { Conversation } from '@frontdesk/api-client';
import { Anchor, Button, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { PartyPopper } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../ui/EmptyState';
import { PersonAvatar } from '../../ui/Person';
import { sentence } from '../../ui/text';
import { TimeText } from '../../ui/TimeText';
import classes from './Home.module.css';
import { Panel } from './Panel';

/** Conversations in which a person is waited for, the longest wait first. */
export function NeedsYou({ conversations }: { conversations: readonly Conversation[] }) {
  const { t } = useTranslation(['home', 'common']);
  const longestFirst = [...conversations].sort((a, b) => (a.waiting_since ?? '').localeCompare(b.waiting_since ?? ''));
  return (
    <Panel
      title={t('home:needsYou.title')}
      action={
        conversations.length > 0 && (
          <Anchor size="sm" renderRoot={(props) => <Link to="/inbox" search={{ view: 'waiting' }} {...props} />}>
            {t('common:action.seeAll')}
          </Anchor>
        )
      }
    >
      {conversations.length === 0 ? (
        <EmptyState compact icon={PartyPopper} title={t('home:needsYou.none')} text={t('home:needsYou.noneText')} />
      ) : (
        <ul className={classes.rows}>
          {longestFirst.slice(0, 6).map((conversation) => (
            <li key={conversation.id}>
              <Link to="/inbox/$conversationId" params={{ conversationId: conversation.id }} search={{ view: 'waiting' }} className={classes.row}>
                <PersonAvatar name={conversation.contact_name} size={36} />
                <div className={classes.rowBody}>
                  <Text size="sm" fw={600} truncate>
                    {conversation.contact_name}
                  </Text>
                  <Text size="sm" c="dimmed" truncate>
                    {sentence(conversation.handoff_reason ?? conversation.preview)}
                  </Text>
                </div>
                <div className={classes.rowEnd}>
                  <Text size="xs" c="dimmed" visibleFrom="sm">
                    <TimeText at={conversation.waiting_since ?? conversation.last_message_at} />
                  </Text>
                  <Button component="span" size="compact-sm" variant="light">
                    {t('home:needsYou.open')}
                  </Button>
                </div>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
