import { Button, Group, Paper, Text, Transition } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from './ConfirmButton';
import { FormError } from './FormError';
import classes from './SaveBar.module.css';

interface SaveBarProps {
  /** Whether something was typed that is not saved. */
  dirty: boolean;
  saving: boolean;
  /** What kept the last attempt from saving. */
  error?: unknown;
  /** What saving means here, where that is not plain. */
  note?: ReactNode;
  onSave: () => void;
  onDiscard: () => void;
}

/** Stands at the bottom while a form has unsaved changes, and asks before the page is left with them. */
export function SaveBar({ dirty, saving, error, note, onSave, onDiscard }: SaveBarProps) {
  const { t } = useTranslation();
  const blocker = useBlocker({
    // Another section or filter of the same page loses nothing.
    shouldBlockFn: ({ current, next }) => dirty && current.pathname !== next.pathname,
    enableBeforeUnload: () => dirty,
    withResolver: true,
  });
  return (
    <>
      <Transition mounted={dirty} transition="slide-up" duration={150}>
        {(styles) => (
          <Paper className={classes.bar} style={styles} withBorder shadow="md" role="region" aria-label={t('saveBar.label')}>
            <FormError error={error} mb="xs" />
            <Group justify="space-between" gap="sm">
              <div style={{ flex: 1, minWidth: 200 }}>
                <Text size="sm" fw={500}>
                  {t('saveBar.text')}
                </Text>
                {note !== undefined && (
                  <Text size="xs" c="dimmed">
                    {note}
                  </Text>
                )}
              </div>
              <Group gap="xs">
                <Button variant="default" onClick={onDiscard} disabled={saving}>
                  {t('action.discard')}
                </Button>
                <Button onClick={onSave} loading={saving}>
                  {t('action.save')}
                </Button>
              </Group>
            </Group>
          </Paper>
        )}
      </Transition>
      <ConfirmDialog
        opened={blocker.status === 'blocked'}
        onClose={() => blocker.reset?.()}
        title={t('saveBar.leaveTitle')}
        text={t('saveBar.leaveText')}
        confirm={t('saveBar.leave')}
        onConfirm={() => {
          blocker.proceed?.();
          return Promise.resolve();
        }}
      />
    </>
  );
}
