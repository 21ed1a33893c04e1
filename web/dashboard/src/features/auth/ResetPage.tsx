import { PasswordInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { applyProblem } from '../../ui/FormError';
import { notifyDone } from '../../ui/toast';
import { AuthForm } from './AuthForm';
import { DoorLink } from './DoorLink';
import { resetRoute } from './routes';
import { PASSWORD_LENGTH, passwordRule } from './rules';

export function ResetPage() {
  const { t } = useTranslation('auth');
  const { token } = resetRoute.useParams();
  const navigate = useNavigate();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({ mode: 'uncontrolled', initialValues: { password: '' }, validate: { password: passwordRule(t) } });
  const reset = useMutation({
    meta: { inline: true },
    mutationFn: (password: string) => api.post('/auth/password/reset', { token, password }, { anonymous: true }),
    onSuccess: async () => {
      notifyDone(t('reset.done'));
      await navigate({ to: '/sign-in' });
    },
    onError: (failure) => setError(applyProblem(form, failure)),
  });

  return (
    <AuthForm
      title={t('reset.title')}
      text={t('reset.text')}
      submit={t('reset.submit')}
      pending={reset.isPending}
      error={error}
      onSubmit={form.onSubmit(({ password }) => {
        setError(null);
        reset.mutate(password);
      })}
      footer={<DoorLink to="/forgot-password">{t('reset.again')}</DoorLink>}
    >
      <PasswordInput
        label={t('field.newPassword')}
        description={t('field.passwordHint', { count: PASSWORD_LENGTH })}
        autoComplete="new-password"
        size="md"
        key={form.key('password')}
        {...form.getInputProps('password')}
      />
    </AuthForm>
  );
}
