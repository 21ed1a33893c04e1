// Everything contacts can be filtered by, in one form; what it says becomes the list's address.

import type { ContactFilter, ContactStatus, CustomField, FieldComparison, FieldTest } from '@frontdesk/api-client';
import { ActionIcon, Button, Drawer, Group, MultiSelect, NumberInput, Select, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { CONTACT_STATUSES } from '../../ui/StatusBadge';
import { workflowsQuery } from '../workflows/queries';
import { compact, comparisonsOf, dayOf, finished, startOf } from './filter';
import { customFieldsQuery } from './queries';

interface FilterDrawerProps {
  opened: boolean;
  filter: ContactFilter;
  onClose: () => void;
  onApply: (filter: ContactFilter) => void;
  /** What the button says; "Show contacts" when absent. */
  apply?: string;
  title?: string;
}

export function FilterDrawer({ opened, filter, onClose, onApply, apply, title }: FilterDrawerProps) {
  const { t } = useTranslation('contacts');
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size="md" title={<Text fw={650}>{title ?? t('filter.title')}</Text>}>
      <FilterForm filter={filter} onApply={onApply} apply={apply ?? t('filter.apply')} />
    </Drawer>
  );
}

function FilterForm({ filter, onApply, apply }: Pick<FilterDrawerProps, 'filter' | 'onApply'> & { apply: string }) {
  const { t } = useTranslation('contacts');
  const fields = useQuery(customFieldsQuery());
  const mayReadWorkflows = useCan('workflows:read');
  const workflows = useQuery({ ...workflowsQuery, enabled: mayReadWorkflows });
  const [draft, setDraft] = useState(filter);
  const set = (change: { [Key in keyof ContactFilter]?: ContactFilter[Key] | undefined }) =>
    setDraft((before) => compact({ ...before, ...change }));
  const number = (value: number | string) => (typeof value === 'number' ? value : undefined);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onApply(finished(draft));
      }}
    >
      <Stack>
        <MultiSelect
          label={t('column.status')}
          placeholder={(draft.statuses ?? []).length === 0 ? t('filter.any') : ''}
          data={CONTACT_STATUSES.map((status) => ({ value: status, label: t(`common:status.contact.${status}`) }))}
          value={draft.statuses ?? []}
          onChange={(statuses) => set({ statuses: statuses as ContactStatus[] })}
        />
        <TagsInput
          label={t('filter.tags')}
          placeholder={(draft.tags ?? []).length === 0 ? t('filter.tagsHint') : ''}
          maxTags={10}
          value={draft.tags ?? []}
          onChange={(tags) => set({ tags })}
        />
        <Days label={t('filter.created')} from={draft.created_from} to={draft.created_to} onChange={(created_from, created_to) => set({ created_from, created_to })} />
        <Days label={t('filter.seen')} from={draft.seen_from} to={draft.seen_to} onChange={(seen_from, seen_to) => set({ seen_from, seen_to })} />
        <NumberInput
          label={t('filter.quiet')}
          description={t('filter.quietHint')}
          min={1}
          max={36500}
          allowDecimal={false}
          value={draft.days_since_contact ?? ''}
          onChange={(value) => set({ days_since_contact: number(value) })}
        />
        <Group grow align="flex-end">
          <NumberInput label={t('filter.followUps')} placeholder={t('filter.atLeast')} min={0} allowDecimal={false} value={draft.follow_ups_from ?? ''} onChange={(value) => set({ follow_ups_from: number(value) })} />
          <NumberInput aria-label={t('filter.followUpsTo')} placeholder={t('filter.atMost')} min={0} allowDecimal={false} value={draft.follow_ups_to ?? ''} onChange={(value) => set({ follow_ups_to: number(value) })} />
        </Group>
        {mayReadWorkflows && (
          <Select
            label={t('filter.workflow')}
            placeholder={t('filter.any')}
            clearable
            searchable
            data={(workflows.data ?? []).map(({ id, settings }) => ({ value: id, label: settings.name }))}
            value={draft.workflow_id ?? null}
            onChange={(id) => set({ workflow_id: id ?? undefined })}
          />
        )}
        <FieldTests tests={draft.fields ?? []} fields={fields.data ?? []} onChange={(tests) => set({ fields: tests })} />
        <Group justify="space-between" mt="sm">
          <Button variant="subtle" onClick={() => onApply({})}>
            {t('empty.clear')}
          </Button>
          <Button type="submit">{apply}</Button>
        </Group>
      </Stack>
    </form>
  );
}

interface DaysProps {
  label: string;
  from: string | undefined;
  to: string | undefined;
  onChange: (from: string | undefined, to: string | undefined) => void;
}

/** From a day up to and including another, in the browser's time. */
function Days({ label, from, to, onChange }: DaysProps) {
  const { t } = useTranslation('contacts');
  return (
    <Group grow align="flex-end" gap="xs">
      <TextInput type="date" label={label} aria-label={`${label}: ${t('filter.from')}`} value={dayOf(from, 0)} onChange={(event) => onChange(startOf(event.currentTarget.value, 0), to)} />
      <TextInput type="date" aria-label={`${label}: ${t('filter.to')}`} value={dayOf(to, -1)} onChange={(event) => onChange(from, startOf(event.currentTarget.value, 1))} />
    </Group>
  );
}

interface FieldTestsProps {
  tests: readonly FieldTest[];
  fields: readonly CustomField[];
  onChange: (tests: FieldTest[]) => void;
}

function FieldTests({ tests, fields, onChange }: FieldTestsProps) {
  const { t } = useTranslation('contacts');
  if (fields.length === 0) return null;
  const replace = (at: number, test: FieldTest) => onChange(tests.map((each, n) => (n === at ? test : each)));
  return (
    <Stack gap="xs">
      <Text size="sm" fw={550}>
        {t('fields.title')}
      </Text>
      {tests.map((test, n) => (
        <Group key={n} gap="xs" wrap="nowrap" align="flex-start">
          <FieldTestFields test={test} fields={fields} onChange={(changed) => replace(n, changed)} />
          <ActionIcon size={36} aria-label={t('filter.remove')} onClick={() => onChange(tests.filter((_, at) => at !== n))}>
            <Trash2 size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      {tests.length < 10 && (
        <Button variant="default" leftSection={<Plus size={16} aria-hidden />} onClick={() => onChange([...tests, { key: fields[0]?.key ?? '', test: 'set' }])}>
          {t('filter.addField')}
        </Button>
      )}
    </Stack>
  );
}

interface FieldTestFieldsProps {
  test: FieldTest;
  fields: readonly CustomField[];
  onChange: (test: FieldTest) => void;
}

/** One thing a custom field must say. */
export function FieldTestFields({ test, fields, onChange }: FieldTestFieldsProps) {
  const { t } = useTranslation('contacts');
  const field = fields.find((each) => each.key.toLowerCase() === test.key.toLowerCase());
  return (
    <Stack gap={4} flex={1}>
      <Select
        aria-label={t('filter.field')}
        allowDeselect={false}
        searchable
        data={fields.map((each) => ({ value: each.key, label: each.label }))}
        value={field?.key ?? null}
        onChange={(key) => key !== null && onChange({ key, test: 'is' })}
      />
      <Group gap={4} wrap="nowrap">
        <Select
          w={130}
          aria-label={t('filter.comparison')}
          allowDeselect={false}
          data={comparisonsOf(field?.kind ?? 'text').map((each) => ({ value: each, label: t(`filter.is.${each}`) }))}
          value={test.test}
          onChange={(comparison) => comparison !== null && onChange({ ...test, test: comparison as FieldComparison })}
        />
        {test.test !== 'set' && field !== undefined && <FieldValue field={field} test={test} onChange={(value) => onChange({ ...test, value })} />}
      </Group>
    </Stack>
  );
}

interface FieldValueProps {
  field: CustomField;
  test: FieldTest;
  onChange: (value: string | number | boolean) => void;
}

function FieldValue({ field, test, onChange }: FieldValueProps) {
  const { t } = useTranslation('contacts');
  const label = { 'aria-label': t('filter.value'), flex: 1 };
  const text = typeof test.value === 'string' ? test.value : '';
  if (field.kind === 'number') {
    return <NumberInput {...label} value={typeof test.value === 'number' ? test.value : ''} onChange={(value) => typeof value === 'number' && onChange(value)} />;
  }
  if (field.kind === 'bool') {
    const data = [
      { value: 'true', label: t('filter.yes') },
      { value: 'false', label: t('filter.no') },
    ];
    return <Select {...label} data={data} value={typeof test.value === 'boolean' ? String(test.value) : null} onChange={(value) => value !== null && onChange(value === 'true')} />;
  }
  if (field.kind === 'choice') {
    return <Select {...label} data={field.options} value={text === '' ? null : text} onChange={(value) => value !== null && onChange(value)} />;
  }
  return <TextInput {...label} type={field.kind === 'date' ? 'date' : 'text'} maxLength={200} value={text} onChange={(event) => onChange(event.currentTarget.value)} />;
}
