import type { ApiKey, CreatedApiKey, Permission } from '@frontdesk/api-client';
import { Alert, Badge, Button, Checkbox, Code, Group, Modal, NativeSelect, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { allows, PERMISSIONS } from '../../app/access';
import { useCan, useMembership } from '../../app/session';
import { ConfirmButton } from '../../ui/ConfirmButton';
import { CopyButton } from '../../ui/CopyButton';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { applyProblem, FormError } from '../../ui/FormError';
import { Panel } from '../../ui/Panel';
import { useNow } from '../../ui/time';
import { TimeText } from '../../ui/TimeText';
import { apiKeysQuery, revokeApiKey, useCreateApiKey } from './queries';
import classes from './Settings.module.css';

export function ApiKeys() {
  const { t } = useTranslation('settings');
  const keys = useQuery(apiKeysQuery);
  const mayWrite = useCan('keys:write');
  const [creating, setCreating] = useState(false);
  const [created, setCreated] = useState<CreatedApiKey | null>(null);
  return (
    <Panel
      title={t('section.keys')}
      text={t('apiKeys.text')}
      action={
        mayWrite && (
          <Button size="xs" leftSection={<Plus size={15} aria-hidden />} onClick={() => setCreating(true)}>
            {t('apiKeys.new')}
          </Button>
        )
      }
    >
      {keys.data === undefined ? (
        keys.isError ? (
          <ErrorState compact error={keys.error} onRetry={() => void keys.refetch()} />
        ) : (
          <Skeleton height={160} />
        )
      ) : keys.data.length === 0 ? (
        <EmptyState compact icon={KeyRound} title={t('apiKeys.none')} text={t('apiKeys.noneText')} />
      ) : (
        <ul className={classes.rows}>
          {keys.data.map((key) => (
            <li key={key.id} className={classes.row}>
              <KeyLine apiKey={key} mayWrite={mayWrite} />
            </li>
          ))}
        </ul>
      )}
      <Modal opened={creating} onClose={() => setCreating(false)} size="lg" title={<Text fw={650}>{t('apiKeys.new')}</Text>}>
        <KeyForm
          onClose={() => setCreating(false)}
          onCreated={(key) => {
            setCreating(false);
            setCreated(key);
          }}
        />
      </Modal>
      <Modal
        opened={created !== null}
        onClose={() => setCreated(null)}
        closeOnClickOutside={false}
        title={<Text fw={650}>{t('apiKeys.created', { name: created?.key.name ?? '' })}</Text>}
      >
        <Stack>
          <Alert color="orange">{t('apiKeys.once')}</Alert>
          <pre className={classes.code}>{created?.secret}</pre>
          <Group justify="flex-end" gap="xs">
            <CopyButton text={created?.secret ?? ''} what={t('apiKeys.secret')} />
            <Button onClick={() => setCreated(null)}>{t('apiKeys.kept')}</Button>
          </Group>
        </Stack>
      </Modal>
    </Panel>
  );
}

function KeyLine({ apiKey: key, mayWrite }: { apiKey: ApiKey; mayWrite: boolean }) {
  const { t } = useTranslation('settings');
  const now = useNow();
  const revoked = typeof key.revoked_at === 'string';
  const lapsed = typeof key.expires_at === 'string' && Date.parse(key.expires_at) < now;
  return (
    <>
      <div className={classes.rowBody}>
        <Group gap={8}>
          <Text size="sm" fw={600}>
            {key.name}
          </Text>
          <Code>{key.hint}…</Code>
          {revoked ? <Badge color="red">{t('revoked')}</Badge> : lapsed && <Badge color="orange">{t('apiKeys.lapsed')}</Badge>}
        </Group>
        <Text size="xs" c="dimmed" mt={4}>
          {key.scopes.join(', ')}
        </Text>
        <Text size="xs" c="dimmed">
          {t('apiKeys.made')} <TimeText at={key.created_at} as="date" />
          {' · '}
          {typeof key.last_used_at === 'string' ? (
            <>
              {t('apiKeys.used')} <TimeText at={key.last_used_at} />
            </>
          ) : (
            t('apiKeys.unused')
          )}
          {typeof key.expires_at === 'string' && (
            <>
              {' · '}
              {t('apiKeys.until')} <TimeText at={key.expires_at} as="date" />
            </>
          )}
        </Text>
      </div>
      {mayWrite && !revoked && (
        <ConfirmButton
          size="xs"
          title={t('apiKeys.revokeTitle', { name: key.name })}
          text={t('apiKeys.revokeText')}
          confirm={t('revoke')}
          onConfirm={() => revokeApiKey(key.id)}
        >
          {t('revoke')}
        </ConfirmButton>
      )}
    </>
  );
}

const DAYS = ['', '30', '90', '365'] as const;

/** Days from now as the server wants them; nothing for a key without an end. */
function expiryIn(days: string): { expires_at?: string } {
  return days === '' ? {} : { expires_at: new Date(Date.now() + Number(days) * 86_400_000).toISOString() };
}

function KeyForm({ onClose, onCreated }: { onClose: () => void; onCreated: (key: CreatedApiKey) => void }) {
  const { t } = useTranslation('settings');
  const role = useMembership()?.role ?? 'viewer';
  const create = useCreateApiKey();
  const [error, setError] = useState<unknown>(null);
  const offered = PERMISSIONS.filter((scope) => scope !== 'workspace:own' && allows(role, scope)).sort();
  const form = useForm({
    initialValues: { name: '', scopes: [] as Permission[], days: '' },
    validate: {
      name: (value) => (value.trim() === '' ? t('rule.name') : null),
      scopes: (value) => (value.length === 0 ? t('rule.scopes') : null),
    },
  });
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(({ name, scopes, days }) => {
        setError(null);
        create.mutate({ name: name.trim(), scopes, ...expiryIn(days) }, { onSuccess: onCreated, onError: (failure) => setError(applyProblem(form, failure)) });
      })}
    >
      <Stack>
        <TextInput data-autofocus label={t('field.keyName')} placeholder={t('field.keyExample')} maxLength={120} {...form.getInputProps('name')} />
        <Checkbox.Group label={t('field.scopes')} description={t('field.scopesHint')} {...form.getInputProps('scopes')}>
          <div className={classes.scopes} style={{ marginTop: 8 }}>
            {offered.map((scope) => (
              <Checkbox key={scope} value={scope} label={t(`permission.${scope.replace(':', '_')}`)} description={scope} />
            ))}
          </div>
        </Checkbox.Group>
        <NativeSelect
          label={t('field.expires')}
          maw={260}
          data={DAYS.map((value) => ({ value, label: value === '' ? t('apiKeys.never') : t('apiKeys.days', { count: Number(value) }) }))}
          {...form.getInputProps('days')}
        />
        <FormError error={error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {t('common:action.create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
