import { isProblem } from '@frontdesk/api-client';
import { Alert, Button, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { CircleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { sentence } from '../../ui/text';
import { problemText } from '../../ui/toast';

/** Why the server does not take it; nothing that was typed is lost. */
export function Refusal({ error }: { error: unknown }) {
  const { t } = useTranslation('messages');
  const mayConnect = useCan('connections:read');
  if (error === null || error === undefined) return null;
  const unconnected = isProblem(error) && error.kind === 'conflict' && /\bChannels\b/u.test(problemText(error));
  return (
    <Alert color="red" role="alert" icon={<CircleAlert size={18} aria-hidden />}>
      <Text size="sm">{sentence(problemText(error))}</Text>
      {unconnected && mayConnect && (
        <Button mt="xs" size="compact-sm" variant="default" renderRoot={(props) => <Link to="/channels" {...props} />}>
          {t('openChannels')}
        </Button>
      )}
    </Alert>
  );
}
