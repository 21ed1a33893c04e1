import type { Contact, Json } from '@frontdesk/api-client';
import { ActionIcon, Button, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { FormError } from '../../ui/FormError';
import { Panel } from '../../ui/Panel';
import { notifyProblem, notifyUndo } from '../../ui/toast';
import { EditableField } from '../inbox/EditableField';
import { fieldOf, wordsOf } from './field-text';
import { FieldValue } from './FieldValue';
import { customFieldsQuery, useChangeContact } from './queries';

/** Anything else the business wants to know of a person. */
export function CustomFields({ contact, readOnly }: { contact: Contact; readOnly: boolean }) {
  const { t } = useTranslation('contacts');
  const save = useChangeContact(contact.id);
  const [adding, setAdding] = useState(false);
  const fields = useQuery(customFieldsQuery());
  const known = fields.data ?? [];
  const filled = Object.entries(contact.fields);
  /** Those that nobody set up. */
  const entries = filled.filter(([key]) => fieldOf(key, known) === undefined);
  // What a field is called; one that nobody set up is called by its key.
  const nameOf = (key: string) => fieldOf(key, known)?.label ?? wordsOf(key);
  // Others stay as they are; null takes one away.
  const put = (key: string, value: Json) => save.mutateAsync({ fields: { [key]: value } });
  const remove = (key: string) => {
    const before = contact.fields[key];
    return put(key, null).then(() => {
      if (before !== undefined) notifyUndo(t('fields.removed', { name: nameOf(key) }), () => void put(key, before).catch(notifyProblem));
    });
  };
  // Until it is known what each holds, none can be shown as what it is.
  if (fields.isPending) {
    return (
      <Panel title={t('fields.title')}>
        <Skeleton height={60} role="status" aria-label={t('common:state.loading')} />
      </Panel>
    );
  }
  return (
    <Panel
      title={t('fields.title')}
      action={
        !readOnly &&
        !adding && (
          <Button size="xs" variant="light" leftSection={<Plus size={14} aria-hidden />} onClick={() => setAdding(true)}>
            {t('fields.add')}
          </Button>
        )
      }
    >
      {entries.length === 0 && known.length === 0 && !adding && (
        <Text size="sm" c="dimmed">
          {t('fields.none')}
        </Text>
      )}
      <Stack gap={4}>
        {known.map((field) => {
          const [key, value] = filled.find(([stored]) => fieldOf(stored, [field]) !== undefined) ?? [field.key, undefined];
          return (
            <FieldValue
              key={field.id}
              field={field}
              value={value}
              readOnly={readOnly}
              onSave={(next) => (next === null ? remove(key) : put(key, next))}
            />
          );
        })}
        {entries.map(([key, value]) => (
          <Group key={key} gap={4} wrap="nowrap">
            <div style={{ flex: 1, minWidth: 0 }}>
              <EditableField
                label={nameOf(key)}
                value={typeof value === 'string' ? value : JSON.stringify(value)}
                type="text"
                readOnly={readOnly}
                onSave={(text) => (text === '' ? remove(key) : put(key, like(value, text)))}
              />
            </div>
            {!readOnly && (
              <ActionIcon size={24} aria-label={t('fields.remove', { name: nameOf(key) })} onClick={() => void remove(key).catch(notifyProblem)}>
                <X size={14} aria-hidden />
              </ActionIcon>
            )}
          </Group>
        ))}
      </Stack>
      {adding && <NewField taken={[...Object.keys(contact.fields), ...known.flatMap(({ key, label }) => [key, label])]} onAdd={put} onDone={() => setAdding(false)} />}
    </Panel>
  );
}

interface NewFieldProps {
  taken: readonly string[];
  onAdd: (key: string, value: string) => Promise<unknown>;
  onDone: () => void;
}

function NewField({ taken, onAdd, onDone }: NewFieldProps) {
  const { t } = useTranslation('contacts');
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const [error, setError] = useState<unknown>(null);
  const key = name.trim().toLowerCase().replaceAll(/\s+/gu, '_');
  const known = taken.some((each) => each.toLowerCase().replaceAll(/\s+/gu, '_') === key);
  return (
    <form
      onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
        event.preventDefault();
        if (key === '' || value.trim() === '' || known) return;
        setError(null);
        onAdd(key, value.trim()).then(onDone, setError);
      }}
    >
      <Stack gap="xs" mt="sm">
        <TextInput size="xs" label={t('fields.name')} maxLength={60} value={name} error={known ? t('fields.known') : null} onChange={(event) => setName(event.currentTarget.value)} />
        <TextInput size="xs" label={t('fields.value')} maxLength={1000} value={value} onChange={(event) => setValue(event.currentTarget.value)} />
        <FormError error={error} />
        <Group gap="xs" justify="flex-end">
          <Button size="xs" variant="default" onClick={onDone}>
            {t('common:action.cancel')}
          </Button>
          <Button size="xs" type="submit" disabled={key === '' || value.trim() === '' || known}>
            {t('common:action.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** A number stays a number and a yes-or-no what it is; everything else is text. */
function like(before: Json, text: string): Json {
  if (typeof before === 'number' && Number.isFinite(Number(text))) return Number(text);
  if (typeof before === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
