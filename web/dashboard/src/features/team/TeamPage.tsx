import { Button, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { membersQuery, useCan } from '../../app/session';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { Invitations } from './Invitations';
import { InviteDialog } from './InviteDialog';
import { Members } from './Members';
import { RoleTable } from './RoleTable';

export function TeamPage() {
  const { t } = useTranslation('team');
  const mayWrite = useCan('team:write');
  const members = useQuery(membersQuery);
  const [inviting, { open, close }] = useDisclosure(false);
  return (
    <PageBody>
      <PageHeader
        title={t('title')}
        subtitle={members.data === undefined ? t('subtitle') : t('count', { count: members.data.length })}
        actions={
          mayWrite && (
            <Button leftSection={<UserPlus size={16} aria-hidden />} onClick={open}>
              {t('invite.button')}
            </Button>
          )
        }
      />
      <Stack>
        <Members members={members.data} error={members.error} onRetry={() => void members.refetch()} />
        <Invitations mayWrite={mayWrite} onInvite={open} />
        <RoleTable />
      </Stack>
      <InviteDialog opened={inviting} onClose={close} />
    </PageBody>
  );
}
