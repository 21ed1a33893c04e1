import type { Connection, ConnectionCategory, Vendor } from '@frontdesk/api-client';
import { Anchor, Badge, Button, Group, Menu, Skeleton, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Cpu, ExternalLink, Plus, Zap } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { isOfChannel } from '../channels/kinds';
import { ConfirmButton } from '../../ui/ConfirmButton';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { Panel } from '../../ui/Panel';
import { sentence } from '../../ui/text';
import { TimeText } from '../../ui/TimeText';
import { ConnectionDialog } from './ConnectionDialog';
import { connectionsQuery, deleteConnection, useSwitchConnection, useTestConnection, vendorsQuery } from './queries';
import classes from './Settings.module.css';

/** What the dialog is open for. */
export type Editing = { vendor: Vendor; connection: Connection | null };

/** What carries messages stands under Channels. */
const notOfChannels = <Item extends { category: ConnectionCategory }>(items: Item[]): Item[] => items.filter(({ category }) => !isOfChannel(category));

export function Connections() {
  const { t } = useTranslation('settings');
  const connections = useQuery({ ...connectionsQuery, select: notOfChannels });
  const vendors = useQuery({ ...vendorsQuery, select: notOfChannels });
  const mayWrite = useCan('connections:write');
  const [editing, setEditing] = useState<Editing | null>(null);
  const failed = connections.isError ? connections : vendors.isError ? vendors : null;
  return (
    <Panel
      title={t('section.models')}
      text={
        <>
          {t('connections.text')} <Link to="/channels">{t('connections.channels')}</Link>
        </>
      }
      action={mayWrite && vendors.data !== undefined && <AddMenu vendors={vendors.data} onPick={(vendor) => setEditing({ vendor, connection: null })} />}
    >
      {failed !== null ? (
        <ErrorState compact error={failed.error} onRetry={() => void failed.refetch()} />
      ) : connections.data === undefined || vendors.data === undefined ? (
        <Skeleton height={160} />
      ) : connections.data.length === 0 ? (
        <EmptyState compact icon={Cpu} title={t('connections.none')} text={t('connections.noneText')} />
      ) : (
        <ul className={classes.rows}>
          {connections.data.map((connection) => {
            const vendor = vendors.data.find((each) => each.id === connection.vendor);
            return (
              <li key={connection.id} className={classes.row}>
                <ConnectionLine
                  connection={connection}
                  vendor={vendor}
                  mayWrite={mayWrite}
                  onEdit={vendor === undefined ? null : () => setEditing({ vendor, connection })}
                />
              </li>
            );
          })}
        </ul>
      )}
      <ConnectionDialog editing={editing} onClose={() => setEditing(null)} />
    </Panel>
  );
}

function AddMenu({ vendors, onPick }: { vendors: readonly Vendor[]; onPick: (vendor: Vendor) => void }) {
  const { t } = useTranslation('settings');
  const categories = [...new Set(vendors.map((vendor) => vendor.category))];
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button size="xs" leftSection={<Plus size={15} aria-hidden />}>
          {t('connections.new')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {categories.flatMap((category) => [
          <Menu.Label key={category}>{t(`category.${category}`)}</Menu.Label>,
          ...vendors
            .filter((vendor) => vendor.category === category)
            .map((vendor) => (
              <Menu.Item key={vendor.id} onClick={() => onPick(vendor)}>
                {vendor.name}
              </Menu.Item>
            )),
        ])}
      </Menu.Dropdown>
    </Menu>
  );
}

interface ConnectionLineProps {
  connection: Connection;
  vendor: Vendor | undefined;
  mayWrite: boolean;
  onEdit: (() => void) | null;
  /** Says what it is for; needless where all around it are for the same. */
  withCategory?: boolean;
}

/** One connection: what it is, how its last test went, and what can be done with it. */
export function ConnectionLine({ connection, vendor, mayWrite, onEdit, withCategory = true }: ConnectionLineProps) {
  const { t } = useTranslation('settings');
  const test = useTestConnection(connection.id);
  const turn = useSwitchConnection(connection.id);
  const last = test.data ?? connection.last_test;
  const model = connection.settings['model'];
  return (
    <>
      <div className={classes.rowBody}>
        <Group gap={8}>
          <Text size="sm" fw={600}>
            {connection.name}
          </Text>
          {withCategory && <Badge color="gray">{t(`category.${connection.category}`)}</Badge>}
          {last !== null && last !== undefined && <Badge color={last.ok ? 'teal' : 'red'}>{t(last.ok ? 'connections.works' : 'connections.fails')}</Badge>}
        </Group>
        <Text size="sm" c="dimmed">
          {[vendor?.name ?? connection.vendor, typeof model === 'string' ? model : null].filter((part) => part !== null).join(' · ')}
        </Text>
        {vendor !== undefined && vendor.docs !== '' && (
          <Anchor size="xs" href={vendor.docs} target="_blank" rel="noreferrer">
            {t('connections.docs')} <ExternalLink size={11} aria-label={t('newTab')} />
          </Anchor>
        )}
        {last !== null && last !== undefined && (
          <Text size="xs" c={last.ok ? 'dimmed' : 'var(--text-danger)'} mt={4} style={{ overflowWrap: 'anywhere' }} aria-live="polite">
            {sentence(last.message)} ({last.latency_ms} ms, <TimeText at={last.at} />)
          </Text>
        )}
      </div>
      {mayWrite && (
        <div className={classes.rowControls}>
          <Switch
            label={t('connections.on')}
            checked={connection.enabled}
            disabled={turn.isPending}
            onChange={(event) => turn.mutate(event.currentTarget.checked)}
          />
          <div className={classes.rowActions}>
            <Button size="xs" variant="light" leftSection={<Zap size={14} aria-hidden />} loading={test.isPending} onClick={() => test.mutate()}>
              {t(connection.category === 'notifier' ? 'connections.testNotice' : 'connections.test')}
            </Button>
            {onEdit !== null && (
              <Button size="xs" variant="default" onClick={onEdit}>
                {t('common:action.edit')}
              </Button>
            )}
            <ConfirmButton
              size="xs"
              title={t('connections.deleteTitle', { name: connection.name })}
              text={t(isOfChannel(connection.category) ? 'connections.deleteChannelText' : 'connections.deleteText')}
              confirm={t('common:action.delete')}
              onConfirm={() => deleteConnection(connection.id)}
            >
              {t('common:action.delete')}
            </ConfirmButton>
          </div>
        </div>
      )}
    </>
  );
}
