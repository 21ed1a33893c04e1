import type { Me } from '@frontdesk/api-client';
import { PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { applyProblem } from '../../ui/FormError';
import { AuthForm } from './AuthForm';
import { DoorLink } from './DoorLink';
import { PASSWORD_LENGTH, emailRule, passwordRule, requiredRule } from './rules';
import { useEnter } from './useEnter';

export function SignUpPage() {
  const { t } = useTranslation('auth');
  const enter = useEnter();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { name: '', business: '', email: '', password: '' },
    validate: {
      name: requiredRule(t('field.nameMissing')),
      business: requiredRule(t('field.businessMissing')),
      email: emailRule(t),
      password: passwordRule(t),
    },
  });
  const signUp = useMutation({
    meta: { inline: true },
    mutationFn: (values: ReturnType<typeof form.getValues>) =>
      api.post<Me>(
        '/auth/signup',
        { ...values, email: values.email.trim(), zone: Intl.DateTimeFormat().resolvedOptions().timeZone },
        { anonymous: true },
      ),
    onSuccess: (me) => enter(me, '/onboarding'),
    onError: (failure) => setError(applyProblem(form, failure)),
  });

  return (
    <AuthForm
      title={t('signUp.title')}
      text={t('signUp.text')}
      submit={t('signUp.submit')}
      pending={signUp.isPending}
      error={error}
      onSubmit={form.onSubmit((values) => {
        setError(null);
        signUp.mutate(values);
      })}
      footer={
        <>
          {t('signUp.known')} <DoorLink to="/sign-in">{t('signUp.signIn')}</DoorLink>
        </>
      }
    >
      <TextInput label={t('field.name')} autoComplete="name" size="md" key={form.key('name')} {...form.getInputProps('name')} />
      <TextInput label={t('field.business')} autoComplete="organization" size="md" key={form.key('business')} {...form.getInputProps('business')} />
      <TextInput label={t('field.email')} type="email" autoComplete="email" size="md" key={form.key('email')} {...form.getInputProps('email')} />
      <PasswordInput
        label={t('field.password')}
        description={t('field.passwordHint', { count: PASSWORD_LENGTH })}
        autoComplete="new-password"
        size="md"
        key={form.key('password')}
        {...form.getInputProps('password')}
      />
    </AuthForm>
  );
}
