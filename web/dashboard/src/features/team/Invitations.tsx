import type { Invitation } from '@frontdesk/api-client';
import { Badge, Button, Group, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { MailPlus, Send } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ConfirmButton } from '../../ui/ConfirmButton';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { Panel } from '../../ui/Panel';
import { useNow } from '../../ui/time';
import { TimeText } from '../../ui/TimeText';
import { notifyDone } from '../../ui/toast';
import { invitationsQuery, revokeInvitation, useResend } from './queries';
import classes from './Team.module.css';

export function Invitations({ mayWrite, onInvite }: { mayWrite: boolean; onInvite: () => void }) {
  const { t } = useTranslation('team');
  const invitations = useQuery(invitationsQuery);
  return (
    <Panel title={t('invitations.title')}>
      {invitations.data === undefined ? (
        invitations.isError ? (
          <ErrorState compact error={invitations.error} onRetry={() => void invitations.refetch()} />
        ) : (
          <Skeleton height={60} />
        )
      ) : invitations.data.length === 0 ? (
        <EmptyState
          compact
          icon={MailPlus}
          title={t('invitations.none')}
          text={t('invitations.noneText')}
          action={
            mayWrite && (
              <Button variant="light" size="xs" onClick={onInvite}>
                {t('invite.button')}
              </Button>
            )
          }
        />
      ) : (
        <ul className={classes.rows}>
          {invitations.data.map((invitation) => (
            <li key={invitation.id} className={classes.row}>
              <Line invitation={invitation} mayWrite={mayWrite} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Line({ invitation, mayWrite }: { invitation: Invitation; mayWrite: boolean }) {
  const { t } = useTranslation('team');
  const now = useNow();
  const resend = useResend();
  const lapsed = Date.parse(invitation.expires_at) < now;
  const { email } = invitation;
  return (
    <>
      <div className={classes.rowBody}>
        <Group gap={8}>
          <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
            {email}
          </Text>
          <Badge color="gray">{t(`common:role.${invitation.role}`)}</Badge>
          {lapsed && <Badge color="orange">{t('invitations.lapsed')}</Badge>}
        </Group>
        <Text size="xs" c="dimmed">
          {t('invitations.sent')} <TimeText at={invitation.created_at} /> · {t('invitations.until')} <TimeText at={invitation.expires_at} as="date" />
        </Text>
      </div>
      {mayWrite && (
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            leftSection={<Send size={14} aria-hidden />}
            loading={resend.isPending}
            onClick={() => resend.mutate(invitation.id, { onSuccess: () => notifyDone(t('invitations.resent', { email })) })}
          >
            {t('invitations.resend')}
          </Button>
          <ConfirmButton
            size="xs"
            title={t('invitations.revokeTitle', { email })}
            text={t('invitations.revokeText')}
            confirm={t('invitations.revoke')}
            onConfirm={() => revokeInvitation(invitation.id)}
          >
            {t('invitations.revoke')}
          </ConfirmButton>
        </Group>
      )}
    </>
  );
}
