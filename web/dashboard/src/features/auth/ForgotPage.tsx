import { Stack, Text, TextInput, ThemeIcon, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { MailCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { applyProblem } from '../../ui/FormError';
import { AuthForm } from './AuthForm';
import { DoorLink } from './DoorLink';
import { emailRule } from './rules';

export function ForgotPage() {
  const { t } = useTranslation('auth');
  const [error, setError] = useState<unknown>(null);
  const form = useForm({ mode: 'uncontrolled', initialValues: { email: '' }, validate: { email: emailRule(t) } });
  const ask = useMutation({
    meta: { inline: true },
    mutationFn: (email: string) => api.post('/auth/password/forgot', { email }, { anonymous: true }),
    onError: (failure) => setError(applyProblem(form, failure)),
  });

  if (ask.isSuccess) {
    return (
      <Stack gap="sm" role="status">
        <ThemeIcon variant="light" size={48} radius="xl">
          <MailCheck size={22} aria-hidden />
        </ThemeIcon>
        <Title order={1} fz="1.5rem">
          {t('forgot.sentTitle')}
        </Title>
        <Text c="dimmed">{t('forgot.sentText', { email: ask.variables })}</Text>
        <DoorLink to="/sign-in">{t('forgot.back')}</DoorLink>
      </Stack>
    );
  }
  return (
    <AuthForm
      title={t('forgot.title')}
      text={t('forgot.text')}
      submit={t('forgot.submit')}
      pending={ask.isPending}
      error={error}
      onSubmit={form.onSubmit(({ email }) => {
        setError(null);
        ask.mutate(email.trim());
      })}
      footer={<DoorLink to="/sign-in">{t('forgot.back')}</DoorLink>}
    >
      <TextInput label={t('field.email')} type="email" autoComplete="email" size="md" key={form.key('email')} {...form.getInputProps('email')} />
    </AuthForm>
  );
}
