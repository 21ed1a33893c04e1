// One connection's form, drawn from what its vendor says about itself. The secret goes in and never comes back.

import { isProblem, type Connection, type Vendor } from '@frontdesk/api-client';
import { Button, Fieldset, Group, Modal, NativeSelect, NumberInput, PasswordInput, Stack, Switch, TagsInput, Text, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { FormError } from '../../ui/FormError';
import { isOfChannel } from '../channels/kinds';
import type { Editing } from './Connections';
import { useSaveConnection } from './queries';
import { groupsOf, hookAddress, settingsOf, typedOf, type Field, type Typed, type TypedValues } from './schema';
import classes from './Settings.module.css';

export function ConnectionDialog({ editing, onClose }: { editing: Editing | null; onClose: () => void }) {
  const { t } = useTranslation('settings');
  return (
    <Modal
      opened={editing !== null}
      onClose={onClose}
      size="lg"
      title={<Text fw={650}>{editing?.connection?.name ?? t('connections.connect', { name: editing?.vendor.name ?? '' })}</Text>}
    >
      {editing !== null && <ConnectionForm vendor={editing.vendor} connection={editing.connection} onClose={onClose} />}
    </Modal>
  );
}

/** Vendors that sign their calls with the very key they are asked with. */
const SIGNS_WITH_KEY: readonly string[] = ['twilio', 'twilio_whatsapp'];

interface ConnectionFormProps {
  vendor: Vendor;
  connection: Connection | null;
  onClose: () => void;
}

function ConnectionForm({ vendor, connection, onClose }: ConnectionFormProps) {
  const { t } = useTranslation('settings');
  const save = useSaveConnection();
  const groups = groupsOf(vendor.settings_schema);
  const [own, ...nested] = groups;
  const isRare = (field: Field) => isOfChannel(vendor.category) && !field.required && (field.kind === 'uri' || field.path === 'version');
  const usual = own?.fields.filter((field) => !isRare(field)) ?? [];
  const rare = own?.fields.filter(isRare) ?? [];
  const [name, setName] = useState(connection?.name ?? vendor.name.replace(/ \(.*\)$/u, ''));
  const [secret, setSecret] = useState('');
  const [hookSecret, setHookSecret] = useState('');
  const [values, setValues] = useState<TypedValues>(() => typedOf(groups, connection?.settings ?? {}));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [error, setError] = useState<unknown>(null);
  const wantsSecret = vendor.auth !== 'none';
  const secretLabel = t([`secretOf.${vendor.id}`, vendor.auth === 'optional_password' ? 'field.password' : 'field.apiKey']);

  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const missing = groups
      .flatMap((group) => group.fields)
      .filter((field) => field.required && field.kind !== 'switch' && String(values[field.path] ?? '').trim() === '');
    const faults = Object.fromEntries(missing.map((field) => [`settings.${field.path}`, t('rule.required')]));
    if (name.trim() === '') faults['name'] = t('rule.name');
    if (vendor.auth === 'api_key' && connection?.has_secret !== true && secret === '') faults['secret'] = t('rule.required');
    setErrors(faults);
    setError(null);
    if (Object.keys(faults).length > 0) return;
    save.mutate(
      {
        ...(connection === null ? {} : { id: connection.id }),
        vendor: vendor.id,
        name: name.trim(),
        settings: settingsOf(groups, values),
        ...(secret === '' ? {} : { secret }),
        ...(hookSecret === '' ? {} : { hook_secret: hookSecret }),
        enabled: connection?.enabled ?? true,
      },
      {
        onSuccess: onClose,
        onError: (failure) => {
          const known = new Set(['name', 'secret', 'hook_secret', ...groups.flatMap((group) => group.fields.map((field) => `settings.${field.path}`))]);
          const found = isProblem(failure) ? failure.errors.map(({ field, message }) => [field.split('/').slice(1).join('.'), message] as const) : [];
          setErrors(Object.fromEntries(found.filter(([path]) => known.has(path))));
          setError(found.length > 0 && found.every(([path]) => known.has(path)) ? null : failure);
        },
      },
    );
  }

  const fields = (shown: readonly Field[]) => (
    <Stack gap="sm">
      {shown.map((field) => (
        <SchemaField
          key={field.path}
          field={field}
          value={values[field.path] ?? ''}
          error={errors[`settings.${field.path}`]}
          onChange={(value) => setValues((before) => ({ ...before, [field.path]: value }))}
        />
      ))}
    </Stack>
  );

  return (
    <form noValidate onSubmit={submit}>
      <Stack>
        <TextInput
          data-autofocus
          label={t('field.name')}
          description={t('field.connectionNameHint')}
          maxLength={120}
          value={name}
          error={errors['name']}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {fields(usual)}
        {wantsSecret && (
          <PasswordInput
            label={secretLabel}
            description={t(connection?.has_secret === true ? 'field.secretKept' : 'field.secretHint')}
            placeholder={connection?.has_secret === true ? '••••••••••••' : ''}
            autoComplete="new-password"
            maxLength={10_000}
            value={secret}
            error={errors['secret']}
            onChange={(event) => setSecret(event.currentTarget.value)}
          />
        )}
        {typeof vendor.hook === 'string' && !SIGNS_WITH_KEY.includes(vendor.id) && (
          <PasswordInput
            label={t([`hookSecretOf.${vendor.id}`, 'field.hookSecret'])}
            description={
              connection === null
                ? t('field.hookHintNew')
                : t('field.hookHint', { url: hookAddress(vendor.hook, connection.id) })
            }
            placeholder={connection?.has_hook_secret === true ? '••••••••••••' : ''}
            autoComplete="new-password"
            maxLength={10_000}
            value={hookSecret}
            error={errors['hook_secret']}
            onChange={(event) => setHookSecret(event.currentTarget.value)}
          />
        )}
        {nested.map((group) => (
          <Fieldset key={group.title} legend={group.title}>
            {group.description !== undefined && (
              <Text size="xs" c="dimmed" mb="xs">
                {group.description}
              </Text>
            )}
            {fields(group.fields)}
          </Fieldset>
        ))}
        {rare.length > 0 && (
          <details className={classes.more} open={rare.some((field) => errors[`settings.${field.path}`] !== undefined) || undefined}>
            <summary>{t('connections.more')}</summary>
            {fields(rare)}
          </details>
        )}
        <FormError error={error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {connection === null ? t('connections.save') : t('common:action.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface SchemaFieldProps {
  field: Field;
  value: Typed;
  error: string | undefined;
  onChange: (value: Typed) => void;
}

function SchemaField({ field, value, error, onChange }: SchemaFieldProps) {
  const { t } = useTranslation('settings');
  const common = {
    label: field.title,
    error: error ?? null,
    ...(field.description === undefined ? {} : { description: field.description }),
  };
  const placeholder = field.placeholder === undefined ? {} : { placeholder: field.placeholder };
  switch (field.kind) {
    case 'switch':
      return <Switch {...common} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
    case 'choice':
      return <NativeSelect {...common} data={field.options.map((option) => ({ value: option, label: t([`choiceOf.${option}`, option]) }))} value={String(value)} onChange={(event) => onChange(event.currentTarget.value)} />;
    case 'list':
      return <TagsInput {...common} {...placeholder} clearable withAsterisk={field.required} value={Array.isArray(value) ? value : []} onChange={onChange} />;
    case 'number':
    case 'integer':
      return (
        <NumberInput
          {...common}
          {...placeholder}
          {...(field.min === undefined ? {} : { min: field.min })}
          {...(field.max === undefined ? {} : { max: field.max })}
          allowDecimal={field.kind === 'number'}
          withAsterisk={field.required}
          value={typeof value === 'string' || typeof value === 'number' ? value : ''}
          onChange={onChange}
        />
      );
    default:
      return (
        <TextInput
          {...common}
          {...placeholder}
          {...(field.maxLength === undefined ? {} : { maxLength: field.maxLength })}
          withAsterisk={field.required}
          inputMode={field.kind === 'uri' ? 'url' : 'text'}
          value={String(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}
