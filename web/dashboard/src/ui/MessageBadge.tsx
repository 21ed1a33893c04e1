import type { MessageStatus } from '@frontdesk/api-client';
import type { BadgeProps } from '@mantine/core';
import { Ban, Check, CheckCheck, CircleHelp, CircleX, Clock, Eye, Loader, MailX, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { StatusBadge } from './StatusBadge';

export const MESSAGE_LOOKS: Record<MessageStatus, { color: string; icon: LucideIcon }> = {
  queued: { color: 'gray', icon: Clock },
  sending: { color: 'blue', icon: Loader },
  sent: { color: 'blue', icon: Check },
  delivered: { color: 'teal', icon: CheckCheck },
  read: { color: 'teal', icon: Eye },
  failed: { color: 'red', icon: CircleX },
  undelivered: { color: 'red', icon: MailX },
  cancelled: { color: 'gray', icon: Ban },
  in_doubt: { color: 'orange', icon: CircleHelp },
};

/** Where an outgoing message is. */
export function MessageBadge({ status, ...badge }: BadgeProps & { status: MessageStatus }) {
  const { t } = useTranslation();
  return <StatusBadge look={MESSAGE_LOOKS[status]} label={t(`status.message.${status}`)} {...badge} />;
}
