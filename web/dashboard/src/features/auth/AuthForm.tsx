import { Button, Stack, Text, Title } from '@mantine/core';
import type { ReactNode, SubmitEvent } from 'react';
import { FormError } from '../../ui/FormError';
import { useDocumentTitle } from '../../ui/PageHeader';

interface AuthFormProps {
  title: string;
  text?: ReactNode;
  submit: string;
  pending: boolean;
  error: unknown;
  onSubmit: (event?: SubmitEvent<HTMLFormElement>) => void;
  children: ReactNode;
  /** Links to the neighbouring pages. */
  footer?: ReactNode;
}

/** The shape all forms at the door share. */
export function AuthForm({ title, text, submit, pending, error, onSubmit, children, footer }: AuthFormProps) {
  useDocumentTitle(title);
  return (
    <form onSubmit={onSubmit} noValidate>
      <Title order={1} mb={4} fz="1.5rem">
        {title}
      </Title>
      {text !== undefined && (
        <Text c="dimmed" mb="lg" component="div">
          {text}
        </Text>
      )}
      <Stack gap="md">
        {children}
        <FormError error={error} />
        <Button type="submit" size="md" loading={pending} fullWidth>
          {submit}
        </Button>
      </Stack>
      {footer !== undefined && (
        <Text c="dimmed" mt="lg" component="div">
          {footer}
        </Text>
      )}
    </form>
  );
}
