import { Button, Group, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { applyProblem, FormError } from '../../ui/FormError';
import { useAddSource } from './queries';

/** One web page, or a small site from one address. */
export function WebForm({ kind, onAdded }: { kind: 'page' | 'site'; onAdded: () => void }) {
  const { t } = useTranslation('knowledge');
  const add = useAddSource();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { url: '', max_pages: 50 as number | string },
    validate: {
      url: (value) => (URL.canParse(complete(value)) && value.trim() !== '' ? null : t('rule.url')),
      max_pages: (value) => (Number(value) >= 1 && Number(value) <= 500 ? null : t('rule.pages')),
    },
  });
  const submit = form.onSubmit((values) => {
    setError(null);
    const url = complete(values.url);
    add.mutate(kind === 'page' ? { kind, url } : { kind, url, max_pages: Number(values.max_pages) }, {
      onSuccess: onAdded,
      onError: (failure) => setError(applyProblem(form, failure)),
    });
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Text size="sm" c="dimmed">
          {t(kind === 'page' ? 'pageText' : 'siteText')}
        </Text>
        <TextInput
          type="url"
          inputMode="url"
          autoComplete="url"
          label={t(kind === 'page' ? 'field.page' : 'field.site')}
          placeholder="https://example.com"
          maxLength={2000}
          {...form.getInputProps('url')}
        />
        {kind === 'site' && (
          <NumberInput
            label={t('field.maxPages')}
            description={t('field.maxPagesHint')}
            min={1}
            max={500}
            allowDecimal={false}
            maw={260}
            {...form.getInputProps('max_pages')}
          />
        )}
        <FormError error={error} />
        <Group justify="flex-end">
          <Button type="submit" loading={add.isPending}>
            {t(kind === 'page' ? 'addPage' : 'addSite')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** People write addresses without what comes before the name. */
function complete(text: string): string {
  const trimmed = text.trim();
  return trimmed === '' || /^[a-z]+:\/\//iu.test(trimmed) ? trimmed : `https://${trimmed}`;
}
