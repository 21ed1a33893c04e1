// Asks before workflows are started or paused, with what waits in them.

import type { Workflow } from '@frontdesk/api-client';
import { Button, Group, Modal, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { CirclePause, CirclePlay } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormError } from '../../ui/FormError';
import { useFormatTime } from '../../ui/time';
import { notifyDone } from '../../ui/toast';
import { pendingQuery, setWorkflowsState } from './queries';
import { useSay } from './say';

interface StateDialogProps {
  /** At least one. */
  workflows: readonly Workflow[];
  state: 'active' | 'paused';
  onClose: () => void;
  onDone?: () => void;
}

export function StateDialog({ workflows, state, onClose, onDone }: StateDialogProps) {
  const { t } = useTranslation('workflows');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const count = workflows.length;
  const name = workflows[0]?.settings.name ?? '';
  const starts = state === 'active';
  const kind = starts ? 'start' : 'pause';

  async function run() {
    setBusy(true);
    setError(null);
    try {
      await setWorkflowsState(workflows.map(({ id }) => id), state);
      notifyDone(t(`${kind}.done`, { count, name }));
      onDone?.();
      onClose();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Modal opened onClose={onClose} title={<Text fw={650}>{t(`${kind}.title`, { count, name })}</Text>}>
      <Stack gap="sm">
        {starts ? <WhatStarts workflows={workflows} /> : <WhatWaits workflows={workflows} />}
        <FormError error={error} />
        <Group justify="flex-end" mt="xs" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('common:action.cancel')}
          </Button>
          <Button
            loading={busy}
            leftSection={starts ? <CirclePlay size={16} aria-hidden /> : <CirclePause size={16} aria-hidden />}
            onClick={() => void run()}
          >
            {t(`${kind}.confirm`, { count })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function WhatStarts({ workflows }: { workflows: readonly Workflow[] }) {
  const { t } = useTranslation('workflows');
  const say = useSay();
  const kept = workflows.reduce((sum, workflow) => sum + workflow.active, 0);
  return (
    <>
      <Text size="sm">{t('start.text', { count: workflows.length })}</Text>
      {workflows.length === 1 &&
        workflows.map(({ id, settings }) => (
          <Text key={id} size="sm" c="dimmed">
            {settings.trigger.on === 'contact_added' ? t('start.added') : say.trigger(settings.trigger)}
          </Text>
        ))}
      {kept > 0 && <Text size="sm">{t('start.kept', { count: kept })}</Text>}
    </>
  );
}

function WhatWaits({ workflows }: { workflows: readonly Workflow[] }) {
  const { t } = useTranslation('workflows');
  const format = useFormatTime();
  const pending = useQuery(pendingQuery(workflows.map(({ id }) => id)));
  if (pending.isError) return <FormError error={pending.error} />;
  if (pending.data === undefined) return <Skeleton height={66} role="status" aria-label={t('common:state.loading')} />;
  const { active, waiting_messages: waiting, next_due_at: next } = pending.data;
  return (
    <>
      {active === 0 ? <Text size="sm">{t('pause.nobody')}</Text> : <Text size="sm">{t('pause.active', { count: active })}</Text>}
      {waiting > 0 && <Text size="sm">{t('pause.waiting', { count: waiting })}</Text>}
      {typeof next === 'string' && active > 0 && <Text size="sm">{t('pause.next', { when: format(next, 'datetime') })}</Text>}
    </>
  );
}
