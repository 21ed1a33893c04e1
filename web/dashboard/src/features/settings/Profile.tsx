import type { Me } from '@frontdesk/api-client';
import { Button, Group, NativeSelect, PasswordInput, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { LANGUAGES } from '../../app/i18n';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';
import { useMe } from '../../app/session';
import { usePreferences } from '../../app/shell/preferences';
import { applyProblem, FormError } from '../../ui/FormError';
import { Panel } from '../../ui/Panel';
import { notifyDone } from '../../ui/toast';

const PASSWORD_LENGTH = 10;

function useSaveMe() {
  return useMutation({
    meta: { inline: true },
    mutationFn: (change: { name?: string; password?: string; current_password?: string }) => api.patch<Me>('/auth/me', change),
    onSuccess: (me) => {
      queryClient.setQueryData<Me>(keys.me, me);
    },
  });
}

export function Profile() {
  return (
    <>
      <About />
      <Look />
      <Password />
    </>
  );
}

function About() {
  const { t } = useTranslation('settings');
  const { user } = useMe();
  const save = useSaveMe();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { name: user.name },
    validate: { name: (value) => (value.trim() === '' ? t('rule.name') : null) },
  });
  return (
    <Panel title={t('section.profile')} text={t('profile.text')}>
      <form
        noValidate
        onSubmit={form.onSubmit(({ name }) => {
          setError(null);
          save.mutate(
            { name: name.trim() },
            {
              onSuccess: () => {
                form.resetDirty();
                notifyDone(t('common:state.saved'));
              },
              onError: (failure) => setError(applyProblem(form, failure)),
            },
          );
        })}
      >
        <Stack>
          <TextInput label={t('field.yourName')} description={t('field.yourNameHint')} autoComplete="name" maxLength={120} {...form.getInputProps('name')} />
          <TextInput label={t('field.yourEmail')} value={user.email} readOnly />
          <FormError error={error} />
          <Group justify="flex-end">
            <Button type="submit" disabled={!form.isDirty()} loading={save.isPending}>
              {t('common:action.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}

function Look() {
  const { t } = useTranslation('settings');
  const { user } = useMe();
  const { setLanguage, setScheme } = usePreferences();
  const schemeLabel = useId();
  return (
    <Panel title={t('look.title')} text={t('look.text')}>
      <Stack maw={400}>
        <NativeSelect
          label={t('field.yourLanguage')}
          value={user.language}
          data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
          onChange={(event) => setLanguage(event.currentTarget.value)}
        />
        <div>
          <Text id={schemeLabel} size="sm" fw={550} mb={4}>
            {t('field.yourScheme')}
          </Text>
          <SegmentedControl
            aria-labelledby={schemeLabel}
            fullWidth
            value={user.scheme}
            onChange={(value) => setScheme(value as typeof user.scheme)}
            data={(['auto', 'light', 'dark'] as const).map((value) => ({ value, label: t(`scheme.${value}`) }))}
          />
        </div>
      </Stack>
    </Panel>
  );
}

function Password() {
  const { t } = useTranslation('settings');
  const save = useSaveMe();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { current_password: '', password: '' },
    validate: {
      current_password: (value) => (value === '' ? t('rule.required') : null),
      password: (value) => ([...value].length >= PASSWORD_LENGTH ? null : t('rule.password', { count: PASSWORD_LENGTH })),
    },
  });
  return (
    <Panel title={t('password.title')} text={t('password.text')}>
      <form
        noValidate
        onSubmit={form.onSubmit((values) => {
          setError(null);
          save.mutate(values, {
            onSuccess: () => {
              form.reset();
              notifyDone(t('password.done'));
            },
            onError: (failure) => setError(applyProblem(form, failure)),
          });
        })}
      >
        <Stack maw={400}>
          <PasswordInput label={t('field.currentPassword')} autoComplete="current-password" {...form.getInputProps('current_password')} />
          <PasswordInput
            label={t('field.newPassword')}
            description={t('rule.password', { count: PASSWORD_LENGTH })}
            autoComplete="new-password"
            {...form.getInputProps('password')}
          />
          <FormError error={error} />
          <Group>
            <Button type="submit" loading={save.isPending}>
              {t('password.change')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
