// Giving a number back: it cannot be had again, so its digits are typed first.

import type { OwnedPhoneNumber } from '@frontdesk/api-client';
import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { formatPhone } from '../../ui/address';
import { FormError } from '../../ui/FormError';
import { notifyDone } from '../../ui/toast';
import { isSameNumber, useReleaseNumber } from './phone-numbers';

interface ReleaseNumberDialogProps {
  connection: string;
  number: OwnedPhoneNumber;
  /** Nothing else sends. */
  only: boolean;
  onClose: () => void;
}

export function ReleaseNumberDialog({ connection, number, only, onClose }: ReleaseNumberDialogProps) {
  const { t } = useTranslation('channels');
  const release = useReleaseNumber(connection);
  const [typed, setTyped] = useState('');
  const shown = formatPhone(number.number);
  const fits = isSameNumber(typed, number.number);
  return (
    <Modal opened onClose={onClose} title={<Text fw={650}>{t('numbers.releaseTitle', { number: shown })}</Text>}>
      <form
        onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
          event.preventDefault();
          if (!fits || release.isPending) return;
          release.mutate(
            { id: number.id, force: only },
            {
              onSuccess: () => {
                notifyDone(t('numbers.released', { number: shown }));
                onClose();
              },
            },
          );
        }}
      >
        <Stack>
          <Text size="sm">{t('numbers.releaseText')}</Text>
          {only && (
            <Alert color="red" icon={<TriangleAlert size={18} aria-hidden />}>
              {t('numbers.releaseOnly')}
            </Alert>
          )}
          <TextInput
            data-autofocus
            label={<Trans t={t} i18nKey="numbers.releaseType" values={{ number: shown }} components={{ b: <strong /> }} />}
            autoComplete="off"
            inputMode="tel"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <FormError error={release.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('common:action.cancel')}
            </Button>
            <Button type="submit" color="red" disabled={!fits} loading={release.isPending}>
              {t('numbers.releaseConfirm')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
