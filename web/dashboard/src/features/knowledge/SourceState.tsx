import type { Source } from '@frontdesk/api-client';
import { Progress, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { SourceBadge } from '../../ui/StatusBadge';

interface SourceStateProps {
  source: Source;
  /** How many lines of an explanation are shown. */
  lines?: number;
}

/** Where a source is: its status, how far it has come while it is read, and why it failed. */
export function SourceState({ source, lines }: SourceStateProps) {
  const { t } = useTranslation('knowledge');
  const busy = source.status === 'processing' || source.status === 'queued';
  return (
    <div style={{ minWidth: busy ? 140 : 0, maxWidth: 320, display: 'inline-block' }}>
      <SourceBadge status={source.status} />
      {busy && (
        <>
          <Progress
            mt={8}
            size="sm"
            value={source.progress}
            animated={source.status === 'processing'}
            aria-label={t('state.progress', { title: source.title })}
          />
          <Text size="xs" c="dimmed" mt={4}>
            {source.stage}
            {source.status === 'processing' ? ` · ${String(source.progress)}%` : ''}
          </Text>
        </>
      )}
      {source.status === 'failed' && typeof source.error === 'string' && (
        <Text size="xs" c="var(--text-danger)" mt={4} {...(lines === undefined ? {} : { lineClamp: lines })}>
          {source.error}
        </Text>
      )}
    </div>
  );
}
