import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { applyProblem, FormError } from '../../ui/FormError';
import { useAddSource } from './queries';

export function TextForm({ onAdded }: { onAdded: () => void }) {
  const { t } = useTranslation('knowledge');
  const add = useAddSource();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { title: '', text: '' },
    validate: {
      title: (value) => (value.trim() === '' ? t('rule.title') : null),
      text: (value) => (value.trim() === '' ? t('rule.text') : null),
    },
  });
  const submit = form.onSubmit((values) => {
    setError(null);
    add.mutate({ kind: 'text', title: values.title.trim(), text: values.text }, { onSuccess: onAdded, onError: (failure) => setError(applyProblem(form, failure)) });
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput label={t('field.title')} description={t('field.titleHint')} maxLength={200} {...form.getInputProps('title')} />
        <Textarea label={t('field.text')} description={t('field.textHint')} autosize minRows={8} maxRows={16} {...form.getInputProps('text')} />
        <FormError error={error} />
        <Group justify="flex-end">
          <Button type="submit" loading={add.isPending}>
            {t('addText')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
