import type { Channel } from '@frontdesk/api-client';
import { FlaskConical, Globe, Mail, MessageCircle, MessageSquareText, Send, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';

export const CHANNEL_ICONS: Record<Channel, LucideIcon> = {
  web: Globe,
  sandbox: FlaskConical,
  sms: MessageSquareText,
  whatsapp: MessageCircle,
  email: Mail,
  telegram: Send,
};

/** Where something runs, as an icon with its name. */
export function ChannelIcon({ channel, size = 14 }: { channel: Channel; size?: number }) {
  const { t } = useTranslation();
  const Icon = CHANNEL_ICONS[channel];
  return (
    <span role="img" aria-label={t(`channel.${channel}`)} title={t(`channel.${channel}`)} style={{ display: 'inline-flex', flex: 'none', color: 'var(--mantine-color-dimmed)' }}>
      <Icon size={size} aria-hidden />
    </span>
  );
}
