import type { CalendarStatus, CalendarVendor, ConnectedCalendar, Staff } from '@frontdesk/api-client';
import { Alert, Badge, Button, Group, Menu, Select, Skeleton, Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { CalendarSync, Plus, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmButton } from '../../ui/ConfirmButton';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { FormError } from '../../ui/FormError';
import { Panel } from '../../ui/Panel';
import { TimeText } from '../../ui/TimeText';
import { staffQuery } from '../booking/queries';
import classes from '../settings/Settings.module.css';
import { ConnectDialog } from './ConnectDialog';
import { calendarVendorsQuery, connectedCalendarsQuery, disconnectCalendar, useSyncCalendar, useUpdateCalendar } from './queries';

const COLORS: Record<CalendarStatus, string> = { waiting: 'gray', ok: 'teal', failing: 'orange', disconnected: 'red' };

/** Connected calendars: what each is used for, how old its news is, and ways to connect more. */
export function Calendars() {
  const { t } = useTranslation('settings');
  const calendars = useQuery(connectedCalendarsQuery);
  const vendors = useQuery(calendarVendorsQuery);
  const staff = useQuery(staffQuery);
  const { connected, error } = useSearch({ strict: false });
  const [vendor, setVendor] = useState<CalendarVendor | null>(null);
  const failed = [calendars, vendors, staff].find((query) => query.isError);
  const people = staff.data ?? [];
  return (
    <Panel
      title={t('section.calendars')}
      text={t('calendars.text')}
      action={vendors.data !== undefined && people.length > 0 && <AddMenu vendors={vendors.data} onPick={setVendor} />}
    >
      {connected !== undefined && (
        <Alert color="teal" mb="md">
          {t('calendars.connected')}
        </Alert>
      )}
      {error !== undefined && (
        <Alert color="red" mb="md" role="alert">
          {error}
        </Alert>
      )}
      {failed !== undefined ? (
        <ErrorState compact error={failed.error} onRetry={() => void failed.refetch()} />
      ) : calendars.data === undefined || staff.data === undefined ? (
        <Skeleton height={160} />
      ) : calendars.data.length === 0 ? (
        <EmptyState compact icon={CalendarSync} title={t('calendars.none')} text={t(people.length === 0 ? 'calendars.noStaff' : 'calendars.noneText')} />
      ) : (
        <ul className={classes.rows}>
          {calendars.data.map((calendar) => (
            <li key={calendar.id} className={classes.row}>
              <CalendarLine calendar={calendar} staff={people} vendor={vendors.data?.find((each) => each.id === calendar.vendor)} />
            </li>
          ))}
        </ul>
      )}
      <ConnectDialog vendor={vendor} staff={people} onClose={() => setVendor(null)} />
    </Panel>
  );
}

function AddMenu({ vendors, onPick }: { vendors: readonly CalendarVendor[]; onPick: (vendor: CalendarVendor) => void }) {
  const { t } = useTranslation('settings');
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button size="xs" leftSection={<Plus size={15} aria-hidden />}>
          {t('calendars.new')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {vendors.map((vendor) => (
          <Menu.Item key={vendor.id} disabled={!vendor.ready} onClick={() => onPick(vendor)}>
            {vendor.ready ? vendor.name : `${vendor.name} (${t('calendars.notReady')})`}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

interface CalendarLineProps {
  calendar: ConnectedCalendar;
  staff: readonly Staff[];
  vendor: CalendarVendor | undefined;
}

function CalendarLine({ calendar, staff, vendor }: CalendarLineProps) {
  const { t } = useTranslation('settings');
  const update = useUpdateCalendar(calendar.id);
  const sync = useSyncCalendar(calendar.id);
  const nobody = (calendar.staff_id ?? null) === null;
  return (
    <>
      <div className={classes.rowBody}>
        <Group gap={8}>
          <Text size="sm" fw={600}>
            {calendar.name}
          </Text>
          <Badge color={COLORS[calendar.status]}>{t(`calendars.status.${calendar.status}`)}</Badge>
          {calendar.stale && calendar.status !== 'disconnected' && <Badge color="orange">{t('calendars.stale')}</Badge>}
          {!calendar.writable && <Badge color="gray">{t('calendars.readOnly')}</Badge>}
        </Group>
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {vendor?.name ?? calendar.vendor} · {calendar.account} ·{' '}
          {calendar.synced_at === null || calendar.synced_at === undefined ? t('calendars.never') : <TimeText at={calendar.synced_at} />}
        </Text>
        {calendar.error !== null && calendar.error !== undefined && (
          <Text size="xs" c="var(--text-danger)" mt={4} style={{ overflowWrap: 'anywhere' }}>
            {calendar.error}
          </Text>
        )}
        <FormError error={update.error ?? sync.error} />
      </div>
      <Stack gap="xs" align="flex-end">
        <Group gap="md" align="center">
          <Select
            size="xs"
            w={160}
            aria-label={t('calendars.owner')}
            placeholder={t('calendars.nobody')}
            allowDeselect={false}
            data={staff.map((member) => ({ value: member.id, label: member.name }))}
            value={calendar.staff_id ?? null}
            disabled={update.isPending}
            onChange={(staff_id) => update.mutate({ staff_id })}
          />
          <Switch
            label={t('calendars.blocks')}
            checked={calendar.blocks}
            disabled={update.isPending || nobody}
            onChange={(event) => update.mutate({ blocks: event.currentTarget.checked })}
          />
          <Switch
            label={t('calendars.writes')}
            checked={calendar.writes}
            disabled={update.isPending || nobody || !calendar.writable}
            onChange={(event) => update.mutate({ writes: event.currentTarget.checked })}
          />
        </Group>
        <div className={classes.rowActions}>
          <Button size="xs" variant="light" leftSection={<RefreshCw size={14} aria-hidden />} loading={sync.isPending} onClick={() => sync.mutate()}>
            {t('calendars.sync')}
          </Button>
          <ConfirmButton
            size="xs"
            title={t('calendars.disconnectTitle', { name: calendar.account })}
            text={t('calendars.disconnectText')}
            confirm={t('calendars.disconnect')}
            onConfirm={() => disconnectCalendar(calendar.id)}
          >
            {t('calendars.disconnect')}
          </ConfirmButton>
        </div>
      </Stack>
    </>
  );
}
