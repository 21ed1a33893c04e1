import type { Task } from '@frontdesk/api-client';
import { Button, Text } from '@mantine/core';
import { Check, RotateCcw, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dayOf, useNow, useZone } from '../../ui/time';
import { TimeText } from '../../ui/TimeText';
import { notifyProblem, notifyUndo } from '../../ui/toast';
import { setDone } from './queries';
import classes from './Tasks.module.css';

/** By when; a day that is over says so. */
export function Due({ at }: { at: string }) {
  const { t } = useTranslation('tasks');
  const zone = useZone();
  const late = dayOf(at, zone) < dayOf(new Date(useNow()), zone);
  return (
    <Text component="span" size="sm" c={late ? 'var(--text-danger)' : 'dimmed'} className={classes.due}>
      {late && <TriangleAlert size={14} role="img" aria-label={t('late')} />}
      <TimeText at={at} as="date" />
    </Text>
  );
}

/** Marks it as done, with a way back. */
export function DoneButton({ task }: { task: Task }) {
  const { t } = useTranslation('tasks');
  const [busy, setBusy] = useState(false);
  const isDone = typeof task.done_at === 'string';
  const run = async (to: boolean) => {
    setBusy(true);
    try {
      await setDone(task.id, to);
      if (to) notifyUndo(t('marked', { title: task.title }), () => void setDone(task.id, false).catch(notifyProblem));
    } catch (error) {
      notifyProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      size="compact-sm"
      variant="default"
      loading={busy}
      leftSection={isDone ? <RotateCcw size={14} aria-hidden /> : <Check size={14} aria-hidden />}
      aria-label={t(isDone ? 'reopenNamed' : 'markNamed', { title: task.title })}
      onClick={() => void run(!isDone)}
    >
      {t(isDone ? 'reopen' : 'mark')}
    </Button>
  );
}
