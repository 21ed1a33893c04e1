import type { Workspace } from '@frontdesk/api-client';
import { Button, Group, Select, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { applyProblem, FormError } from '../../ui/FormError';
import { HoursEditor } from '../../ui/HoursEditor';
import { isValid } from '../../ui/hours';
import { Panel } from '../../ui/Panel';
import { zones } from '../settings/places';
import { useSaveWorkspace } from '../settings/useSaveWorkspace';

/** Who the business is and when it is open: what agents tell everyone. */
export function BusinessStep({ workspace, onDone }: { workspace: Workspace; onDone: () => void }) {
  const { t, i18n } = useTranslation(['onboarding', 'settings']);
  const save = useSaveWorkspace();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { name: workspace.name, zone: workspace.zone, facts: workspace.facts, hours: workspace.hours },
    validate: {
      name: (value) => (value.trim() === '' ? t('settings:rule.name') : null),
      hours: (value) => (isValid(value) ? null : t('common:hours.bad')),
    },
  });
  const places = useMemo(() => zones(i18n.language, workspace.zone), [i18n.language, workspace.zone]);
  return (
    <form
      noValidate
      onSubmit={form.onSubmit((values) => {
        setError(null);
        save.mutate(
          { ...values, name: values.name.trim(), onboarding: { ...workspace.onboarding, business: true } },
          { onSuccess: onDone, onError: (failure) => setError(applyProblem(form, failure)) },
        );
      })}
    >
      <Panel title={t('business.title')} text={t('business.text')}>
        <Stack>
          <TextInput label={t('settings:field.business')} maxLength={120} {...form.getInputProps('name')} />
          <Textarea
            label={t('settings:field.description')}
            placeholder={t('settings:field.descriptionExample')}
            autosize
            minRows={2}
            maxRows={6}
            maxLength={2000}
            {...form.getInputProps('facts.description')}
          />
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput label={t('settings:field.address')} maxLength={500} {...form.getInputProps('facts.address')} />
            <TextInput label={t('settings:field.phone')} type="tel" maxLength={64} {...form.getInputProps('facts.phone')} />
            <TextInput label={t('settings:field.website')} type="url" maxLength={500} {...form.getInputProps('facts.website')} />
            <Select
              label={t('settings:field.zone')}
              searchable
              allowDeselect={false}
              limit={100}
              nothingFoundMessage={t('settings:nothingFound')}
              data={places}
              {...form.getInputProps('zone')}
            />
          </SimpleGrid>
          <div>
            <HoursEditor label={t('settings:hours.title')} hours={form.values.hours} onChange={(hours) => form.setFieldValue('hours', hours)} />
          </div>
          <FormError error={error} />
          <Group justify="flex-end">
            <Button type="submit" loading={save.isPending}>
              {t('save')}
            </Button>
          </Group>
        </Stack>
      </Panel>
    </form>
  );
}
