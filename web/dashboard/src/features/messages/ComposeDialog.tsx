// Writing to somebody first: to whom, on which channel, the words, and how they would leave, before they do.

import { isProblem, type ComposedMessage, type Contact, type Purpose } from '@frontdesk/api-client';
import { Button, Group, Modal, NativeSelect, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks';
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { CalendarClock, Send } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newClientId } from '../../app/client-id';
import { isFilled, TemplatePicker } from '../channel-templates/TemplatePicker';
import { ChannelIcon } from '../../ui/ChannelIcon';
import { formatAddress } from '../../ui/address';
import { useNow, useZone } from '../../ui/time';
import { notifyWith } from '../../ui/toast';
import { addressOn, firstChannel, instantIn, LONGEST, OPENABLE, sendIds, written, type Draft, type Openable, type WrittenMessage } from './compose';
import { LaterField, nextHour } from './LaterField';
import classes from './Messages.module.css';
import { composedQuery, useSendMessage } from './queries';
import { RecipientField } from './RecipientField';
import { Refusal } from './Refusal';
import { TextField } from './TextField';
import { VerdictNote } from './Verdict';

interface ComposeDialogProps {
  contact?: Contact;
  onClose: () => void;
}

export function ComposeDialog({ contact, onClose }: ComposeDialogProps) {
  const { t } = useTranslation('messages');
  const phone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  return (
    // A click beside it must not throw away what was typed.
    <Modal opened onClose={onClose} size="lg" fullScreen={phone} closeOnClickOutside={false} title={<Text fw={650}>{t('write')}</Text>}>
      <ComposeForm onClose={onClose} {...(contact === undefined ? {} : { contact })} />
    </Modal>
  );
}

function ComposeForm({ contact, onClose }: ComposeDialogProps) {
  const { t } = useTranslation('messages');
  const navigate = useNavigate();
  const zone = useZone();
  const now = useNow();
  const send = useSendMessage();
  const [idOf] = useState(() => sendIds(newClientId));
  const [draft, setDraft] = useState<Draft>({
    recipient: contact === undefined ? { kind: 'none' } : { kind: 'contact', contact },
    channel: contact === undefined ? 'sms' : firstChannel(contact),
    subject: '',
    text: '',
    purpose: 'transactional',
    later: null,
  });
  const [tried, setTried] = useState(false);
  const set = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const { recipient, channel, later } = draft;
  const templated = channel === 'whatsapp' && draft.template !== null && draft.template !== undefined;

  const message = written(draft, zone);
  const key = JSON.stringify(message);
  const [asked] = useDebouncedValue(key, 350);
  const preview = useQuery({ ...composedQuery(JSON.parse(asked) as WrittenMessage | null), placeholderData: keepPreviousData });
  const current = asked === key && !preview.isPlaceholderData;
  const denied = current && preview.data?.verdict.verdict === 'deny';
  // Anything but a server out of reach would be refused in the same way when it is sent.
  const refused = current && isProblem(preview.error) && !preview.error.transient;

  const at = later === null ? null : instantIn(later, zone);
  const faults = {
    to:
      recipient.kind === 'none'
        ? t('fault.to')
        : recipient.kind === 'contact' && addressOn(recipient.contact, channel) === null
          ? t(channel === 'email' ? 'fault.noEmail' : 'fault.noPhone', { name: recipient.contact.name })
          : undefined,
    subject: channel === 'email' && draft.subject.trim() === '' ? t('fault.subject') : undefined,
    text: templated ? undefined : draft.text.trim() === '' ? t('fault.text') : draft.text.trim().length > LONGEST[channel] ? t('fault.long', { most: LONGEST[channel] }) : undefined,
    template: templated && (draft.template?.chosen === null || draft.template?.chosen === undefined || !isFilled(draft.template.chosen)) ? t('fault.text') : undefined,
    later: later === null ? undefined : at === null ? t('fault.time') : at < now ? t('fault.past') : undefined,
  };
  const faulty = Object.values(faults).some((fault) => fault !== undefined);

  function submit() {
    setTried(true);
    if (message === null || faulty || denied || refused) return;
    send.mutate(
      { ...message, client_id: idOf(message) },
      {
        onSuccess: (sent) => {
          onClose();
          const look = { color: 'teal', icon: <Send size={16} aria-hidden /> };
          notifyWith(t(at === null ? 'sending' : 'scheduled'), t('see'), () => void navigate({ to: '/messages/$messageId', params: { messageId: sent.id } }), look);
        },
      },
    );
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack>
        <RecipientField
          value={recipient}
          error={tried ? faults.to : undefined}
          onChange={(next, wanted) =>
            set({ recipient: next, ...(wanted !== null ? { channel: wanted } : next.kind === 'contact' && addressOn(next.contact, channel) === null ? { channel: firstChannel(next.contact) } : {}) })
          }
        />
        {recipient.kind !== 'none' && faults.to !== undefined && (
          <Text size="sm" c="var(--text-danger)" role="alert">
            {faults.to}
          </Text>
        )}
        <Group gap="sm" grow preventGrowOverflow={false} align="flex-end">
          <NativeSelect
            label={t('field.channel')}
            data={OPENABLE.map((value) => ({ value, label: t(`common:channel.${value}`) }))}
            value={channel}
            onChange={(event) => set({ channel: event.currentTarget.value as Openable })}
          />
          <NativeSelect
            label={t('field.purpose')}
            data={(['transactional', 'marketing'] as const).map((value) => ({ value, label: t(`purpose.${value}`) }))}
            value={draft.purpose}
            onChange={(event) => set({ purpose: event.currentTarget.value as Purpose })}
          />
        </Group>
        {channel === 'email' && (
          <TextInput
            label={t('field.subject')}
            maxLength={300}
            value={draft.subject}
            error={tried ? faults.subject : undefined}
            onChange={(event) => set({ subject: event.currentTarget.value })}
          />
        )}
        {channel === 'whatsapp' && (
          <div>
            <SegmentedControl
              aria-label={t('template.label')}
              data={[
                { value: 'words', label: t('template.words') },
                { value: 'template', label: t('template.template') },
              ]}
              value={templated ? 'template' : 'words'}
              onChange={(value) => set({ template: value === 'template' ? { chosen: null } : null })}
            />
            {!templated && current && preview.data?.needs_template === true && (
              <Text size="sm" mt={6}>
                {t('template.needed')}
              </Text>
            )}
          </div>
        )}
        {templated ? <TemplatePicker value={draft.template?.chosen ?? null} tried={tried} onChange={(chosen) => set({ template: { chosen } })} /> : <TextField label={t('field.text')} channel={channel} withVariables value={draft.text} error={tried || draft.text.trim() !== '' ? faults.text : undefined} onChange={(text) => set({ text })} />}
        <div>
          <SegmentedControl
            aria-label={t('later.label')}
            data={[
              { value: 'now', label: t('later.now') },
              { value: 'later', label: t('later.later') },
            ]}
            value={later === null ? 'now' : 'later'}
            onChange={(value) => set({ later: value === 'now' ? null : nextHour(now, zone) })}
          />
        </div>
        {later !== null && <LaterField value={later} onChange={(next) => set({ later: next })} error={faults.later} />}
        {message !== null && <Preview channel={channel} preview={preview} stale={!current} />}
        <Refusal error={send.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={send.isPending} disabled={denied || refused} leftSection={later === null ? <Send size={16} aria-hidden /> : <CalendarClock size={16} aria-hidden />}>
            {t(later === null ? 'sendNow' : 'schedule')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface PreviewProps {
  channel: Openable;
  preview: UseQueryResult<ComposedMessage>;
  /** What is shown belongs to words that were changed since. */
  stale: boolean;
}

/** The message as the customer would get it, and whether it may leave. */
function Preview({ channel, preview, stale }: PreviewProps) {
  const { t } = useTranslation('messages');
  const { data, error } = preview;
  if (error !== null && !stale) return <Refusal error={error} />;
  if (data === undefined) return null;
  return (
    <section className={classes.preview} aria-label={t('preview.title')} aria-busy={stale}>
      <Group gap={6} justify="space-between">
        <Group gap={6}>
          <ChannelIcon channel={channel} />
          <Text size="xs" c="dimmed">
            {[
              typeof data.from === 'string' ? t('preview.from', { from: formatAddress(data.from) }) : null,
              t('preview.to', { to: formatAddress(data.to) }),
            ]
              .filter(Boolean)
              .join(' · ')}
          </Text>
        </Group>
        {typeof data.segments === 'number' && (
          <Text size="xs" c="dimmed">
            {t('common:length.segments', { count: data.segments })}
          </Text>
        )}
      </Group>
      <div className={classes.bubble} data-pending={stale || undefined}>
        <p>{data.text}</p>
      </div>
      {typeof data.segments === 'number' && data.unicode && (
        <Text size="xs" c="dimmed">
          {t('preview.unicode')}
        </Text>
      )}
      <div aria-live="polite">{!stale && <VerdictNote verdict={data.verdict} />}</div>
    </section>
  );
}
