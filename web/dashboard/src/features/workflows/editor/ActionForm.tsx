// The form of one step, by what it does.

import type { Action, ContactStatus, FieldTest, Step, WorkflowTest } from '@frontdesk/api-client';
import { Alert, Group, Input, MultiSelect, NativeSelect, NumberInput, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { MinutesField } from '../../../ui/MinutesField';
import { CONTACT_STATUSES } from '../../../ui/StatusBadge';
import { FieldTestFields } from '../../contacts/FilterDrawer';
import { customFieldsQuery } from '../../contacts/queries';
import { TagsEditor } from '../../inbox/TagsEditor';
import { MOST_MINUTES } from '../draft';
import { useSay } from '../say';
import { MessageForm } from './MessageForm';
import type { Faults } from './place';
import { WebhookSecret } from './WebhookSecret';

interface ActionFormProps {
  value: Action;
  onChange: (action: Action) => void;
  faults: Faults;
  /** The whole workflow, and the steps that come after this one. */
  steps: readonly Step[];
  later: readonly Step[];
  /** Whether anything says what makes a contact fit. */
  judged: boolean;
  readOnly: boolean;
}

export function ActionForm({ value, onChange, faults, steps, later, judged, readOnly }: ActionFormProps) {
  const { t } = useTranslation(['workflows', 'contacts']);
  switch (value.do) {
    case 'wait':
      return <MinutesField label={t('deed.wait.long')} min={1} max={MOST_MINUTES} value={value.minutes} error={faults.at('/minutes')} onChange={(minutes) => onChange({ ...value, minutes })} />;
    case 'send':
      return <MessageForm value={value.message} onChange={(message) => onChange({ ...value, message })} faults={faults.under('/message')} />;
    case 'follow_up':
      return (
        <Stack gap="sm">
          <Group gap="md" align="flex-start">
            <NumberInput
              w={120}
              label={t('deed.follow_up.times')}
              min={1}
              max={10}
              allowDecimal={false}
              allowNegative={false}
              value={value.times}
              error={faults.at('/times')}
              onChange={(times) => onChange({ ...value, times: Number(times) })}
            />
            <MinutesField
              label={t('deed.follow_up.every')}
              min={1}
              max={MOST_MINUTES}
              value={value.every_minutes}
              error={faults.at('/every_minutes')}
              onChange={(every_minutes) => onChange({ ...value, every_minutes })}
            />
          </Group>
          <Text size="xs" c="dimmed">
            {t('deed.follow_up.text')}
          </Text>
          <MessageForm value={value.message} onChange={(message) => onChange({ ...value, message })} faults={faults.under('/message')} />
        </Stack>
      );
    case 'condition':
      return <ConditionForm value={value} onChange={onChange} faults={faults} steps={steps} later={later} judged={judged} />;
    case 'tag':
      return <TagForm value={value} onChange={onChange} readOnly={readOnly} />;
    case 'set_status':
      return (
        <NativeSelect
          label={t('deed.set_status.label')}
          data={CONTACT_STATUSES.map((status) => ({ value: status, label: t(`common:status.contact.${status}`) }))}
          value={value.status}
          onChange={(event) => onChange({ ...value, status: event.currentTarget.value as ContactStatus })}
        />
      );
    case 'task':
      return (
        <Stack gap="sm">
          <TextInput
            label={t('deed.task.title')}
            description={t('deed.task.titleText', { variable: '{{ name }}' })}
            placeholder={t('deed.task.titleExample', { variable: '{{ name }}' })}
            maxLength={200}
            value={value.title}
            error={faults.at('/title')}
            onChange={(event) => onChange({ ...value, title: event.currentTarget.value })}
          />
          <NumberInput
            w={220}
            label={t('deed.task.due')}
            min={0}
            max={365}
            allowDecimal={false}
            allowNegative={false}
            value={value.due_in_days}
            error={faults.at('/due_in_days')}
            onChange={(days) => onChange({ ...value, due_in_days: Number(days) })}
          />
        </Stack>
      );
    case 'webhook':
      return (
        <Stack>
          <TextInput
            type="url"
            label={t('deed.webhook.url')}
            description={t('deed.webhook.text')}
            placeholder="https://"
            maxLength={1000}
            value={value.url}
            error={faults.at('/url')}
            onChange={(event) => onChange({ ...value, url: event.currentTarget.value })}
          />
          <WebhookSecret />
        </Stack>
      );
    case 'end':
      return (
        <Text size="sm" c="dimmed">
          {t('deed.end.long')}
        </Text>
      );
  }
}

type OfTag = Extract<Action, { do: 'tag' }>;

function TagForm({ value, onChange, readOnly }: { value: OfTag; onChange: (action: OfTag) => void; readOnly: boolean }) {
  const { t } = useTranslation(['workflows', 'contacts']);
  const id = useId();
  return (
    <Stack gap="sm">
      <div role="group" aria-labelledby={id}>
        <Input.Label id={id} labelElement="div">
          {t('deed.tag.add')}
        </Input.Label>
        <Group mih={28}>
          <TagsEditor
            tags={value.add}
            readOnly={readOnly || value.add.length >= 10}
            onChange={(add) => {
              onChange({ ...value, add });
              return Promise.resolve();
            }}
          />
        </Group>
      </div>
      <TagsInput
        label={t('deed.tag.remove')}
        placeholder={value.remove.length === 0 ? t('contacts:filter.tagsHint') : ''}
        maxTags={10}
        acceptValueOnBlur
        value={value.remove}
        onChange={(remove) => onChange({ ...value, remove })}
      />
    </Stack>
  );
}

const TESTS = ['replied', 'booked', 'qualified', 'has_tag', 'status', 'field'] as const satisfies readonly WorkflowTest['if'][];
/** Leads out of the workflow. */
const END = '';

type OfCondition = Extract<Action, { do: 'condition' }>;

interface ConditionFormProps extends Pick<ActionFormProps, 'faults' | 'steps' | 'later' | 'judged'> {
  value: OfCondition;
  onChange: (action: OfCondition) => void;
}

function ConditionForm({ value, onChange, faults, steps, later, judged }: ConditionFormProps) {
  const { t } = useTranslation(['workflows', 'contacts']);
  const say = useSay();
  const fields = useQuery(customFieldsQuery()).data ?? [];
  const { test } = value;
  const set = (next: WorkflowTest) => onChange({ ...value, test: next });
  const begin = (kind: WorkflowTest['if']): WorkflowTest => {
    switch (kind) {
      case 'has_tag':
        return { if: kind, name: '' };
      case 'status':
        return { if: kind, statuses: ['in_conversation'] };
      case 'field':
        return { if: kind, field: { key: fields[0]?.key ?? '', test: 'set' } };
      default:
        return { if: kind };
    }
  };
  return (
    <Stack gap="sm">
      <NativeSelect
        label={t('deed.condition.test')}
        data={TESTS.map((kind) => ({ value: kind, label: t(`test.${kind}.name`) }))}
        value={test.if}
        onChange={(event) => set(begin(event.currentTarget.value as WorkflowTest['if']))}
      />
      {test.if === 'qualified' && !judged && (
        <Alert color="orange" p="xs">
          <Text size="sm">{t('test.qualified.none')}</Text>
        </Alert>
      )}
      {test.if === 'has_tag' && <TextInput label={t('test.has_tag.label')} maxLength={40} value={test.name} error={faults.at('/test/name')} onChange={(event) => set({ ...test, name: event.currentTarget.value })} />}
      {test.if === 'status' && (
        <MultiSelect
          label={t('test.status.label')}
          data={CONTACT_STATUSES.map((status) => ({ value: status, label: t(`common:status.contact.${status}`) }))}
          value={test.statuses}
          error={faults.at('/test/statuses')}
          onChange={(statuses) => set({ ...test, statuses: statuses as ContactStatus[] })}
        />
      )}
      {test.if === 'field' && (
        <div>
          {fields.length === 0 ? (
            <Alert color="orange" p="xs">
              <Text size="sm">{t('test.field.none')}</Text>
            </Alert>
          ) : (
            <FieldTestFields test={test.field} fields={fields} onChange={(field: FieldTest) => set({ ...test, field })} />
          )}
          {faults.at('/test/field/key') !== undefined && (
            <Text size="xs" c="var(--text-danger)" mt={4} role="alert">
              {faults.at('/test/field/key')}
            </Text>
          )}
        </div>
      )}
      <NativeSelect
        label={t('deed.condition.otherwise')}
        description={t('deed.condition.otherwiseText')}
        data={[{ value: END, label: t('deed.condition.toEnd') }, ...later.map((step) => ({ value: step.id, label: say.place(steps, step.id) }))]}
        value={value.otherwise ?? END}
        error={faults.at('/otherwise')}
        onChange={(event) => onChange({ ...value, otherwise: event.currentTarget.value === END ? null : event.currentTarget.value })}
      />
    </Stack>
  );
}
