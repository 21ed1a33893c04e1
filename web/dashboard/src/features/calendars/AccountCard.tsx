// An account with its calendars: whose each one is, whether it blocks times, whether it takes appointments.

import type { CalendarVendor, ConnectedCalendar, Staff } from '@frontdesk/api-client';
import { Alert, Badge, Button, Select, Switch, Text, UnstyledButton } from '@mantine/core';
import { CalendarDays, ChevronDown, Link2, RefreshCw, TriangleAlert } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmButton } from '../../ui/ConfirmButton';
import { FormError } from '../../ui/FormError';
import { sentence } from '../../ui/text';
import { TimeText } from '../../ui/TimeText';
import { isUsed, type Account, type AccountState } from './accounts';
import classes from './Calendars.module.css';
import { disconnectAccount, useSyncAccount, useUpdateCalendar } from './queries';

const COLORS: Record<AccountState, string> = { ok: 'teal', waiting: 'gray', unused: 'gray', stale: 'orange', failing: 'orange', disconnected: 'red' };
const TROUBLES: readonly AccountState[] = ['stale', 'failing', 'disconnected'];

interface AccountCardProps {
  account: Account;
  vendor: CalendarVendor | undefined;
  staff: readonly Staff[];
  /** Gives the access anew; null where the vendor cannot be connected here. */
  onReconnect: (() => void) | null;
}

export function AccountCard({ account, vendor, staff, onReconnect }: AccountCardProps) {
  const { t } = useTranslation('settings');
  const id = useId();
  const sync = useSyncAccount();
  const [opened, setOpened] = useState(false);
  const used = account.calendars.filter(isUsed);
  const rest = account.calendars.length - used.length;
  // Nothing in use: there is nothing to fold away.
  const shown = opened || used.length === 0 ? account.calendars : used;
  const isLost = account.state === 'disconnected';
  return (
    <section className={classes.account} aria-labelledby={id}>
      <div className={classes.head}>
        <span className={classes.tile}>
          <CalendarDays size={18} aria-hidden />
        </span>
        <div className={classes.headBody}>
          <div className={classes.title}>
            <h3 id={id}>{account.name}</h3>
            <Badge color={COLORS[account.state]}>{t(`calendars.state.${account.state}`)}</Badge>
          </div>
          <Text size="sm" c="dimmed">
            {vendor?.name ?? account.vendor}
            {used.length > 0 && (
              <>
                {' · '}
                {account.readAt === null ? t('calendars.never') : <Age at={account.readAt} />}
              </>
            )}
          </Text>
        </div>
        <div className={classes.actions}>
          {isLost
            ? onReconnect !== null && (
                <Button size="xs" leftSection={<Link2 size={14} aria-hidden />} onClick={onReconnect}>
                  {t('calendars.again')}
                </Button>
              )
            : used.length > 0 && (
                <Button size="xs" variant="default" leftSection={<RefreshCw size={14} aria-hidden />} loading={sync.isPending} onClick={() => sync.mutate(used.map((each) => each.id))}>
                  {t('calendars.sync')}
                </Button>
              )}
          <ConfirmButton
            size="xs"
            title={t('calendars.disconnectTitle', { name: account.name })}
            text={t('calendars.disconnectText')}
            confirm={t('calendars.disconnect')}
            onConfirm={() => disconnectAccount(account.calendars[0]?.id ?? '')}
          >
            {t('calendars.disconnect')}
          </ConfirmButton>
        </div>
      </div>
      {TROUBLES.includes(account.state) && (
        <Alert color={COLORS[account.state]} icon={<TriangleAlert size={18} aria-hidden />} className={classes.trouble}>
          {t(`calendars.trouble.${account.state}`)}
          {account.error !== null && (
            <Text size="xs" mt={4} style={{ overflowWrap: 'anywhere' }}>
              {sentence(account.error)}
            </Text>
          )}
        </Alert>
      )}
      <FormError error={sync.error} mx="md" mb="sm" />
      <ul className={classes.calendars}>
        {shown.map((calendar) => (
          <CalendarLine key={calendar.id} calendar={calendar} staff={staff} />
        ))}
      </ul>
      {used.length > 0 && rest > 0 && (
        <UnstyledButton className={classes.more} aria-expanded={opened} onClick={() => setOpened(!opened)}>
          <ChevronDown size={15} aria-hidden />
          {opened ? t('calendars.fewer') : t('calendars.more', { count: rest })}
        </UnstyledButton>
      )}
    </section>
  );
}

function Age({ at }: { at: string }) {
  const { t } = useTranslation('settings');
  const [before = '', after = ''] = t('calendars.read', { when: '\u0000' }).split('\u0000');
  return (
    <>
      {before}
      <TimeText at={at} />
      {after}
    </>
  );
}

function CalendarLine({ calendar, staff }: { calendar: ConnectedCalendar; staff: readonly Staff[] }) {
  const { t } = useTranslation('settings');
  const update = useUpdateCalendar(calendar.id);
  const nobody = typeof calendar.staff_id !== 'string';
  const named = { name: calendar.name };
  return (
    <li className={classes.calendar} data-unused={!isUsed(calendar) || undefined}>
      <span className={classes.calendarName}>
        <i style={{ background: calendar.color ?? 'var(--mantine-color-dimmed)' }} />
        <Text size="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>
          {calendar.name}
        </Text>
        {!calendar.writable && <Badge color="gray">{t('calendars.readOnly')}</Badge>}
      </span>
      <Select
        size="xs"
        className={classes.owner}
        aria-label={t('calendars.ownerOf', named)}
        placeholder={t('calendars.nobody')}
        allowDeselect={false}
        data={staff.map((member) => ({ value: member.id, label: member.name }))}
        value={calendar.staff_id ?? null}
        disabled={update.isPending}
        onChange={(staff_id) => update.mutate({ staff_id })}
      />
      <Switch
        label={t('calendars.blocks')}
        aria-label={t('calendars.blocksOf', named)}
        checked={calendar.blocks}
        disabled={update.isPending || nobody}
        onChange={(event) => update.mutate({ blocks: event.currentTarget.checked })}
      />
      <Switch
        label={t('calendars.writes')}
        aria-label={t('calendars.writesOf', named)}
        checked={calendar.writes}
        disabled={update.isPending || nobody || !calendar.writable}
        onChange={(event) => update.mutate({ writes: event.currentTarget.checked })}
      />
      <FormError error={update.error} className={classes.fault ?? ''} />
    </li>
  );
}
