import type { Message } from '@frontdesk/api-client';
import { Button, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { MESSAGE_LOOKS } from '../../ui/MessageBadge';
import { sentence } from '../../ui/text';
import { useFormatTime, useNow } from '../../ui/time';
import { problemText } from '../../ui/toast';
import { useMessageStep } from '../messages/queries';
import classes from './Inbox.module.css';

const BAD: readonly string[] = ['failed', 'undelivered'];

/** What became of a message of ours that a vendor carries, under its words. */
export function DeliveryMark({ message }: { message: Message }) {
  const { t } = useTranslation('inbox');
  const format = useFormatTime();
  const now = useNow();
  const { delivery } = message;
  if (delivery === null || delivery === undefined) return null;
  const { status, reason, send_at } = delivery;
  const Icon = MESSAGE_LOOKS[status].icon;
  const bad = BAD.includes(status);
  const later = status === 'queued' && typeof send_at === 'string' && Date.parse(send_at) > now;
  const text = later ? t('delivery.leaves', { when: format(send_at, 'datetime') }) : t(`common:status.message.${status}`);
  return (
    <>
      <Text
        component="span"
        size="xs"
        className={classes.delivery}
        data-status={status}
        {...(bad ? { role: 'status' } : {})}
      >
        <Icon size={13} aria-hidden /> <span>{bad && typeof reason === 'string' && reason !== '' ? `${text}. ${sentence(reason)}` : text}</span>
      </Text>
      {bad && <Again id={message.id} />}
      {status === 'in_doubt' && (
        <Button size="compact-xs" variant="light" color="orange" renderRoot={(props) => <Link to="/messages/$messageId" params={{ messageId: message.id }} {...props} />}>
          {t('delivery.decide')}
        </Button>
      )}
    </>
  );
}

/** Sends it once more; why it did not work the first time is said, so that a refusal is no surprise. */
function Again({ id }: { id: string }) {
  const { t } = useTranslation('inbox');
  const step = useMessageStep(id);
  if (!useCan('messages:write')) return null;
  return (
    <>
      <Button size="compact-xs" variant="light" loading={step.isPending} onClick={() => step.mutate({ step: 'retry' })}>
        {t('common:action.retry')}
      </Button>
      <Button size="compact-xs" variant="subtle" color="gray" renderRoot={(props) => <Link to="/messages/$messageId" params={{ messageId: id }} {...props} />}>
        {t('common:action.edit')}
      </Button>
      {step.error !== null && (
        <Text size="xs" c="var(--text-danger)" role="alert">
          {problemText(step.error)}
        </Text>
      )}
    </>
  );
}
