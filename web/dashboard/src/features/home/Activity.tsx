import type { TimelineEntry } from '@frontdesk/api-client';
import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Activity as Pulse, Bot, CalendarCheck2, CircleCheck, Hand, MessageCircle, Sparkle, User, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../ui/EmptyState';
import { TimeText } from '../../ui/TimeText';
import classes from './Home.module.css';
import { Panel } from './Panel';

/** By the first part of the kind, so that a new event is shown before it has an icon of its own. */
const ICONS: Record<string, LucideIcon> = {
  'conversation.started': MessageCircle,
  'conversation.resolved': CircleCheck,
  'conversation.state_changed': CircleCheck,
  human_handoff: Hand,
  lead: Sparkle,
  contact: User,
  agent: Bot,
  booking: CalendarCheck2,
};

export function Activity({ entries }: { entries: readonly TimelineEntry[] }) {
  const { t } = useTranslation('home');
  return (
    <Panel title={t('activity.title')}>
      {entries.length === 0 ? (
        <EmptyState compact icon={Pulse} title={t('activity.none')} text={t('activity.noneText')} />
      ) : (
        <ul className={classes.rows}>
          {entries.slice(0, 10).map((entry) => (
            <li key={`${entry.at} ${entry.kind} ${entry.text}`}>
              <Entry entry={entry} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Entry({ entry }: { entry: TimelineEntry }) {
  const Icon = ICONS[entry.kind] ?? ICONS[entry.kind.split('.')[0] ?? ''] ?? Pulse;
  const content = (
    <>
      <span className={classes.dot}>
        <Icon size={14} aria-hidden />
      </span>
      <Text size="sm" className={classes.rowBody} lineClamp={2}>
        {entry.text}
      </Text>
      <TimeText at={entry.at} as="short" size="xs" c="dimmed" />
    </>
  );
  const id = entry.conversation_id;
  return typeof id === 'string' ? (
    <Link to="/inbox/$conversationId" params={{ conversationId: id }} className={classes.row}>
      {content}
    </Link>
  ) : (
    <div className={classes.row}>{content}</div>
  );
}
