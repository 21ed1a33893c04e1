// What the calls of workflows are signed with: shown when asked for, renewed after a question.

import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../app/api';
import { useCan } from '../../../app/session';
import { ConfirmButton } from '../../../ui/ConfirmButton';
import { CopyButton } from '../../../ui/CopyButton';
import { FormError } from '../../../ui/FormError';

interface Secret {
  secret: string;
}

export function WebhookSecret() {
  const { t } = useTranslation('workflows');
  const mayWrite = useCan('workflows:write');
  // Nothing keeps it: it is asked for each time it is looked at.
  const show = useMutation({ meta: { inline: true }, gcTime: 0, mutationFn: (renew: boolean) => (renew ? api.post<Secret>('/workflows/webhook-secret/renew', {}) : api.get<Secret>('/workflows/webhook-secret')) });
  if (!mayWrite) return null;
  return (
    <Stack gap={6}>
      <Text size="xs" c="dimmed">
        {t('deed.webhook.signed')}{' '}
        <Anchor size="xs" href="https://www.standardwebhooks.com" target="_blank" rel="noreferrer">
          Standard Webhooks
        </Anchor>
      </Text>
      {show.data === undefined ? (
        <div>
          <Button size="xs" variant="default" leftSection={<KeyRound size={14} aria-hidden />} loading={show.isPending} onClick={() => show.mutate(false)}>
            {t('deed.webhook.show')}
          </Button>
        </div>
      ) : (
        <>
          <Text size="xs" component="code" style={{ overflowWrap: 'anywhere' }}>
            {show.data.secret}
          </Text>
          <Group gap="xs">
            <CopyButton size="xs" text={show.data.secret} what={t('deed.webhook.secret')} />
            <ConfirmButton size="xs" title={t('deed.webhook.renewTitle')} text={t('deed.webhook.renewText')} confirm={t('deed.webhook.renew')} onConfirm={() => show.mutateAsync(true)}>
              {t('deed.webhook.renew')}
            </ConfirmButton>
          </Group>
        </>
      )}
      <FormError error={show.error} />
    </Stack>
  );
}
