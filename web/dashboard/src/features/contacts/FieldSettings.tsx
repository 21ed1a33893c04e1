// The fields a business keeps of its contacts beside name, number and address: what they are called and what they hold.

import type { ContactPage, CustomField, FieldKind } from '@frontdesk/api-client';
import { Badge, Button, Code, Group, Modal, NativeSelect, Skeleton, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Calendar, Hash, ListChecks, ListPlus, Plus, TextCursorInput, ToggleLeft, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { useCan } from '../../app/session';
import { ConfirmDialog } from '../../ui/ConfirmButton';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { applyProblem, FormError } from '../../ui/FormError';
import { Panel } from '../../ui/Panel';
import { notifyDone } from '../../ui/toast';
import classes from './Contacts.module.css';
import { customFieldsQuery, deleteField, useSaveField } from './queries';

const ICONS: Record<FieldKind, LucideIcon> = { text: TextCursorInput, number: Hash, date: Calendar, bool: ToggleLeft, choice: ListChecks };
const KINDS = Object.keys(ICONS) as FieldKind[];

export function FieldSettings() {
  const { t } = useTranslation('contacts');
  const fields = useQuery(customFieldsQuery());
  const mayWrite = useCan('contacts:write');
  const [editing, setEditing] = useState<CustomField | 'new' | null>(null);
  const [deleting, setDeleting] = useState<CustomField | null>(null);
  return (
    <Panel
      title={t('fields.title')}
      text={t('fieldSettings.text')}
      action={
        mayWrite && (
          <Button size="xs" leftSection={<Plus size={15} aria-hidden />} onClick={() => setEditing('new')}>
            {t('fieldSettings.new')}
          </Button>
        )
      }
    >
      {fields.data === undefined ? (
        fields.isError ? (
          <ErrorState compact error={fields.error} onRetry={() => void fields.refetch()} />
        ) : (
          <Skeleton height={160} />
        )
      ) : fields.data.length === 0 ? (
        <EmptyState compact icon={ListPlus} title={t('fieldSettings.none')} text={t('fieldSettings.noneText')} />
      ) : (
        <ul className={classes.rows} aria-label={t('fields.title')}>
          {fields.data.map((field) => {
            const Icon = ICONS[field.kind];
            return (
              <li key={field.id} className={classes.row} style={{ flexWrap: 'wrap' }}>
                <Icon size={18} aria-hidden style={{ flex: 'none', marginTop: 3 }} />
                <div style={{ flex: 1, minWidth: 180 }}>
                  <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
                    {field.label}
                  </Text>
                  <Group gap={6} mt={2}>
                    <Badge color="gray">{t(`kind.${field.kind}`)}</Badge>
                    {field.key !== field.label && <Code>{field.key}</Code>}
                  </Group>
                  {field.options.length > 0 && (
                    <Text size="xs" c="dimmed" mt={4} style={{ overflowWrap: 'anywhere' }}>
                      {field.options.join(' · ')}
                    </Text>
                  )}
                </div>
                {mayWrite && (
                  <Group gap="xs">
                    <Button size="xs" variant="default" aria-label={t('fieldSettings.editOf', { name: field.label })} onClick={() => setEditing(field)}>
                      {t('common:action.edit')}
                    </Button>
                    <Button size="xs" color="red" variant="light" aria-label={t('fieldSettings.deleteOf', { name: field.label })} onClick={() => setDeleting(field)}>
                      {t('common:action.delete')}
                    </Button>
                  </Group>
                )}
              </li>
            );
          })}
        </ul>
      )}
      <Modal opened={editing !== null} onClose={() => setEditing(null)} closeOnClickOutside={false} title={<Text fw={650}>{editing === 'new' || editing === null ? t('fieldSettings.new') : t('fieldSettings.editOf', { name: editing.label })}</Text>}>
        {editing !== null && <FieldForm field={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
      </Modal>
      {deleting !== null && (
        <ConfirmDialog
          opened
          onClose={() => setDeleting(null)}
          title={t('fieldSettings.deleteTitle', { name: deleting.label })}
          text={<DeleteText field={deleting} />}
          confirm={t('fieldSettings.delete')}
          onConfirm={async () => {
            await deleteField(deleting.id);
            notifyDone(t('fieldSettings.deleted', { name: deleting.label }));
          }}
        />
      )}
    </Panel>
  );
}

/** What goes with a field, and how many it is about. */
function DeleteText({ field }: { field: CustomField }) {
  const { t, i18n } = useTranslation('contacts');
  const filter = { fields: [{ key: field.key, test: 'set' as const }] };
  const used = useQuery({
    queryKey: keys.contactList({ having: field.key }),
    queryFn: ({ signal }) => api.get<ContactPage>('/contacts', { query: { filter: JSON.stringify(filter), limit: 1 }, signal }),
  }).data;
  return (
    <Stack gap="xs">
      <span>{t('fieldSettings.deleteText', { key: field.key })}</span>
      {used !== undefined && (
        <span role="status">
          {t('fieldSettings.used', { count: used.total, shown: `${new Intl.NumberFormat(i18n.language).format(used.total)}${used.total_kind === 'exact' ? '' : '+'}` })}{' '}
          {used.total > 0 && (
            <Link to="/contacts" search={{ filter }}>
              {t('fieldSettings.show')}
            </Link>
          )}
        </span>
      )}
    </Stack>
  );
}

function FieldForm({ field, onClose }: { field: CustomField | null; onClose: () => void }) {
  const { t } = useTranslation('contacts');
  const save = useSaveField();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { label: field?.label ?? '', kind: (field?.kind ?? 'text') as FieldKind, options: field?.options ?? ([] as string[]) },
    validate: {
      label: (label) => (label.trim() === '' ? t('fieldSettings.noLabel') : null),
      options: (options, { kind }) => (kind === 'choice' && options.length === 0 ? t('fieldSettings.noOptions') : null),
    },
  });
  const { kind } = form.values;
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(({ label, options }) => {
        setError(null);
        save.mutate(
          { ...(field === null ? {} : { id: field.id }), label: label.trim(), kind, options: kind === 'choice' ? options : [] },
          {
            onSuccess: () => {
              notifyDone(t('fieldSettings.saved'));
              onClose();
            },
            onError: (failure) => setError(applyProblem(form, failure)),
          },
        );
      })}
    >
      <Stack>
        <TextInput data-autofocus label={t('fieldSettings.label')} maxLength={60} {...form.getInputProps('label')} />
        <NativeSelect
          label={t('fieldSettings.kind')}
          description={t(field === null ? 'fieldSettings.kindText' : 'fieldSettings.kindFixed')}
          disabled={field !== null}
          data={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
          {...form.getInputProps('kind')}
        />
        {kind === 'choice' && <TagsInput label={t('fieldSettings.options')} description={t('fieldSettings.optionsText')} maxTags={100} acceptValueOnBlur {...form.getInputProps('options')} />}
        <FormError error={error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {field === null ? t('common:action.create') : t('common:action.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
