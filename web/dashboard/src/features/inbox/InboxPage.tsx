// The inbox: conversations on the left, the one that is open beside them. On a phone one at a time.

import { Outlet, useMatch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { MessagesSquare } from 'lucide-react';
import { EmptyState } from '../../ui/EmptyState';
import { ConversationList } from './ConversationList';
import classes from './Inbox.module.css';

export function InboxPage() {
  const { t } = useTranslation('inbox');
  const open = useMatch({ from: '/shell/inbox/$conversationId', shouldThrow: false });
  return (
    <div className={classes.inbox} data-open={open !== undefined || undefined}>
      <ConversationList openId={open?.params.conversationId} />
      <div className={classes.pane}>
        {open === undefined ? (
          <div className={classes.nothing}>
            <EmptyState icon={MessagesSquare} title={t('nothing.title')} text={t('nothing.text')} />
          </div>
        ) : (
          <Outlet />
        )}
      </div>
    </div>
  );
}
