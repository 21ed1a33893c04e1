// Writing a template, or wording a draft anew: its words, examples for its places, what can be tapped; kept as a draft or
// handed in.

import type { ChannelTemplate, ChannelTemplateButton, TemplateCategory, TemplateConnection } from '@frontdesk/api-client';
import { ActionIcon, Autocomplete, Button, Group, Modal, NativeSelect, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMediaQuery } from '@mantine/hooks';
import { Braces, Plus, Trash2 } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { applyProblem, FormError } from '../../ui/FormError';
import { notifyDone } from '../../ui/toast';
import { languageText, nameOf, placesFault, placesOf } from './places';
import { useWriteTemplate } from './queries';
import { TemplateSheet } from './TemplateSheet';

/** Those that WhatsApp knows and businesses use most; any other can be typed. */
const LANGUAGES = ['en_US', 'en_GB', 'en', 'es', 'es_MX', 'es_ES', 'de', 'fr', 'pt_BR', 'it', 'nl'];
/** What can be written here; the vendor knows more. */
const BUTTONS = ['quick_reply', 'url', 'phone_number'] as const;
const MOST_BUTTONS = 3;

interface TemplateDialogProps {
  connections: readonly TemplateConnection[];
  /** A draft, which is worded anew; of any other a copy is begun. */
  start: ChannelTemplate | null;
  onClose: () => void;
}

export function TemplateDialog(props: TemplateDialogProps) {
  const { t } = useTranslation('channel-templates');
  const phone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  return (
    <Modal opened onClose={props.onClose} size="xl" fullScreen={phone} closeOnClickOutside={false} title={<Text fw={650}>{props.start?.status === 'draft' ? t('editOf', { name: props.start.name }) : t('new')}</Text>}>
      <Form {...props} />
    </Modal>
  );
}

interface TypedButton {
  kind: (typeof BUTTONS)[number];
  text: string;
  /** The address or the number. */
  to: string;
}

const buttonOf = ({ kind, text, to }: TypedButton): ChannelTemplateButton =>
  kind === 'url' ? { kind, text: text.trim(), url: to.trim() } : kind === 'phone_number' ? { kind, text: text.trim(), phone_number: to.trim() } : { kind, text: text.trim() };

/** What the vendor knows beside cannot be written here. */
const typedOf = (button: ChannelTemplateButton): TypedButton[] =>
  button.kind === 'other' ? [] : [{ kind: button.kind, text: button.text, to: button.kind === 'url' ? button.url : button.kind === 'phone_number' ? button.phone_number : '' }];

const orNull = (text: string) => (text.trim() === '' ? null : text.trim());

function Form({ connections, start, onClose }: TemplateDialogProps) {
  const { t, i18n } = useTranslation('channel-templates');
  const draft = start?.status === 'draft' ? start.id : null;
  const write = useWriteTemplate(draft);
  const [error, setError] = useState<unknown>(null);
  const body = useRef<HTMLTextAreaElement>(null);
  const form = useForm({
    initialValues: {
      connection_id: start?.connection_id ?? connections[0]?.connection_id ?? '',
      // The vendor keeps a name for itself once it has judged it.
      name: start === null ? '' : draft === null ? `${start.name}_2` : start.name,
      language: start?.language ?? 'en_US',
      category: start?.category ?? ('utility' as TemplateCategory),
      header: start?.header ?? '',
      body: start?.body ?? '',
      footer: start?.footer ?? '',
      examples: start?.examples ?? [],
      buttons: start?.buttons.flatMap(typedOf) ?? [],
    },
    validate: {
      name: (name) => (name === '' ? t('fault.name') : null),
      language: (language) => (/^[a-z]{2,3}(_[A-Za-z0-9]{2,8})?$/u.test(language.trim()) ? null : t('fault.language')),
      body: (text) => {
        const fault = placesFault(text);
        return text.trim() === '' ? t('fault.body') : fault === null ? null : t(`fault.${fault}`);
      },
      buttons: {
        text: (text) => (text.trim() === '' ? t('fault.buttonText') : null),
        to: (to, { buttons }, path) => {
          const kind = buttons[Number(path.split('.')[1])]?.kind;
          return kind === 'quick_reply' || to.trim() !== '' ? null : t(kind === 'url' ? 'fault.url' : 'fault.phone');
        },
      },
    },
  });
  const { values } = form;
  const places = placesOf(values.body);
  const examples = Array.from({ length: places }, (_, index) => values.examples[index] ?? '');
  const [tried, setTried] = useState(false);
  const missing = examples.some((example) => example.trim() === '');

  function insertPlace() {
    const field = body.current;
    const at = field?.selectionStart ?? values.body.length;
    const place = `{{${String(places + 1)}}}`;
    form.setFieldValue('body', values.body.slice(0, at) + place + values.body.slice(field?.selectionEnd ?? at));
    requestAnimationFrame(() => {
      field?.focus();
      field?.setSelectionRange(at + place.length, at + place.length);
    });
  }

  function save(submit: boolean) {
    setTried(true);
    form.onSubmit((typed) => {
      if (missing) return;
      setError(null);
      write.mutate(
        {
          ...(typed.connection_id === '' ? {} : { connection_id: typed.connection_id }),
          name: typed.name,
          language: typed.language.trim(),
          category: typed.category,
          header: orNull(typed.header),
          body: typed.body.trim(),
          footer: orNull(typed.footer),
          buttons: typed.buttons.map(buttonOf),
          examples: examples.map((example) => example.trim()),
          submit,
        },
        {
          onSuccess: () => {
            notifyDone(t(submit ? 'submitted' : 'drafted'));
            onClose();
          },
          onError: (failure) => setError(applyProblem(form, failure)),
        },
      );
    })();
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save(true);
      }}
    >
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Stack>
          {connections.length > 1 && <NativeSelect label={t('field.connection')} data={connections.map(({ connection_id: value, name }) => ({ value, label: name }))} {...form.getInputProps('connection_id')} />}
          <TextInput data-autofocus label={t('field.name')} description={t('field.nameText')} maxLength={512} {...form.getInputProps('name')} onChange={(event) => form.setFieldValue('name', nameOf(event.currentTarget.value))} />
          <Stack>
            <Autocomplete label={t('field.language')} data={LANGUAGES} filter={({ options }) => options} renderOption={({ option }) => `${option.value} · ${languageText(option.value, i18n.language)}`} maxLength={20} {...form.getInputProps('language')} />
            <NativeSelect label={t('field.category')} data={(['utility', 'marketing'] as const).map((value) => ({ value, label: t(`category.${value}`) }))} {...form.getInputProps('category')} />
          </Stack>
          <TextInput label={t('field.header')} maxLength={60} {...form.getInputProps('header')} />
          <div>
            <Textarea ref={body} label={t('field.body')} description={t('field.bodyText', { first: '{{1}}', second: '{{2}}' })} autosize minRows={4} maxRows={12} maxLength={1024} {...form.getInputProps('body')} />
            <Button mt={6} size="compact-sm" variant="subtle" leftSection={<Braces size={14} aria-hidden />} onClick={insertPlace}>
              {t('insertPlace')}
            </Button>
          </div>
          {examples.map((example, index) => (
            <TextInput
              key={index}
              label={t('field.example', { number: index + 1 })}
              {...(index === 0 ? { description: t('field.exampleText') } : {})}
              maxLength={200}
              value={example}
              error={tried && example.trim() === '' ? t('fault.example') : undefined}
              onChange={(event) => form.setFieldValue('examples', examples.map((each, at) => (at === index ? event.currentTarget.value : each)))}
            />
          ))}
          <TextInput label={t('field.footer')} maxLength={60} {...form.getInputProps('footer')} />
          {values.buttons.map((button, index) => (
            <Group key={index} role="group" aria-label={t('button.number', { number: index + 1 })} gap="xs" align="flex-start" wrap="nowrap">
              <NativeSelect aria-label={t('button.kind')} w={120} data={BUTTONS.map((value) => ({ value, label: t(`button.${value}`) }))} {...form.getInputProps(`buttons.${String(index)}.kind`)} />
              <Stack gap={6} flex={1}>
                <TextInput aria-label={t('button.text')} placeholder={t('button.text')} maxLength={25} {...form.getInputProps(`buttons.${String(index)}.text`)} />
                {button.kind !== 'quick_reply' && (
                  <TextInput aria-label={t(`button.to.${button.kind}`)} placeholder={t(`button.to.${button.kind}`)} maxLength={button.kind === 'url' ? 2000 : 20} {...form.getInputProps(`buttons.${String(index)}.to`)} />
                )}
              </Stack>
              <ActionIcon size={36} color="gray" aria-label={t('button.remove', { number: index + 1 })} onClick={() => form.removeListItem('buttons', index)}>
                <Trash2 size={16} aria-hidden />
              </ActionIcon>
            </Group>
          ))}
          {values.buttons.length < MOST_BUTTONS && (
            <Group>
              <Button size="compact-sm" variant="subtle" leftSection={<Plus size={14} aria-hidden />} onClick={() => form.insertListItem('buttons', { kind: 'quick_reply', text: '', to: '' })}>
                {t('button.add')}
              </Button>
            </Group>
          )}
        </Stack>
        <Stack gap="xs">
          <Text size="sm" fw={550}>
            {t('preview')}
          </Text>
          <TemplateSheet template={{ header: values.header, body: values.body === '' ? '…' : values.body, footer: values.footer, buttons: values.buttons.map(buttonOf), examples: [] }} variables={examples} />
          <Text size="xs" c="dimmed">
            {t('reviewed')}
          </Text>
        </Stack>
      </SimpleGrid>
      <FormError error={error} mt="md" />
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t('common:action.cancel')}
        </Button>
        <Button variant="default" loading={write.isPending} onClick={() => save(false)}>
          {t('saveDraft')}
        </Button>
        <Button type="submit" loading={write.isPending}>
          {t('submit')}
        </Button>
      </Group>
    </form>
  );
}
