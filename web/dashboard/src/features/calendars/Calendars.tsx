import type { CalendarVendor } from '@frontdesk/api-client';
import { Alert, Badge, Button, Menu, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { CalendarDays, CalendarSync, ChevronRight, CircleCheck, Plus, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { Panel } from '../../ui/Panel';
import { sentence } from '../../ui/text';
import { staffQuery } from '../booking/queries';
import { AccountCard } from './AccountCard';
import { accountsOf } from './accounts';
import classes from './Calendars.module.css';
import { ConnectDialog, type Connecting } from './ConnectDialog';
import { calendarVendorsQuery, connectedCalendarsQuery } from './queries';

/** Connected calendars: what each is used for, how old its news is, and ways to connect more. */
export function Calendars() {
  const { t } = useTranslation('settings');
  const calendars = useQuery(connectedCalendarsQuery);
  const vendors = useQuery(calendarVendorsQuery);
  const staff = useQuery(staffQuery);
  const [connecting, setConnecting] = useState<Connecting | null>(null);
  const failed = [calendars, vendors, staff].find((query) => query.isError && query.data === undefined);
  const ready = calendars.data !== undefined && vendors.data !== undefined && staff.data !== undefined;
  const accounts = accountsOf(calendars.data ?? []);
  const people = staff.data ?? [];
  const connect = (vendor: CalendarVendor) => setConnecting({ vendor });
  return (
    <Panel
      title={t('section.calendars')}
      text={t('calendars.text')}
      action={ready && accounts.length > 0 && people.length > 0 && <AddMenu vendors={vendors.data} onPick={connect} />}
    >
      <Returned nameOf={(id) => accounts.find((account) => account.id === id)?.name} />
      {failed !== undefined ? (
        <ErrorState compact error={failed.error} onRetry={() => void failed.refetch()} />
      ) : !ready ? (
        <Stack role="status" aria-label={t('common:state.loading')}>
          <Skeleton height={140} radius="md" />
          <Skeleton height={140} radius="md" />
        </Stack>
      ) : people.length === 0 && accounts.length === 0 ? (
        <EmptyState
          compact
          icon={CalendarSync}
          title={t('calendars.none')}
          text={t('calendars.noStaff')}
          action={
            <Button variant="light" renderRoot={(props) => <Link to="/availability/$section" params={{ section: 'staff' }} {...props} />}>
              {t('calendars.addStaff')}
            </Button>
          }
        />
      ) : accounts.length === 0 ? (
        <>
          <EmptyState compact icon={CalendarSync} title={t('calendars.none')} text={t('calendars.noneText')} />
          <Vendors vendors={vendors.data} onPick={connect} />
        </>
      ) : (
        <Stack>
          {accounts.map((account) => {
            const vendor = vendors.data.find((each) => each.id === account.vendor);
            return <AccountCard key={account.id} account={account} vendor={vendor} staff={people} onReconnect={vendor?.ready === true ? () => setConnecting({ vendor, account }) : null} />;
          })}
        </Stack>
      )}
      <ConnectDialog connecting={connecting} staff={people} onClose={() => setConnecting(null)} />
    </Panel>
  );
}

/** What came of a visit to a vendor's page. */
function Returned({ nameOf }: { nameOf: (account: string) => string | undefined }) {
  const { t } = useTranslation('settings');
  const { connected, error } = useSearch({ strict: false });
  const navigate = useNavigate();
  if (connected === undefined && error === undefined) return null;
  const isDone = error === undefined;
  const name = connected === undefined ? undefined : nameOf(connected);
  return (
    <Alert
      color={isDone ? 'teal' : 'red'}
      icon={isDone ? <CircleCheck size={18} aria-hidden /> : <TriangleAlert size={18} aria-hidden />}
      mb="md"
      role={isDone ? 'status' : 'alert'}
      title={isDone ? (name === undefined ? t('calendars.connected') : t('calendars.connectedAs', { name })) : t('calendars.notConnected')}
      withCloseButton
      closeButtonLabel={t('common:action.close')}
      onClose={() => void navigate({ to: '.', search: {}, replace: true })}
    >
      {error === undefined ? t('calendars.connectedText') : sentence(error)}
    </Alert>
  );
}

interface VendorsProps {
  vendors: readonly CalendarVendor[];
  onPick: (vendor: CalendarVendor) => void;
}

/** Each vendor as a large button, for those who have none yet. */
function Vendors({ vendors, onPick }: VendorsProps) {
  const { t } = useTranslation('settings');
  return (
    <ul className={classes.vendors}>
      {byReadiness(vendors).map((vendor) => (
        <li key={vendor.id}>
          <button type="button" className={classes.vendor} disabled={!vendor.ready} onClick={() => onPick(vendor)}>
            <span className={classes.tile}>
              <CalendarDays size={18} aria-hidden />
            </span>
            <span className={classes.vendorBody}>
              <strong>{vendor.name}</strong>
              <Text size="xs" c="dimmed" span>
                {t(vendor.ready ? `calendars.way.${vendor.consent ? 'consent' : 'password'}` : 'calendars.notReady')}
              </Text>
            </span>
            {vendor.ready && <ChevronRight size={16} aria-hidden />}
          </button>
        </li>
      ))}
    </ul>
  );
}

function AddMenu({ vendors, onPick }: VendorsProps) {
  const { t } = useTranslation('settings');
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button size="xs" leftSection={<Plus size={15} aria-hidden />}>
          {t('calendars.new')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {byReadiness(vendors).map((vendor) => (
          <Menu.Item
            key={vendor.id}
            disabled={!vendor.ready}
            onClick={() => onPick(vendor)}
            rightSection={
              vendor.ready ? undefined : (
                <Badge color="gray" size="sm">
                  {t('calendars.notReadyShort')}
                </Badge>
              )
            }
          >
            {vendor.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

const byReadiness = (vendors: readonly CalendarVendor[]): CalendarVendor[] => [...vendors].sort((a, b) => Number(b.ready) - Number(a.ready));
