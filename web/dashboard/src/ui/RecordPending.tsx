import { Card, Skeleton, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ErrorState } from './ErrorState';
import { PageBody } from './PageBody';
import { PageHeader } from './PageHeader';

interface RecordPendingProps {
  /** What such records are called, while the name of this one is not known. */
  title: string;
  query: { isError: boolean; error: unknown; refetch: () => unknown };
}

/** The page of one record while it is on its way, or when it could not be read. */
export function RecordPending({ title, query }: RecordPendingProps) {
  const { t } = useTranslation();
  return (
    <PageBody>
      <PageHeader title={title} />
      {query.isError ? (
        <Card>
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        </Card>
      ) : (
        <Stack role="status" aria-label={t('state.loading')}>
          <Skeleton height={40} width="50%" />
          <Skeleton height={360} radius="lg" />
        </Stack>
      )}
    </PageBody>
  );
}
