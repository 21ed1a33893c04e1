import type { WidgetKey } from '@frontdesk/api-client';
import { Button, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../../ui/ErrorState';
import { FormError } from '../../ui/FormError';
import { Panel } from '../../ui/Panel';
import { notifyDone } from '../../ui/toast';
import { useSaveWidgetKey, widgetKeysQuery } from '../settings/queries';
import { Snippet } from '../settings/Snippet';

/** Putting the widget on the site: which site, and the line to paste. */
export function WidgetStep() {
  const { t } = useTranslation('onboarding');
  const keys = useQuery(widgetKeysQuery);
  const key = keys.data?.find((each) => typeof each.revoked_at !== 'string');
  return (
    <Panel title={t('widget.title')} text={t('widget.text')}>
      {key !== undefined ? (
        <Stack>
          <Site widgetKey={key} />
          <Snippet widgetKey={key} />
        </Stack>
      ) : keys.isError ? (
        <ErrorState compact error={keys.error} onRetry={() => void keys.refetch()} />
      ) : keys.isPending ? (
        <Skeleton height={160} />
      ) : (
        <Text size="sm" c="dimmed">
          {t('widget.noKey')}
        </Text>
      )}
    </Panel>
  );
}

/** What a page's address is bound by: `https://example.com` of `example.com/contact`. */
function originOf(text: string): string | null {
  const address = /^[a-z]+:\/\//iu.test(text.trim()) ? text.trim() : `https://${text.trim()}`;
  if (text.trim() === '' || !URL.canParse(address)) return null;
  return new URL(address).origin;
}

function Site({ widgetKey }: { widgetKey: WidgetKey }) {
  const { t } = useTranslation('onboarding');
  const save = useSaveWidgetKey();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { site: widgetKey.origins[0] ?? '' },
    validate: { site: (value) => (originOf(value) === null ? t('widget.badSite') : null) },
  });
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(({ site }) => {
        const origin = originOf(site);
        if (origin === null) return;
        setError(null);
        save.mutate(
          {
            id: widgetKey.id,
            name: widgetKey.name,
            origins: [origin, ...widgetKey.origins.filter((each) => each !== origin)],
            agent_id: widgetKey.agent_id ?? null,
          },
          {
            onSuccess: () => notifyDone(t('common:state.saved')),
            onError: setError,
          },
        );
      })}
    >
      <Group align="flex-end" gap="xs">
        <TextInput flex={1} miw={220} type="url" label={t('widget.site')} placeholder="https://example.com" {...form.getInputProps('site')} />
        <Button type="submit" variant="light" loading={save.isPending}>
          {t('widget.save')}
        </Button>
      </Group>
      <FormError error={error} mt="xs" />
    </form>
  );
}
