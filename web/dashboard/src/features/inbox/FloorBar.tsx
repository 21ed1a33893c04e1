import type { Conversation } from '@frontdesk/api-client';
import { Button } from '@mantine/core';
import { Bot, CircleCheck, Hand, User } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useMe, useMembers } from '../../app/session';
import { conversationStatus } from '../../ui/StatusBadge';
import { sentence } from '../../ui/text';
import { longAgo, useNow } from '../../ui/time';
import { useStep } from './actions';
import classes from './Inbox.module.css';

/** Who speaks for the business right now, and what a reply would change about it. */
export function FloorBar({ conversation }: { conversation: Conversation }) {
  const { t, i18n } = useTranslation('inbox');
  const me = useMe().user.id;
  const members = useMembers();
  const step = useStep(conversation.id);
  const now = useNow();
  const { floor, state } = conversation;

  if (state !== 'open') {
    return (
      <div className={classes.floor} data-holder="closed" role="status">
        <CircleCheck size={16} aria-hidden />
        <span>{t(`floor.${state}`)}</span>
      </div>
    );
  }
  const status = conversationStatus(conversation);
  if (status === 'waiting') {
    const since = typeof conversation.waiting_since === 'string' ? longAgo(conversation.waiting_since, now, i18n.language) : '';
    const reason = conversation.handoff_reason ?? '';
    return (
      <div className={classes.floor} data-holder="nobody" role="status">
        <Hand size={16} aria-hidden />
        <span>
          <strong>{t('floor.waiting', { since })}</strong> {sentence(reason)}
          {floor.holder === 'ai' && ` ${t('floor.meanwhile')}`}
        </span>
        <Button size="compact-sm" variant="filled" color="var(--fill-warning)" loading={step.isPending} onClick={() => step.mutate('take-over')}>
          {t('action.takeOver')}
        </Button>
      </div>
    );
  }
  if (floor.holder === 'person') {
    const mine = floor.user_id === me;
    return (
      <div className={classes.floor} data-holder="person" role="status">
        <User size={16} aria-hidden />
        <span>{mine ? t('floor.mine') : t('floor.theirs', { name: members.get(floor.user_id)?.name ?? t('assign.former') })}</span>
        {mine && (
          <Button size="compact-sm" variant="subtle" color="teal" loading={step.isPending} onClick={() => step.mutate('hand-back')} c="inherit">
            {t('action.handBack')}
          </Button>
        )}
      </div>
    );
  }
  return (
    <div className={classes.floor} data-holder="ai" role="status">
      <Bot size={16} aria-hidden />
      <span>{t('floor.ai')}</span>
      <Button
        className={classes.onlyPhone}
        size="compact-sm"
        variant="subtle"
        c="inherit"
        loading={step.isPending}
        onClick={() => step.mutate('take-over')}
      >
        {t('action.takeOver')}
      </Button>
    </div>
  );
}
