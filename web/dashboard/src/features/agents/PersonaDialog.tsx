import type { Persona, PersonaVoice, Tone } from '@frontdesk/api-client';
import { Button, Group, Modal, NativeSelect, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmButton } from '../../ui/ConfirmButton';
import { applyProblem, FormError } from '../../ui/FormError';
import { deletePersona, useSavePersona } from './queries';

const TONES: readonly Tone[] = ['friendly', 'professional', 'casual'];

interface PersonaDialogProps {
  /** The one being edited, a new one, or none: then the dialog is closed. */
  persona: Persona | 'new' | null;
  onClose: () => void;
  onSaved: (persona: Persona) => void;
  onDeleted: (id: string) => void;
}

export function PersonaDialog({ persona, ...rest }: PersonaDialogProps) {
  const { t } = useTranslation('agents');
  return (
    <Modal
      opened={persona !== null}
      onClose={rest.onClose}
      size="lg"
      title={<Text fw={650}>{persona === 'new' ? t('persona.new') : t('persona.edit')}</Text>}
    >
      {persona !== null && <PersonaForm persona={persona === 'new' ? null : persona} {...rest} />}
    </Modal>
  );
}

interface PersonaFormProps extends Omit<PersonaDialogProps, 'persona'> {
  persona: Persona | null;
}

const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

function PersonaForm({ persona, onClose, onSaved, onDeleted }: PersonaFormProps) {
  const { t } = useTranslation('agents');
  const save = useSavePersona();
  const [error, setError] = useState<unknown>(null);
  const voice: PersonaVoice = persona?.voice ?? { tone: 'friendly', style: '', dos: [], donts: [], examples: [] };
  const form = useForm({
    initialValues: {
      name: persona?.name ?? '',
      voice: {
        tone: voice.tone as string,
        style: voice.style,
        dos: voice.dos.join('\n'),
        donts: voice.donts.join('\n'),
        examples: voice.examples.join('\n'),
      },
    },
    validate: {
      name: (value) => (value.trim() === '' ? t('rule.name') : null),
      voice: Object.fromEntries(
        (['dos', 'donts', 'examples'] as const).map((name) => [name, (value: string) => (linesOf(value).length > 20 ? t('rule.lines') : null)]),
      ),
    },
  });
  // The dialog stands inside the agent's form in the component tree, so its events must not reach that one.
  const submit = form.onSubmit((values, event) => {
    event?.stopPropagation();
    setError(null);
    save.mutate(
      {
        ...(persona === null ? {} : { id: persona.id }),
        name: values.name.trim(),
        voice: {
          tone: values.voice.tone as Tone,
          style: values.voice.style.trim(),
          dos: linesOf(values.voice.dos),
          donts: linesOf(values.voice.donts),
          examples: linesOf(values.voice.examples),
        },
      },
      {
        onSuccess: (saved) => {
          onSaved(saved);
          onClose();
        },
        onError: (failure) => setError(applyProblem(form, failure)),
      },
    );
  });
  const list = (name: 'dos' | 'donts' | 'examples') => (
    <Textarea
      label={t(`persona.${name}`)}
      description={t('persona.perLine')}
      placeholder={t(`persona.${name}Example`)}
      autosize
      minRows={2}
      maxRows={8}
      {...form.getInputProps(`voice.${name}`)}
    />
  );
  return (
    <form noValidate onSubmit={submit}>
      <Stack>
        <TextInput data-autofocus label={t('persona.name')} maxLength={80} {...form.getInputProps('name')} />
        <NativeSelect
          label={t('persona.tone')}
          data={TONES.map((value) => ({ value, label: `${t(`tone.${value}`)} – ${t(`toneText.${value}`)}` }))}
          {...form.getInputProps('voice.tone')}
        />
        <Textarea
          label={t('persona.style')}
          placeholder={t('persona.styleExample')}
          autosize
          minRows={2}
          maxRows={6}
          maxLength={2000}
          {...form.getInputProps('voice.style')}
        />
        {list('dos')}
        {list('donts')}
        {list('examples')}
        <FormError error={error} />
        <Group justify="space-between" gap="xs">
          {persona === null ? (
            <span />
          ) : (
            <ConfirmButton
              variant="subtle"
              title={t('persona.deleteTitle', { name: persona.name })}
              text={t('persona.deleteText')}
              confirm={t('common:action.delete')}
              onConfirm={async () => {
                await deletePersona(persona.id);
                onDeleted(persona.id);
                onClose();
              }}
            >
              {t('common:action.delete')}
            </ConfirmButton>
          )}
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('common:action.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {persona === null ? t('common:action.create') : t('common:action.save')}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
