import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { useMembership } from '../../app/session';
import { setCurrentWorkspace } from '../../app/workspace';
import { FormError } from '../../ui/FormError';
import { Panel } from '../../ui/Panel';

export function DangerZone() {
  const { t } = useTranslation('settings');
  const name = useMembership()?.name ?? '';
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <Panel title={t('danger.title')} text={t('danger.text')}>
      <Button color="red" variant="light" onClick={open}>
        {t('danger.delete')}
      </Button>
      <Modal opened={opened} onClose={close} title={<Text fw={650}>{t('danger.question', { name })}</Text>}>
        <DeleteForm name={name} onClose={close} />
      </Modal>
    </Panel>
  );
}

function DeleteForm({ name, onClose }: { name: string; onClose: () => void }) {
  const { t } = useTranslation('settings');
  const [typed, setTyped] = useState('');
  const remove = useMutation({
    meta: { inline: true },
    mutationFn: () => api.del('/workspace', { name: typed.trim() }),
    onSuccess: () => {
      setCurrentWorkspace(null);
      // Everything this tab holds belongs to what is gone.
      location.assign('/');
    },
  });
  return (
    <form
      onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
        event.preventDefault();
        if (typed.trim() === name) remove.mutate();
      }}
    >
      <Stack>
        <Alert color="red" icon={<TriangleAlert size={18} aria-hidden />}>
          {t('danger.warning')}
        </Alert>
        <TextInput
          data-autofocus
          label={<Trans t={t} i18nKey="danger.type" values={{ name }} components={{ b: <strong /> }} />}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <FormError error={remove.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" color="red" disabled={typed.trim() !== name} loading={remove.isPending}>
            {t('danger.confirm')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
