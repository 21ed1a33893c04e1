// A message as a workflow sends it: through what, in whose words, and how it goes on WhatsApp.

import type { ApprovedTemplate, OutreachChannel, OutreachMessage, Words } from '@frontdesk/api-client';
import { Input, NativeSelect, SegmentedControl, Stack, Switch, Text, TextInput, Textarea } from '@mantine/core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TemplatePicker } from '../../channel-templates/TemplatePicker';
import { TextField } from '../../messages/TextField';
import { wordsBy, WORKFLOW_VARIABLES } from '../draft';
import type { Faults } from './place';

const CHANNELS = ['best', 'sms', 'whatsapp', 'email'] as const satisfies readonly OutreachChannel[];

interface MessageFormProps {
  value: OutreachMessage;
  onChange: (message: OutreachMessage) => void;
  faults: Faults;
}

export function MessageForm({ value, onChange, faults }: MessageFormProps) {
  const { t } = useTranslation('workflows');
  const id = useId();
  const { channel, words } = value;
  // Where it is not known yet, a text message is the one that is counted in parts.
  const counted = channel === 'best' ? 'sms' : channel;
  return (
    <Stack gap="sm">
      <NativeSelect
        label={t('message.channel')}
        description={channel === 'best' ? t('message.bestText') : undefined}
        data={CHANNELS.map((each) => ({ value: each, label: each === 'best' ? t('message.best') : t(`common:channel.${each}`) }))}
        value={channel}
        onChange={(event) => onChange({ ...value, channel: event.currentTarget.value as OutreachChannel })}
      />
      {(channel === 'email' || channel === 'best') && (
        <TextInput
          label={t('message.subject')}
          description={channel === 'best' ? t('message.subjectBest') : undefined}
          placeholder={t('message.subjectNone')}
          maxLength={300}
          value={value.subject ?? ''}
          error={faults.at('/subject')}
          onChange={(event) => onChange({ ...value, subject: event.currentTarget.value === '' ? null : event.currentTarget.value })}
        />
      )}
      <div role="group" aria-labelledby={id}>
        <Input.Label id={id} labelElement="div">
          {t('message.by')}
        </Input.Label>
        <SegmentedControl
          fullWidth
          aria-label={t('message.by')}
          data={[
            { value: 'text', label: t('message.byText') },
            { value: 'ai', label: t('message.byAi') },
          ]}
          value={words.by}
          onChange={(by) => onChange({ ...value, words: wordsBy(words, by as Words['by']) })}
        />
      </div>
      {words.by === 'text' ? (
        <TextField
          label={t('message.text')}
          channel={counted}
          variables={WORKFLOW_VARIABLES}
          value={words.text}
          error={faults.at('/words/text')}
          onChange={(text) => onChange({ ...value, words: { by: 'text', text } })}
        />
      ) : (
        <>
          <Textarea
            label={t('message.instruction')}
            description={t('message.instructionText')}
            placeholder={t('message.instructionExample')}
            autosize
            minRows={3}
            maxRows={10}
            maxLength={2000}
            value={words.instruction}
            error={faults.at('/words/instruction')}
            onChange={(event) => onChange({ ...value, words: { ...words, instruction: event.currentTarget.value } })}
          />
          <TextField
            label={t('message.fallback')}
            description={t('message.fallbackText')}
            channel={counted}
            variables={WORKFLOW_VARIABLES}
            value={words.fallback}
            error={faults.at('/words/fallback')}
            onChange={(fallback) => onChange({ ...value, words: { ...words, fallback } })}
          />
        </>
      )}
      {(channel === 'whatsapp' || channel === 'best') && (
        <TemplateForm value={value.whatsapp_template ?? null} onChange={(whatsapp_template) => onChange({ ...value, whatsapp_template })} faults={faults.under('/whatsapp_template')} />
      )}
    </Stack>
  );
}

interface TemplateFormProps {
  value: ApprovedTemplate | null;
  onChange: (template: ApprovedTemplate | null) => void;
  faults: Faults;
}

/** WhatsApp takes free words only within a day of the customer's last message; else a template it has approved. */
function TemplateForm({ value, onChange, faults }: TemplateFormProps) {
  const { t } = useTranslation('workflows');
  const [wanted, setWanted] = useState(value !== null);
  const fault = faults.at('') ?? faults.at('/name') ?? faults.at('/variables');
  return (
    <Stack gap="sm">
      <Switch
        label={t('whatsapp.use')}
        description={t('whatsapp.text')}
        checked={wanted}
        onChange={(event) => {
          setWanted(event.currentTarget.checked);
          if (!event.currentTarget.checked) onChange(null);
        }}
      />
      {fault !== undefined && (
        <Text size="xs" c="var(--text-danger)" role="alert">
          {fault}
        </Text>
      )}
      {wanted && <TemplatePicker value={value} onChange={onChange} tried={fault !== undefined} />}
    </Stack>
  );
}
