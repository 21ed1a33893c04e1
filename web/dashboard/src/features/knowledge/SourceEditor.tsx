import type { Source, SourceContent } from '@frontdesk/api-client';
import { Button, Group, Skeleton, Stack, Textarea, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { Pencil } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../../ui/ErrorState';
import { applyProblem, FormError } from '../../ui/FormError';
import { notifyDone } from '../../ui/toast';
import { bare, faultsOf, keyed, PairsEditor } from './PairsEditor';
import { contentQuery, useChangeSource } from './queries';

interface SourceEditorProps {
  source: Source;
  readOnly: boolean;
}

/** A source's title, and its words where they were typed here. */
export function SourceEditor({ source, readOnly }: SourceEditorProps) {
  const { t } = useTranslation('knowledge');
  const [editing, setEditing] = useState(false);
  if (readOnly) return null;
  if (!editing) {
    return (
      <Group>
        <Button variant="light" size="xs" leftSection={<Pencil size={15} aria-hidden />} onClick={() => setEditing(true)}>
          {t(source.kind === 'text' ? 'edit.text' : source.kind === 'faq' ? 'edit.faq' : 'edit.title')}
        </Button>
      </Group>
    );
  }
  return <Loaded source={source} onDone={() => setEditing(false)} />;
}

function Loaded({ source, onDone }: { source: Source; onDone: () => void }) {
  const typed = source.kind === 'text' || source.kind === 'faq';
  const content = useQuery({ ...contentQuery(source.id), enabled: typed });
  if (!typed) return <Editor source={source} content={{}} onDone={onDone} />;
  if (content.data !== undefined) return <Editor source={source} content={content.data} onDone={onDone} />;
  if (content.isError) return <ErrorState compact error={content.error} onRetry={() => void content.refetch()} />;
  return <Skeleton height={160} />;
}

interface EditorProps {
  source: Source;
  content: SourceContent;
  onDone: () => void;
}

function Editor({ source, content, onDone }: EditorProps) {
  const { t } = useTranslation('knowledge');
  const change = useChangeSource(source.id);
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: {
      title: source.title,
      text: content.text ?? '',
      pairs: (content.pairs ?? []).map((pair) => keyed(pair)),
    },
    validate: (values) => ({
      ...(values.title.trim() === '' ? { title: t('rule.title') } : {}),
      ...(source.kind === 'text' && values.text.trim() === '' ? { text: t('rule.text') } : {}),
      ...(source.kind === 'faq' ? faultsOf(values.pairs, t('rule.missing')) : {}),
    }),
  });
  const submit = form.onSubmit((values) => {
    setError(null);
    change.mutate(
      {
        title: values.title.trim(),
        ...(source.kind === 'text' ? { text: values.text } : {}),
        ...(source.kind === 'faq' ? { pairs: bare(values.pairs) } : {}),
      },
      {
        onSuccess: () => {
          notifyDone(t('common:state.saved'));
          onDone();
        },
        onError: (failure) => setError(applyProblem(form, failure)),
      },
    );
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <Title order={2} size="h3">
          {t('edit.heading')}
        </Title>
        <TextInput label={t('field.title')} maxLength={200} {...form.getInputProps('title')} />
        {source.kind === 'text' && <Textarea label={t('field.text')} autosize minRows={6} maxRows={18} {...form.getInputProps('text')} />}
        {source.kind === 'faq' && (
          <PairsEditor
            pairs={form.values.pairs}
            errors={form.errors}
            onChange={(pairs) => {
              form.setFieldValue('pairs', pairs);
              form.clearErrors();
            }}
          />
        )}
        <FormError error={error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={change.isPending}>
            {t('common:action.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
