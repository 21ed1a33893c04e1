import type { Member, Role } from '@frontdesk/api-client';
import { ActionIcon, Badge, Menu, NativeSelect, Text } from '@mantine/core';
import { Crown, Ellipsis, LogOut, UserMinus, Users } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ROLES } from '../../app/access';
import { useMe, useMembership } from '../../app/session';
import { ConfirmDialog } from '../../ui/ConfirmButton';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { Person } from '../../ui/Person';
import { TimeText } from '../../ui/TimeText';
import { notifyDone } from '../../ui/toast';
import { removeMember, transferOwnership, useSetRole } from './queries';

interface MembersProps {
  members: Member[] | undefined;
  error: unknown;
  onRetry: () => void;
}

export function Members({ members, error, onRetry }: MembersProps) {
  const { t } = useTranslation('team');
  const me = useMe().user.id;
  const columns: Column<Member>[] = [
    {
      key: 'name',
      header: t('column.name'),
      phone: 'head',
      cell: (member) => <Person name={member.name} detail={member.user_id === me ? t('you', { email: member.email }) : member.email} />,
    },
    { key: 'role', header: t('column.role'), cell: (member) => <RoleField member={member} /> },
    {
      key: 'since',
      header: t('column.since'),
      cell: (member) => <TimeText at={member.created_at} as="date" size="sm" c="dimmed" />,
    },
    { key: 'menu', header: t('column.menu'), headerHidden: true, align: 'right', phone: 'line', width: 60, cell: (member) => <MemberMenu member={member} /> },
  ];
  return (
    <DataTable
      label={t('title')}
      columns={columns}
      rows={members}
      rowId={(member) => member.id}
      error={error}
      onRetry={onRetry}
      empty={<EmptyState icon={Users} title={t('none')} />}
    />
  );
}

/** Nobody changes an owner's role here: ownership is handed over, see the menu. */
function RoleField({ member }: { member: Member }) {
  const { t } = useTranslation('team');
  const mine = useMembership()?.role ?? 'viewer';
  const change = useSetRole(member.id);
  const may = (mine === 'owner' || mine === 'admin') && member.role !== 'owner';
  if (!may) return <Badge color={member.role === 'owner' ? 'brand' : 'gray'}>{t(`common:role.${member.role}`)}</Badge>;
  return (
    <NativeSelect
      size="xs"
      w={140}
      aria-label={t('roleOf', { name: member.name })}
      disabled={change.isPending}
      value={member.role}
      data={ROLES.filter((role) => role !== 'owner').map((value) => ({ value, label: t(`common:role.${value}`) }))}
      onChange={(event) => {
        const role = event.currentTarget.value as Role;
        change.mutate(role, { onSuccess: () => notifyDone(t('changed', { name: member.name, role: t(`common:role.${role}`) })) });
      }}
    />
  );
}

type Asking = 'remove' | 'transfer' | null;

function MemberMenu({ member }: { member: Member }) {
  const { t } = useTranslation('team');
  const me = useMe().user.id;
  const mine = useMembership()?.role ?? 'viewer';
  const [asking, setAsking] = useState<Asking>(null);
  const self = member.user_id === me;
  const mayRemove = self || ((mine === 'owner' || mine === 'admin') && member.role !== 'owner');
  const mayTransfer = mine === 'owner' && !self && member.role !== 'owner';
  const { name } = member;
  if (!mayRemove && !mayTransfer) {
    return (
      <Text span c="dimmed" aria-hidden>
        –
      </Text>
    );
  }
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size={32} aria-label={t('menuOf', { name })}>
            <Ellipsis size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {mayTransfer && (
            <Menu.Item leftSection={<Crown size={16} aria-hidden />} onClick={() => setAsking('transfer')}>
              {t('transfer.button')}
            </Menu.Item>
          )}
          {mayRemove && (
            <Menu.Item
              color="red"
              leftSection={self ? <LogOut size={16} aria-hidden /> : <UserMinus size={16} aria-hidden />}
              onClick={() => setAsking('remove')}
            >
              {t(self ? 'leave.button' : 'remove.button')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={asking === 'transfer'}
        onClose={() => setAsking(null)}
        title={t('transfer.title', { name })}
        text={t('transfer.text')}
        confirm={t('transfer.confirm')}
        onConfirm={async () => {
          await transferOwnership(member.id);
          notifyDone(t('transfer.done', { name }));
        }}
      />
      <ConfirmDialog
        opened={asking === 'remove'}
        onClose={() => setAsking(null)}
        title={t(self ? 'leave.title' : 'remove.title', { name })}
        text={t(self ? 'leave.text' : 'remove.text')}
        confirm={t(self ? 'leave.confirm' : 'remove.confirm')}
        onConfirm={async () => {
          await removeMember(member.id);
          if (self) location.assign('/');
          else notifyDone(t('remove.done', { name }));
        }}
      />
    </>
  );
}
