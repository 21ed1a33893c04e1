import { Checkbox, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface NotifyFieldProps {
  /** Where the customer is told; absent when there is no address. */
  email: string | null | undefined;
  value: boolean;
  onChange: (notify: boolean) => void;
  /** What they get, in a sentence. */
  text: string;
  /** The message itself, to be looked at. */
  children?: ReactNode;
}

/** Whether the customer is told, and what. */
export function NotifyField({ email, value, onChange, text, children }: NotifyFieldProps) {
  const { t } = useTranslation('booking');
  if (typeof email !== 'string' || email === '') {
    return (
      <Text size="sm" c="dimmed">
        {t('mail.noAddress')}
      </Text>
    );
  }
  return (
    <div>
      <Checkbox label={t('mail.notify')} description={value ? text : t('mail.silent')} checked={value} onChange={(event) => onChange(event.currentTarget.checked)} />
      {value && children !== undefined && <div style={{ margin: '6px 0 0 32px' }}>{children}</div>}
    </div>
  );
}
