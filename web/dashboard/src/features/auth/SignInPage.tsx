import type { Me } from '@frontdesk/api-client';
import { Group, Input, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem, isProblem } from '@frontdesk/api-client';
import { api } from '../../app/api';
import { applyProblem } from '../../ui/FormError';
import { AuthForm } from './AuthForm';
import { DoorLink } from './DoorLink';
import { signInRoute } from './routes';
import { emailRule, requiredRule } from './rules';
import { useEnter } from './useEnter';

export function SignInPage() {
  const { t } = useTranslation('auth');
  const { next } = signInRoute.useSearch();
  const enter = useEnter();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '', password: '' },
    validate: { email: emailRule(t), password: requiredRule(t('field.passwordMissing')) },
  });
  const signIn = useMutation({
    meta: { inline: true },
    mutationFn: (values: { email: string; password: string }) => api.post<Me>('/auth/login', values, { anonymous: true }),
    onSuccess: (me) => enter(me, next),
    onError: (failure) => {
      // Which of the two is wrong is nobody's business but the owner's.
      const refused = isProblem(failure) && failure.kind === 'unauthenticated';
      setError(refused ? new Problem('unauthenticated', 401, { detail: t('signIn.refused') }) : applyProblem(form, failure));
      if (refused) form.getInputNode('password')?.focus();
    },
  });

  return (
    <AuthForm
      title={t('signIn.title')}
      text={t('signIn.text')}
      submit={t('signIn.submit')}
      pending={signIn.isPending}
      error={error}
      onSubmit={form.onSubmit((values) => {
        setError(null);
        signIn.mutate({ ...values, email: values.email.trim() });
      })}
      footer={
        <>
          {t('signIn.new')} <DoorLink to="/sign-up">{t('signIn.signUp')}</DoorLink>
        </>
      }
    >
      <TextInput label={t('field.email')} type="email" autoComplete="email" size="md" key={form.key('email')} {...form.getInputProps('email')} />
      <div>
        <Group justify="space-between" mb={4}>
          <Input.Label htmlFor="password">{t('field.password')}</Input.Label>
          <DoorLink to="/forgot-password" size="sm">
            {t('signIn.forgot')}
          </DoorLink>
        </Group>
        <PasswordInput
          id="password"
          autoComplete="current-password"
          size="md"
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
      </div>
    </AuthForm>
  );
}
