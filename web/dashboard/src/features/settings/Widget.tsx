import type { Theme, WidgetKey, Workspace } from '@frontdesk/api-client';
import { ColorInput, SegmentedControl, Select, SimpleGrid, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan, workspaceQuery } from '../../app/session';
import { ErrorState } from '../../ui/ErrorState';
import { applyProblem } from '../../ui/FormError';
import { Panel } from '../../ui/Panel';
import { SaveBar } from '../../ui/SaveBar';
import { notifyDone } from '../../ui/toast';
import { widgetKeysQuery } from './queries';
import { useSaveWorkspace } from './useSaveWorkspace';
import { Snippet } from './Snippet';
import { WidgetKeys } from './WidgetKeys';
import { WidgetPreview } from './WidgetPreview';

export function Widget() {
  const workspace = useQuery(workspaceQuery);
  const mayReadKeys = useCan('keys:read');
  const keys = useQuery({ ...widgetKeysQuery, enabled: mayReadKeys });
  if (workspace.data === undefined || (mayReadKeys && keys.data === undefined)) {
    const failed = workspace.isError ? workspace : keys.isError ? keys : null;
    return failed === null ? <Skeleton height={480} radius="lg" /> : <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />;
  }
  // A key that names no site shows nothing anywhere, so the others come first.
  const usable = (keys.data ?? [])
    .filter((key) => typeof key.revoked_at !== 'string')
    .sort((a, b) => Number(b.origins.length > 0) - Number(a.origins.length > 0));
  return (
    <>
      {mayReadKeys && <Install keys={usable} />}
      <ThemeForm workspace={workspace.data} widgetKey={usable[0]} />
      {mayReadKeys && <WidgetKeys keys={keys.data ?? []} />}
    </>
  );
}

function Install({ keys }: { keys: readonly WidgetKey[] }) {
  const { t } = useTranslation('settings');
  const [chosen, setChosen] = useState<string | null>(null);
  const key = keys.find((each) => each.id === chosen) ?? keys[0];
  return (
    <Panel title={t('install.title')} text={t('install.text')}>
      {key === undefined ? (
        <Text size="sm" c="dimmed">
          {t('install.noKey')}
        </Text>
      ) : (
        <Stack>
          {keys.length > 1 && (
            <Select
              label={t('install.key')}
              maw={360}
              allowDeselect={false}
              value={key.id}
              onChange={setChosen}
              data={keys.map((each) => ({ value: each.id, label: each.name }))}
            />
          )}
          <Snippet widgetKey={key} />
        </Stack>
      )}
    </Panel>
  );
}

const ACCENTS = ['#4f46e5', '#0f766e', '#0369a1', '#b45309', '#be123c', '#7e22ce', '#15803d', '#1f2937'];

function ThemeForm({ workspace, widgetKey }: { workspace: Workspace; widgetKey: WidgetKey | undefined }) {
  const { t } = useTranslation('settings');
  const readOnly = !useCan('workspace:write');
  const save = useSaveWorkspace();
  const [error, setError] = useState<unknown>(null);
  const form = useForm<{ theme: Theme }>({
    initialValues: { theme: workspace.theme },
    validate: { theme: { accent: (value) => (/^#[0-9a-f]{6}$/iu.test(value) ? null : t('rule.color')) } },
  });
  const submit = form.onSubmit(({ theme }) => {
    setError(null);
    save.mutate(
      { theme },
      {
        onSuccess: (saved) => {
          form.setInitialValues({ theme: saved.theme });
          form.setValues({ theme: saved.theme });
          form.resetDirty({ theme: saved.theme });
          notifyDone(t('common:state.saved'));
        },
        onError: (failure) => setError(applyProblem(form as unknown as Parameters<typeof applyProblem>[0], failure)),
      },
    );
  });
  const { theme } = form.values;
  return (
    <form noValidate onSubmit={submit}>
      <Panel title={t('theme.title')} text={t('theme.text')}>
        <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="xl">
          <Stack>
            <ColorInput
              label={t('field.accent')}
              format="hex"
              swatches={ACCENTS}
              swatchesPerRow={8}
              readOnly={readOnly}
              closeOnColorSwatchClick
              eyeDropperButtonProps={{ 'aria-label': t('theme.pick') }}
              {...form.getInputProps('theme.accent')}
            />
            <Choice
              label={t('field.position')}
              readOnly={readOnly}
              value={theme.position}
              data={(['left', 'right'] as const).map((value) => ({ value, label: t(`theme.${value}`) }))}
              onChange={(value) => form.setFieldValue('theme.position', value as Theme['position'])}
            />
            <Choice
              label={t('field.scheme')}
              readOnly={readOnly}
              value={theme.scheme}
              data={(['auto', 'light', 'dark'] as const).map((value) => ({ value, label: t(`scheme.${value}`) }))}
              onChange={(value) => form.setFieldValue('theme.scheme', value as Theme['scheme'])}
            />
            <TextInput
              label={t('field.launcher')}
              description={t('field.launcherHint')}
              placeholder={t('field.launcherExample')}
              maxLength={40}
              readOnly={readOnly}
              {...form.getInputProps('theme.launcher_text')}
            />
          </Stack>
          <WidgetPreview theme={theme} widgetKey={widgetKey} />
        </SimpleGrid>
      </Panel>
      <SaveBar dirty={form.isDirty()} saving={save.isPending} error={error} onSave={() => submit()} onDiscard={form.reset} />
    </form>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  data: { value: string; label: string }[];
  readOnly: boolean;
  onChange: (value: string) => void;
}

function Choice({ label, ...control }: ChoiceProps) {
  const id = useId();
  return (
    <div>
      <Text id={id} size="sm" fw={550} mb={4}>
        {label}
      </Text>
      <SegmentedControl aria-labelledby={id} fullWidth {...control} />
    </div>
  );
}
