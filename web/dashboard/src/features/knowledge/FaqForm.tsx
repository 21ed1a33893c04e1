import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { applyProblem, FormError } from '../../ui/FormError';
import { bare, faultsOf, keyed, PairsEditor } from './PairsEditor';
import { faqSourcesQuery, useAddPairs, useAddSource } from './queries';

const NEW = '';

/** Questions and answers: a source of their own, or more of one there is. */
export function FaqForm({ question, onAdded }: { question: string | undefined; onAdded: () => void }) {
  const { t } = useTranslation('knowledge');
  const known = useQuery(faqSourcesQuery).data ?? [];
  const add = useAddSource();
  const append = useAddPairs();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: {
      title: t('faqTitle'),
      target: NEW,
      pairs: [keyed({ question: question ?? '', answer: '' })],
    },
    validate: (values) => ({
      ...(values.target === NEW && values.title.trim() === '' ? { title: t('rule.title') } : {}),
      ...faultsOf(values.pairs, t('rule.missing')),
    }),
  });
  const submit = form.onSubmit((values) => {
    setError(null);
    const outcome = { onSuccess: onAdded, onError: (failure: Error) => setError(applyProblem(form, failure)) };
    const pairs = bare(values.pairs);
    if (values.target === NEW) add.mutate({ kind: 'faq', title: values.title.trim(), pairs }, outcome);
    // Places in a problem then count the pairs that are there already, so it is shown as a whole.
    else append.mutate({ id: values.target, pairs }, { onSuccess: onAdded, onError: setError });
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {known.length > 0 && (
          <NativeSelect
            label={t('field.target')}
            data={[{ value: NEW, label: t('field.targetNew') }, ...known.map((source) => ({ value: source.id, label: source.title }))]}
            {...form.getInputProps('target')}
          />
        )}
        {form.values.target === NEW && <TextInput label={t('field.title')} maxLength={200} {...form.getInputProps('title')} />}
        <PairsEditor
          pairs={form.values.pairs}
          errors={form.errors}
          startInAnswer={question !== undefined}
          onChange={(pairs) => {
            form.setFieldValue('pairs', pairs);
            form.clearErrors();
          }}
        />
        <FormError error={error} />
        <Group justify="flex-end">
          <Button type="submit" loading={add.isPending || append.isPending}>
            {t('addFaq', { count: form.values.pairs.length })}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
