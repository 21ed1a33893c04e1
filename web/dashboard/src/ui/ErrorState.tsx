import { isProblem, type ProblemKind } from '@frontdesk/api-client';
import { Button, Code, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { CircleSlash, CloudOff, LockKeyhole, RotateCw, TriangleAlert, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { problemText } from './toast';

const ICONS: Partial<Record<ProblemKind, LucideIcon>> = {
  offline: CloudOff,
  unavailable: CloudOff,
  forbidden: LockKeyhole,
  'not-found': CircleSlash,
};

interface ErrorStateProps {
  /** 1 where it stands for the whole page, so that the page has its one main heading. */
  level?: 1 | 2;
  error: unknown;
  onRetry?: () => void;
  compact?: boolean;
}

/** Something could not be shown: what happened, why, and what to do next. */
export function ErrorState({ error, onRetry, compact = false, level = 2 }: ErrorStateProps) {
  const { t } = useTranslation();
  const kind: ProblemKind = isProblem(error) ? error.kind : 'internal';
  const Icon = ICONS[kind] ?? TriangleAlert;
  const requestId = isProblem(error) ? error.requestId : undefined;
  return (
    <Stack align="center" gap="xs" py={compact ? 'lg' : 56} px="md" ta="center" role="alert">
      <ThemeIcon variant="light" color="red" size={compact ? 36 : 48} radius="xl">
        <Icon size={compact ? 18 : 22} aria-hidden />
      </ThemeIcon>
      <Title order={level} size={compact ? 'h3' : 'h2'}>
        {t(`problemTitle.${kind}`)}
      </Title>
      <Text c="dimmed" size="sm" maw={460}>
        {problemText(error)}
      </Text>
      {onRetry !== undefined && kind !== 'not-found' && kind !== 'forbidden' && (
        <Button variant="default" leftSection={<RotateCw size={16} aria-hidden />} onClick={onRetry}>
          {t('action.retry')}
        </Button>
      )}
      {requestId !== undefined && (
        <Text c="dimmed" size="xs">
          {t('problem.reference')} <Code>{requestId}</Code>
        </Text>
      )}
    </Stack>
  );
}
