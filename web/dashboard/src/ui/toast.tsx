// Toasts: what went wrong in words, what was done, and the way back.

import { isProblem } from '@frontdesk/api-client';
import { Button, Group, Text } from '@mantine/core';
import type { NotificationData } from '@mantine/notifications';
import i18next from 'i18next';
import { CircleAlert, CircleCheck } from 'lucide-react';

/** A problem in plain words: the server's where it has some, ours otherwise. */
export function problemText(error: unknown): string {
  // What a page found out by itself is said in words already.
  if (typeof error === 'string') return error;
  if (!isProblem(error)) return i18next.t('problem.unexpected');
  if (error.kind === 'rate-limited') {
    return error.retryAfter === undefined
      ? i18next.t('problem.rate-limited')
      : i18next.t('problem.rate-limited_wait', { seconds: error.retryAfter });
  }
  if (error.errors.length > 0) return error.errors.map((field) => fieldText(field.field, field.message)).join('; ');
  return error.detail ?? i18next.t(`problem.${error.kind}`);
}

function fieldText(pointer: string, message: string): string {
  const name = pointer.split('/').at(-1) ?? '';
  return name === '' ? message : `${name.replaceAll('_', ' ')} ${message}`;
}

/** The toasts' code is fetched with the first one. */
async function show(toast: NotificationData): Promise<void> {
  const { notifications } = await import('@mantine/notifications');
  notifications.show({ withBorder: true, ...toast });
}

async function hide(id: string): Promise<void> {
  const { notifications } = await import('@mantine/notifications');
  notifications.hide(id);
}

export function notifyProblem(error: unknown): void {
  void show({
    color: 'red',
    icon: <CircleAlert size={18} aria-hidden />,
    title: i18next.t('problem.title'),
    message: problemText(error),
    autoClose: 8000,
  });
}

export function notifyDone(message: string): void {
  void show({
    color: 'teal',
    icon: <CircleCheck size={18} aria-hidden />,
    message,
    autoClose: 4000,
  });
}

/** Says what was done and offers to take it back for ten seconds. */
export function notifyUndo(message: string, undo: () => void): void {
  notifyWith(message, i18next.t('action.undo'), undo, { color: 'teal', icon: <CircleCheck size={18} aria-hidden /> });
}

let offered = 0;

/** Says something and offers to do one thing about it for ten seconds. */
export function notifyWith(message: string, label: string, run: () => void, look: Pick<NotificationData, 'color' | 'icon'>): void {
  const id = `offer-${String((offered += 1))}`;
  void show({
    id,
    ...look,
    autoClose: 10_000,
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm">{message}</Text>
        <Button
          size="compact-sm"
          flex="none"
          variant="light"
          onClick={() => {
            void hide(id);
            run();
          }}
        >
          {label}
        </Button>
      </Group>
    ),
  });
}
