import type { WidgetKey } from '@frontdesk/api-client';
import { Badge, Button, Code, Group, Modal, Select, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { Globe, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { ConfirmButton } from '../../ui/ConfirmButton';
import { CopyButton } from '../../ui/CopyButton';
import { EmptyState } from '../../ui/EmptyState';
import { applyProblem, FormError } from '../../ui/FormError';
import { Panel } from '../../ui/Panel';
import { TimeText } from '../../ui/TimeText';
import { agentNamesQuery, revokeWidgetKey, useSaveWidgetKey } from './queries';
import classes from './Settings.module.css';

export function WidgetKeys({ keys }: { keys: readonly WidgetKey[] }) {
  const { t } = useTranslation('settings');
  const mayWrite = useCan('keys:write');
  const [editing, setEditing] = useState<WidgetKey | 'new' | null>(null);
  return (
    <Panel
      title={t('widgetKeys.title')}
      text={t('widgetKeys.text')}
      action={
        mayWrite && (
          <Button variant="light" size="xs" leftSection={<Plus size={15} aria-hidden />} onClick={() => setEditing('new')}>
            {t('widgetKeys.new')}
          </Button>
        )
      }
    >
      {keys.length === 0 ? (
        <EmptyState compact icon={Globe} title={t('widgetKeys.none')} />
      ) : (
        <ul className={classes.rows}>
          {keys.map((key) => (
            <li key={key.id} className={classes.row}>
              <KeyLine widgetKey={key} mayWrite={mayWrite} onEdit={() => setEditing(key)} />
            </li>
          ))}
        </ul>
      )}
      <Modal
        opened={editing !== null}
        onClose={() => setEditing(null)}
        title={<Text fw={650}>{editing === 'new' ? t('widgetKeys.new') : t('widgetKeys.edit')}</Text>}
      >
        {editing !== null && <KeyForm widgetKey={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
      </Modal>
    </Panel>
  );
}

function KeyLine({ widgetKey: key, mayWrite, onEdit }: { widgetKey: WidgetKey; mayWrite: boolean; onEdit: () => void }) {
  const { t } = useTranslation('settings');
  const agents = useQuery(agentNamesQuery).data;
  const revoked = typeof key.revoked_at === 'string';
  const agent = agents?.find((each) => each.id === key.agent_id)?.name;
  return (
    <>
      <div className={classes.rowBody}>
        <Group gap={8}>
          <Text size="sm" fw={600}>
            {key.name}
          </Text>
          {revoked && <Badge color="red">{t('revoked')}</Badge>}
        </Group>
        <Code>{key.key}</Code>
        <Text size="xs" c="dimmed" mt={4} style={{ overflowWrap: 'anywhere' }}>
          {key.origins.length === 0 ? t('widgetKeys.nowhere') : key.origins.includes('*') ? t('widgetKeys.anywhere') : key.origins.join(', ')}
        </Text>
        <Text size="xs" c="dimmed">
          {agent === undefined ? t('widgetKeys.defaultAgent') : t('widgetKeys.agent', { name: agent })} · <TimeText at={key.created_at} as="date" />
        </Text>
      </div>
      {!revoked && (
        <div className={classes.rowActions}>
          <CopyButton size="xs" text={key.key} what={key.name} />
          {mayWrite && (
            <>
              <Button size="xs" variant="default" onClick={onEdit}>
                {t('common:action.edit')}
              </Button>
              <ConfirmButton
                size="xs"
                title={t('widgetKeys.revokeTitle', { name: key.name })}
                text={t('widgetKeys.revokeText')}
                confirm={t('revoke')}
                onConfirm={() => revokeWidgetKey(key.id)}
              >
                {t('revoke')}
              </ConfirmButton>
            </>
          )}
        </div>
      )}
    </>
  );
}

function KeyForm({ widgetKey, onClose }: { widgetKey: WidgetKey | null; onClose: () => void }) {
  const { t } = useTranslation('settings');
  const agents = useQuery(agentNamesQuery).data ?? [];
  const save = useSaveWidgetKey();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { name: widgetKey?.name ?? '', origins: widgetKey?.origins ?? [], agent_id: widgetKey?.agent_id ?? '' },
    validate: {
      name: (value) => (value.trim() === '' ? t('rule.name') : null),
      origins: (value) => (value.length === 0 ? t('rule.origins') : null),
    },
  });
  const fault = form.errors['origins'] ?? Object.entries(form.errors).find(([path]) => path.startsWith('origins.'))?.[1];
  return (
    <form
      noValidate
      onSubmit={form.onSubmit((values) => {
        setError(null);
        save.mutate(
          {
            ...(widgetKey === null ? {} : { id: widgetKey.id }),
            name: values.name.trim(),
            origins: values.origins,
            agent_id: values.agent_id === '' ? null : values.agent_id,
          },
          { onSuccess: onClose, onError: (failure) => setError(applyProblem(form, failure)) },
        );
      })}
    >
      <Stack>
        <TextInput data-autofocus label={t('field.keyName')} placeholder={t('field.siteExample')} maxLength={120} {...form.getInputProps('name')} />
        <TagsInput
          label={t('field.origins')}
          description={t('field.originsHint')}
          placeholder={form.values.origins.length === 0 ? 'https://example.com' : ''}
          {...form.getInputProps('origins')}
          error={fault}
        />
        <Select
          label={t('field.agent')}
          allowDeselect={false}
          data={[{ value: '', label: t('widgetKeys.defaultAgent') }, ...agents.map((agent) => ({ value: agent.id, label: agent.name }))]}
          {...form.getInputProps('agent_id')}
        />
        <FormError error={error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {widgetKey === null ? t('common:action.create') : t('common:action.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
