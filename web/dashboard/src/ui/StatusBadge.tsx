import type { AgentState, ContactStatus, Conversation, LeadStatus, SourceStatus } from '@frontdesk/api-client';
import { Badge, type BadgeProps } from '@mantine/core';
import {
  Archive,
  Ban,
  Bot,
  CalendarCheck,
  CircleCheck,
  CircleDashed,
  CirclePause,
  CircleX,
  Clock,
  Hand,
  Loader,
  MessageCircle,
  Send,
  Sparkle,
  Star,
  Trophy,
  User,
  type LucideIcon,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';

/** Colour, icon and text of every state; never colour alone. */
interface Look {
  color: string;
  icon: LucideIcon;
}

export type ConversationStatus = 'ai' | 'person' | 'waiting' | 'resolved' | 'ended';

const CONVERSATION: Record<ConversationStatus, Look> = {
  ai: { color: 'brand', icon: Bot },
  person: { color: 'teal', icon: User },
  waiting: { color: 'orange', icon: Hand },
  resolved: { color: 'gray', icon: CircleCheck },
  ended: { color: 'gray', icon: CircleDashed },
};

const LEAD: Record<LeadStatus, Look> = {
  new: { color: 'blue', icon: Sparkle },
  contacted: { color: 'brand', icon: MessageCircle },
  qualified: { color: 'violet', icon: Star },
  won: { color: 'teal', icon: Trophy },
  lost: { color: 'gray', icon: CircleX },
};

const SOURCE: Record<SourceStatus, Look> = {
  queued: { color: 'gray', icon: Clock },
  processing: { color: 'blue', icon: Loader },
  ready: { color: 'teal', icon: CircleCheck },
  failed: { color: 'red', icon: CircleX },
};

const AGENT: Record<AgentState, Look> = {
  active: { color: 'teal', icon: CircleCheck },
  inactive: { color: 'gray', icon: CirclePause },
  archived: { color: 'gray', icon: Archive },
};

const CONTACT: Record<ContactStatus, Look> = {
  pending: { color: 'gray', icon: Clock },
  contacted: { color: 'blue', icon: Send },
  in_conversation: { color: 'brand', icon: MessageCircle },
  qualified: { color: 'violet', icon: Star },
  booked: { color: 'teal', icon: CalendarCheck },
  unresponsive: { color: 'orange', icon: CirclePause },
  opted_out: { color: 'red', icon: Ban },
};

export const CONTACT_STATUSES = Object.keys(CONTACT) as ContactStatus[];

interface StatusBadgeProps extends BadgeProps {
  look: Look;
  label: string;
}

/** Any state: pass a look of your own. The named ones below cover what several pages show. */
export function StatusBadge({ look, label, ...badge }: StatusBadgeProps) {
  const Icon = look.icon;
  return (
    <Badge color={look.color} leftSection={<Icon size={12} aria-hidden />} {...badge}>
      {label}
    </Badge>
  );
}

/** What a conversation is at a glance. While nobody of the team is in, the AI goes on answering somebody who waits. */
export function conversationStatus(conversation: Pick<Conversation, 'state' | 'floor' | 'waiting_since'>): ConversationStatus {
  if (conversation.state !== 'open') return conversation.state;
  if (conversation.floor.holder === 'person') return 'person';
  const waits = conversation.floor.holder === 'nobody' || typeof conversation.waiting_since === 'string';
  return waits ? 'waiting' : 'ai';
}

interface ConversationBadgeProps extends BadgeProps {
  conversation: Pick<Conversation, 'state' | 'floor' | 'waiting_since'>;
}

export function ConversationBadge({ conversation, ...badge }: ConversationBadgeProps) {
  const { t } = useTranslation();
  const status = conversationStatus(conversation);
  return <StatusBadge look={CONVERSATION[status]} label={t(`status.conversation.${status}`)} {...badge} />;
}

export function LeadBadge({ status, ...badge }: BadgeProps & { status: LeadStatus }) {
  const { t } = useTranslation();
  return <StatusBadge look={LEAD[status]} label={t(`status.lead.${status}`)} {...badge} />;
}

export function ContactStatusBadge({ status, ...badge }: BadgeProps & { status: ContactStatus }) {
  const { t } = useTranslation();
  return <StatusBadge look={CONTACT[status]} label={t(`status.contact.${status}`)} {...badge} />;
}

export function SourceBadge({ status, ...badge }: BadgeProps & { status: SourceStatus }) {
  const { t } = useTranslation();
  return <StatusBadge look={SOURCE[status]} label={t(`status.source.${status}`)} {...badge} />;
}

export function AgentBadge({ state, ...badge }: BadgeProps & { state: AgentState }) {
  const { t } = useTranslation();
  return <StatusBadge look={AGENT[state]} label={t(`status.agent.${state}`)} {...badge} />;
}
