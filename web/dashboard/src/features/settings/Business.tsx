import type { Language, Workspace } from '@frontdesk/api-client';
import { NativeSelect, Select, SimpleGrid, Skeleton, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan, workspaceQuery } from '../../app/session';
import { ErrorState } from '../../ui/ErrorState';
import { applyProblem } from '../../ui/FormError';
import { HoursEditor } from '../../ui/HoursEditor';
import { isValid } from '../../ui/hours';
import { Panel } from '../../ui/Panel';
import { SaveBar } from '../../ui/SaveBar';
import { notifyDone } from '../../ui/toast';
import { countries, zones } from './places';
import { useSaveWorkspace } from './useSaveWorkspace';

const LANGUAGES: readonly Language[] = ['en', 'es', 'de', 'fr'];

export function Business() {
  const workspace = useQuery(workspaceQuery);
  if (workspace.data !== undefined) return <BusinessForm workspace={workspace.data} />;
  if (workspace.isError) return <ErrorState error={workspace.error} onRetry={() => void workspace.refetch()} />;
  return <Skeleton height={480} radius="lg" />;
}

const valuesOf = ({ name, zone, country, language, facts, hours }: Workspace) => ({ name, zone, country, language: language as string, facts, hours });

function BusinessForm({ workspace }: { workspace: Workspace }) {
  const { t, i18n } = useTranslation('settings');
  const readOnly = !useCan('workspace:write');
  const save = useSaveWorkspace();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: valuesOf(workspace),
    validate: {
      name: (value) => (value.trim() === '' ? t('rule.name') : null),
      hours: (value) => (isValid(value) ? null : t('common:hours.bad')),
    },
  });
  const places = useMemo(() => ({ zones: zones(i18n.language, workspace.zone), countries: countries(i18n.language) }), [i18n.language, workspace.zone]);
  const languages = new Intl.DisplayNames(i18n.language, { type: 'language' });
  const submit = form.onSubmit((values) => {
    setError(null);
    save.mutate(
      { ...values, name: values.name.trim(), language: values.language as Language },
      {
        onSuccess: (saved) => {
          form.setInitialValues(valuesOf(saved));
          form.setValues(valuesOf(saved));
          form.resetDirty(valuesOf(saved));
          notifyDone(t('common:state.saved'));
        },
        onError: (failure) => setError(applyProblem(form, failure)),
      },
    );
  });
  return (
    <form noValidate onSubmit={submit}>
      <Stack>
        <Panel title={t('business.title')} text={t('business.text')}>
          <Stack>
            <TextInput label={t('field.business')} maxLength={120} readOnly={readOnly} {...form.getInputProps('name')} />
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <Select
                label={t('field.zone')}
                description={t('field.zoneHint')}
                searchable
                allowDeselect={false}
                readOnly={readOnly}
                limit={100}
                nothingFoundMessage={t('nothingFound')}
                data={places.zones}
                {...form.getInputProps('zone')}
              />
              <Select
                label={t('field.country')}
                description={t('field.countryHint')}
                searchable
                allowDeselect={false}
                readOnly={readOnly}
                nothingFoundMessage={t('nothingFound')}
                data={places.countries}
                {...form.getInputProps('country')}
              />
            </SimpleGrid>
            <NativeSelect
              label={t('field.language')}
              description={t('field.languageHint')}
              disabled={readOnly}
              maw={320}
              data={LANGUAGES.map((value) => ({ value, label: languages.of(value) ?? value }))}
              {...form.getInputProps('language')}
            />
          </Stack>
        </Panel>
        <Panel title={t('facts.title')} text={t('facts.text')}>
          <Stack>
            <Textarea
              label={t('field.description')}
              placeholder={t('field.descriptionExample')}
              autosize
              minRows={3}
              maxRows={8}
              maxLength={2000}
              readOnly={readOnly}
              {...form.getInputProps('facts.description')}
            />
            <TextInput label={t('field.address')} autoComplete="street-address" maxLength={500} readOnly={readOnly} {...form.getInputProps('facts.address')} />
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <TextInput label={t('field.phone')} type="tel" autoComplete="tel" maxLength={64} readOnly={readOnly} {...form.getInputProps('facts.phone')} />
              <TextInput label={t('field.email')} type="email" autoComplete="email" maxLength={254} readOnly={readOnly} {...form.getInputProps('facts.email')} />
            </SimpleGrid>
            <TextInput label={t('field.website')} type="url" autoComplete="url" maxLength={500} readOnly={readOnly} {...form.getInputProps('facts.website')} />
          </Stack>
        </Panel>
        <Panel title={t('hours.title')} text={t('hours.text')}>
          <HoursEditor label={t('hours.title')} hours={form.values.hours} readOnly={readOnly} onChange={(hours) => form.setFieldValue('hours', hours)} />
        </Panel>
        <SaveBar dirty={form.isDirty()} saving={save.isPending} error={error} onSave={() => submit()} onDiscard={form.reset} />
      </Stack>
    </form>
  );
}
