// What a person can do about a message, by where it is.

import type { OutboxMessage } from '@frontdesk/api-client';
import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { CalendarClock, CircleHelp, Pencil, RotateCw, Send } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isoOf } from '../../ui/civil';
import { ConfirmButton } from '../../ui/ConfirmButton';
import { FormError } from '../../ui/FormError';
import { useNow, useZone } from '../../ui/time';
import { notifyDone } from '../../ui/toast';
import { instantIn } from './compose';
import { Hindrance } from './Hindrance';
import { LaterField, nextHour } from './LaterField';
import { useMessageStep } from './queries';
import { helpsElsewhere, remedyOf } from './remedy';
import { TextField } from './TextField';

export function MessageActions({ message }: { message: OutboxMessage }) {
  switch (message.status) {
    case 'queued':
      return <Waiting message={message} />;
    case 'failed':
    case 'undelivered':
    case 'cancelled':
      return <Again message={message} />;
    case 'in_doubt':
      return <InDoubt message={message} />;
    default:
      return null;
  }
}

function Waiting({ message }: { message: OutboxMessage }) {
  const { t } = useTranslation('messages');
  const zone = useZone();
  const now = useNow();
  const step = useMessageStep(message.id);
  const [later, setLater] = useState<ReturnType<typeof nextHour> | null>(null);
  const at = later === null ? null : instantIn(later, zone);
  const fault = later === null ? undefined : at === null ? t('fault.time') : at < now ? t('fault.past') : undefined;
  const move = (instant: number, done: string) =>
    step.mutate(
      { step: 'reschedule', send_at: isoOf(instant) },
      {
        onSuccess: () => {
          setLater(null);
          notifyDone(done);
        },
      },
    );
  return (
    <Stack gap="sm">
      <Group gap="xs">
        {Date.parse(message.send_at) > now && (
          <Button size="xs" leftSection={<Send size={15} aria-hidden />} loading={step.isPending && later === null} onClick={() => move(Date.now(), t('sending'))}>
            {t('sendNow')}
          </Button>
        )}
        <Button size="xs" variant="default" leftSection={<CalendarClock size={15} aria-hidden />} aria-expanded={later !== null} onClick={() => setLater(later === null ? nextHour(now, zone) : null)}>
          {t('reschedule')}
        </Button>
        <ConfirmButton size="xs" title={t('cancel.title')} text={t('cancel.text')} confirm={t('cancel.confirm')} onConfirm={() => step.mutateAsync({ step: 'cancel' })}>
          {t('cancel.button')}
        </ConfirmButton>
      </Group>
      {later !== null && (
        <>
          <LaterField value={later} onChange={setLater} error={fault} />
          <Group>
            <Button size="xs" disabled={fault !== undefined} loading={step.isPending} onClick={() => at !== null && move(at, t('scheduled'))}>
              {t('schedule')}
            </Button>
          </Group>
        </>
      )}
      <FormError error={step.error} />
    </Stack>
  );
}

function Again({ message }: { message: OutboxMessage }) {
  const { t } = useTranslation('messages');
  const step = useMessageStep(message.id);
  const [edited, setEdited] = useState<{ text: string; to: string } | null>(null);
  const send = (change: { text?: string; to?: string }) => step.mutate({ step: 'retry', ...change }, { onSuccess: () => notifyDone(t('sending')) });
  if (edited === null) {
    const remedy = remedyOf(message);
    const again = (
      <Button size="xs" variant={remedy === null ? 'filled' : 'default'} leftSection={<RotateCw size={15} aria-hidden />} loading={step.isPending} onClick={() => send({})}>
        {t(message.status === 'cancelled' ? 'retry.after' : 'common:action.retry')}
      </Button>
    );
    const edit = (
      <Button size="xs" variant="default" leftSection={<Pencil size={15} aria-hidden />} onClick={() => setEdited({ text: message.content.text, to: message.to })}>
        {t('retry.edit')}
      </Button>
    );
    return (
      <Stack gap="sm">
        {remedy === null ? (
          <Group gap="xs">
            {again}
            {edit}
          </Group>
        ) : (
          <Hindrance message={message} remedy={remedy}>
            {helpsElsewhere(remedy) && edit}
            {again}
          </Hindrance>
        )}
        <FormError error={step.error} />
      </Stack>
    );
  }
  const { text, to } = edited;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send({ ...(text.trim() === message.content.text ? {} : { text: text.trim() }), ...(to.trim() === message.to ? {} : { to: to.trim() }) });
      }}
    >
      <Stack gap="sm">
        <TextInput label={t('fact.to')} maxLength={254} value={to} onChange={(event) => setEdited({ text, to: event.currentTarget.value })} />
        <TextField label={t('field.text')} channel={message.channel} value={text} onChange={(next) => setEdited({ to, text: next })} />
        <FormError error={step.error} />
        <Group gap="xs" justify="flex-end">
          <Button size="xs" variant="default" onClick={() => setEdited(null)}>
            {t('common:action.cancel')}
          </Button>
          <Button size="xs" type="submit" disabled={text.trim() === '' || to.trim() === ''} loading={step.isPending}>
            {t('retry.send')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function InDoubt({ message }: { message: OutboxMessage }) {
  const { t } = useTranslation('messages');
  const step = useMessageStep(message.id);
  return (
    <Alert color="orange" icon={<CircleHelp size={18} aria-hidden />} title={t('doubt.title')}>
      <Stack gap="sm">
        <Text size="sm">{t('doubt.text')}</Text>
        <Group gap="xs">
          <Button size="xs" variant="default" loading={step.isPending} onClick={() => step.mutate({ step: 'decide', arrived: true })}>
            {t('doubt.arrived')}
          </Button>
          <Button size="xs" loading={step.isPending} onClick={() => step.mutate({ step: 'decide', arrived: false }, { onSuccess: () => notifyDone(t('sending')) })}>
            {t('doubt.again')}
          </Button>
        </Group>
        <FormError error={step.error} />
      </Stack>
    </Alert>
  );
}
