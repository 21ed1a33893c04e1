// Where a business is reached and reaches out: one card for each kind of channel, with how it is doing.

import type { Connection, Vendor } from '@frontdesk/api-client';
import { Anchor, Button, Card, Menu, Skeleton, Text, ThemeIcon, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Bell, CircleCheck, CircleDashed, CirclePause, CircleX, Globe, Inbox, Mail, MessageCircle, MessageSquareText, Plug, Plus, Send, TriangleAlert, type LucideIcon } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { outboxCountsQuery } from '../../app/shell/counts';
import { CopyButton } from '../../ui/CopyButton';
import { ErrorState } from '../../ui/ErrorState';
import { MessageBadge } from '../../ui/MessageBadge';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { StatusBadge } from '../../ui/StatusBadge';
import { ConnectionDialog } from '../settings/ConnectionDialog';
import { ConnectionLine, type Editing } from '../settings/Connections';
import { connectionsQuery, vendorsQuery, widgetKeysQuery } from '../settings/queries';
import { hookAddress } from '../settings/schema';
import classes from './Channels.module.css';
import { KINDS, stateOf, type ChannelState, type Kind } from './kinds';
import { hasNumbers } from './phone-numbers';
import { Numbers } from './Numbers';

const ICONS: Record<Kind | 'web', LucideIcon> = {
  web: Globe,
  sms: MessageSquareText,
  whatsapp: MessageCircle,
  mail: Mail,
  mail_inbox: Inbox,
  telegram: Send,
  notifier: Bell,
};

const LOOKS: Record<ChannelState, { color: string; icon: LucideIcon }> = {
  connected: { color: 'teal', icon: CircleCheck },
  untested: { color: 'orange', icon: TriangleAlert },
  failing: { color: 'red', icon: CircleX },
  off: { color: 'gray', icon: CirclePause },
  none: { color: 'gray', icon: CircleDashed },
};

export function ChannelsPage() {
  // The form and the lines of connections speak the words of the settings; loaded together, nothing is shown in halves.
  const { t } = useTranslation(['channels', 'settings']);
  const connections = useQuery(connectionsQuery);
  const vendors = useQuery(vendorsQuery);
  const [editing, setEditing] = useState<Editing | null>(null);
  const failed = connections.isError ? connections : vendors.isError ? vendors : null;
  return (
    <PageBody>
      <PageHeader title={t('title')} subtitle={t('subtitle')} />
      <Counts />
      {failed !== null ? (
        <Card>
          <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
        </Card>
      ) : (
        <div className={classes.grid}>
          <WebChat />
          {KINDS.map((kind) =>
            connections.data === undefined || vendors.data === undefined ? (
              <Skeleton key={kind} height={150} radius="lg" />
            ) : (
              <KindCard
                key={kind}
                kind={kind}
                connections={connections.data.filter(({ category }) => category === kind)}
                vendors={vendors.data.filter(({ category }) => category === kind).sort((a, b) => Number(b.id === kind) - Number(a.id === kind))}
                onEdit={setEditing}
              />
            ),
          )}
        </div>
      )}
      <ConnectionDialog editing={editing} onClose={() => setEditing(null)} />
    </PageBody>
  );
}

/** What is on its way, and what went wrong, over all channels. */
function Counts() {
  const { t, i18n } = useTranslation('channels');
  const counts = useQuery(outboxCountsQuery).data?.by_status.filter(({ count }) => count > 0) ?? [];
  if (counts.length === 0) return null;
  return (
    <nav className={classes.counts} aria-label={t('counts')}>
      {counts.map(({ status, count }) => (
        <Link key={status} to="/messages" search={{ status }} className="plain-link">
          <MessageBadge status={status} size="lg" rightSection={<b className="tabular">{new Intl.NumberFormat(i18n.language).format(count)}</b>} style={{ cursor: 'inherit' }} />
        </Link>
      ))}
    </nav>
  );
}

interface FrameProps {
  kind: Kind | 'web';
  state: ChannelState;
  action: ReactNode;
  children?: ReactNode;
}

function Frame({ kind, state, action, children }: FrameProps) {
  const { t } = useTranslation('channels');
  const title = useId();
  const Icon = ICONS[kind];
  return (
    <Card component="section" aria-labelledby={title}>
      <div className={classes.head}>
        <ThemeIcon variant="light" size={38} radius="md" color={state === 'none' || state === 'off' ? 'gray' : 'brand'}>
          <Icon size={20} aria-hidden />
        </ThemeIcon>
        <div className={classes.title}>
          <Title order={2} id={title}>
            {t(`kind.${kind}.name`)}
          </Title>
          <StatusBadge look={LOOKS[state]} label={t(`state.${state}`)} mt={4} />
        </div>
        {action}
      </div>
      <Text size="sm" c="dimmed" mt="sm">
        {t(`kind.${kind}.text`)}
      </Text>
      {children}
    </Card>
  );
}

/** The chat on the business's own site needs no vendor; its keys are in the settings. */
function WebChat() {
  const { t } = useTranslation('channels');
  const keys = useQuery(widgetKeysQuery).data;
  const works = keys?.some((key) => typeof key.revoked_at !== 'string') === true;
  return (
    <Frame
      kind="web"
      state={works ? 'connected' : 'none'}
      action={
        <Button size="xs" variant="default" renderRoot={(props) => <Link to="/settings/$section" params={{ section: 'widget' }} {...props} />}>
          {t('setUp')}
        </Button>
      }
    />
  );
}

interface KindCardProps {
  kind: Kind;
  connections: readonly Connection[];
  vendors: readonly Vendor[];
  onEdit: (editing: Editing) => void;
}

function KindCard({ kind, connections, vendors, onEdit }: KindCardProps) {
  const { t } = useTranslation('channels');
  const mayWrite = useCan('connections:write');
  const mayLook = useCan('templates:read');
  // What no vendor offers is not promised.
  if (vendors.length === 0 && connections.length === 0) return null;
  return (
    <Frame kind={kind} state={stateOf(connections)} action={mayWrite && <Connect kind={kind} vendors={vendors} first={connections.length === 0} onPick={(vendor) => onEdit({ vendor, connection: null })} />}>
      {kind === 'whatsapp' && connections.length > 0 && mayLook && (
        <Anchor size="sm" renderRoot={(props) => <Link to="/templates/whatsapp" {...props} />}>
          {t('templates')}
        </Anchor>
      )}
      {connections.length > 0 && (
        <ul className={classes.rows}>
          {connections.map((connection) => {
            const vendor = vendors.find((each) => each.id === connection.vendor);
            return (
              <li key={connection.id} className={classes.row}>
                <ConnectionLine connection={connection} vendor={vendor} mayWrite={mayWrite} onEdit={vendor === undefined ? null : () => onEdit({ vendor, connection })} withCategory={false} />
                {typeof vendor?.hook === 'string' && <Hook address={hookAddress(vendor.hook, connection.id)} vendor={vendor.name} tells={kind === 'telegram'} />}
                {hasNumbers(connection.vendor) && <Numbers connection={connection} />}
              </li>
            );
          })}
        </ul>
      )}
    </Frame>
  );
}

/** The address a vendor calls: to be pasted into its console, or told to it by the test. */
function Hook({ address, vendor, tells }: { address: string; vendor: string; tells: boolean }) {
  const { t } = useTranslation('channels');
  return (
    <div className={classes.hook}>
      <Text size="xs" c="dimmed">
        {t(tells ? 'hook.told' : 'hook.text', { vendor })}
      </Text>
      <div className={classes.address}>
        <code>{address}</code>
        <CopyButton size="xs" text={address} what={t('hook.what', { vendor })} />
      </div>
    </div>
  );
}

interface ConnectProps {
  kind: Kind;
  vendors: readonly Vendor[];
  /** Nothing is connected yet. */
  first: boolean;
  onPick: (vendor: Vendor) => void;
}

/** One vendor is connected at once; of several, one is chosen first. */
function Connect({ kind, vendors, first, onPick }: ConnectProps) {
  const { t } = useTranslation('channels');
  const [only, ...others] = vendors;
  if (only === undefined) return null;
  const label = t(first ? 'connect' : 'another');
  const look = {
    size: 'xs',
    variant: first ? 'filled' : 'default',
    leftSection: first ? <Plug size={15} aria-hidden /> : <Plus size={15} aria-hidden />,
    'aria-label': t('connectTo', { label, kind: t(`kind.${kind}.name`) }),
  } as const;
  if (others.length === 0) {
    return (
      <Button {...look} onClick={() => onPick(only)}>
        {label}
      </Button>
    );
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button {...look}>{label}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {vendors.map((vendor) => (
          <Menu.Item key={vendor.id} onClick={() => onPick(vendor)}>
            {vendor.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
