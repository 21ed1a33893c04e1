import { isProblem, type InvitationPreview, type Me } from '@frontdesk/api-client';
import { Badge, Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { ErrorState } from '../../ui/ErrorState';
import { applyProblem, FormError } from '../../ui/FormError';
import { PageLoading } from '../../ui/PageLoading';
import { useDocumentTitle } from '../../ui/PageHeader';
import { AuthForm } from './AuthForm';
import { DoorLink } from './DoorLink';
import { invitationRoute } from './routes';
import { PASSWORD_LENGTH, passwordRule, requiredRule } from './rules';
import { useEnter } from './useEnter';

export function InvitationPage() {
  const { t } = useTranslation('auth');
  const { token } = invitationRoute.useParams();
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => api.get<InvitationPreview>(`/invitations/${encodeURIComponent(token)}`, { anonymous: true }),
  });
  const me = useQuery({
    queryKey: keys.me,
    // Being signed out is an answer here, not an error.
    queryFn: async () => {
      try {
        return await api.get<Me>('/auth/me', { anonymous: true });
      } catch (error) {
        if (isProblem(error) && error.kind === 'unauthenticated') return null;
        throw error;
      }
    },
    staleTime: 0,
  });

  if (invitation.isPending || me.isPending) return <PageLoading />;
  if (invitation.isError) {
    return (
      <>
        <ErrorState error={invitation.error} level={1} />
        <Text ta="center" c="dimmed">
          {t('invitation.gone')} <DoorLink to="/sign-in">{t('invitation.signIn')}</DoorLink>
        </Text>
      </>
    );
  }
  const known = me.data ?? null;
  if (known !== null && known.user.email === invitation.data.email) {
    return <Join token={token} invitation={invitation.data} name={known.user.name} />;
  }
  return <Register token={token} invitation={invitation.data} />;
}

interface InvitationProps {
  token: string;
  invitation: InvitationPreview;
}

/** For somebody who is signed in as the invited person already. */
function Join({ token, invitation, name }: InvitationProps & { name: string }) {
  const { t } = useTranslation('auth');
  const enter = useEnter();
  const title = t('invitation.title', { workspace: invitation.workspace });
  useDocumentTitle(title);
  const join = useMutation({
    meta: { inline: true },
    mutationFn: () => api.post<Me>(`/invitations/${encodeURIComponent(token)}/accept`, {}),
    onSuccess: (me) => enter(me),
  });
  return (
    <Stack gap="md">
      <Title order={1} fz="1.5rem">
        {title}
      </Title>
      <InvitedAs invitation={invitation} />
      <FormError error={join.error} />
      <Button size="md" loading={join.isPending} onClick={() => join.mutate()}>
        {t('invitation.joinAs', { name })}
      </Button>
    </Stack>
  );
}

/** For somebody who is not signed in: their password, or a name and a new one where the address has no account. */
function Register({ token, invitation }: InvitationProps) {
  const { t } = useTranslation('auth');
  const enter = useEnter();
  const [error, setError] = useState<unknown>(null);
  const known = invitation.has_account;
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { name: '', password: '' },
    validate: known
      ? { password: requiredRule(t('field.passwordMissing')) }
      : { name: requiredRule(t('field.nameMissing')), password: passwordRule(t) },
  });
  const accept = useMutation({
    meta: { inline: true },
    mutationFn: ({ name, password }: { name: string; password: string }) =>
      api.post<Me>(`/invitations/${encodeURIComponent(token)}/accept`, known ? { password } : { name, password }, { anonymous: true }),
    onSuccess: (me) => enter(me),
    onError: (failure) => setError(applyProblem(form, failure)),
  });
  return (
    <AuthForm
      title={t('invitation.title', { workspace: invitation.workspace })}
      text={<InvitedAs invitation={invitation} />}
      submit={t('invitation.submit')}
      pending={accept.isPending}
      error={error}
      onSubmit={form.onSubmit((values) => {
        setError(null);
        accept.mutate(values);
      })}
      footer={known ? <DoorLink to="/forgot-password">{t('invitation.forgot')}</DoorLink> : undefined}
    >
      <TextInput label={t('field.email')} value={invitation.email} readOnly size="md" autoComplete="username" />
      {!known && <TextInput label={t('field.name')} autoComplete="name" size="md" key={form.key('name')} {...form.getInputProps('name')} />}
      <PasswordInput
        label={t(known ? 'field.password' : 'field.newPassword')}
        description={known ? undefined : t('field.passwordHint', { count: PASSWORD_LENGTH })}
        autoComplete={known ? 'current-password' : 'new-password'}
        size="md"
        key={form.key('password')}
        {...form.getInputProps('password')}
      />
    </AuthForm>
  );
}

function InvitedAs({ invitation }: { invitation: InvitationPreview }) {
  const { t } = useTranslation(['auth', 'common']);
  return (
    <span>
      {t('auth:invitation.as')} <Badge>{t(`common:role.${invitation.role}`)}</Badge>
    </span>
  );
}
