import type { OutboxMessage } from '@frontdesk/api-client';
import { Text } from '@mantine/core';
import { Clock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { MESSAGE_LOOKS } from '../../ui/MessageBadge';
import { useFormatTime } from '../../ui/time';
import classes from './Messages.module.css';
import { stepsOf } from './steps';

/** Queued, sent, delivered, read: what happened to a message and when. */
export function MessageSteps({ message }: { message: OutboxMessage }) {
  const { t } = useTranslation('messages');
  const format = useFormatTime();
  return (
    <ol className={classes.steps}>
      {stepsOf(message).map(({ kind, at, tone }) => {
        const Icon = kind === 'leaves' ? Clock : MESSAGE_LOOKS[kind].icon;
        return (
          <li key={kind} data-tone={tone}>
            <Icon size={17} aria-hidden />
            <span>{t(`steps.${kind}`)}</span>
            {at !== null && (
              <Text component="time" size="xs" c="dimmed" {...{ dateTime: at }}>
                {format(at, 'datetime')}
              </Text>
            )}
          </li>
        );
      })}
    </ol>
  );
}
