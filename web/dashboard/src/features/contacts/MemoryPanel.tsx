import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ConfirmButton } from '../../ui/ConfirmButton';
import { ErrorState } from '../../ui/ErrorState';
import { Panel } from '../../ui/Panel';
import { TimeText } from '../../ui/TimeText';
import { Facts } from '../inbox/Facts';
import { eraseMemory, memoryQuery } from './queries';

/** What agents remember of a person across conversations: seen, corrected, erased. */
export function MemoryPanel({ contactId, readOnly }: { contactId: string; readOnly: boolean }) {
  const { t } = useTranslation('contacts');
  const memory = useQuery(memoryQuery(contactId));
  const empty = memory.data === undefined || (memory.data.facts.length === 0 && (memory.data.last_summary ?? '') === '');
  return (
    <Panel
      title={t('memory.title')}
      text={t('memory.text')}
      action={
        !readOnly &&
        !empty && (
          <ConfirmButton size="xs" title={t('memory.eraseTitle')} text={t('memory.eraseText')} confirm={t('memory.erase')} onConfirm={() => eraseMemory(contactId)}>
            {t('memory.eraseAll')}
          </ConfirmButton>
        )
      }
    >
      {memory.data === undefined ? (
        memory.isError ? (
          <ErrorState compact error={memory.error} onRetry={() => void memory.refetch()} />
        ) : (
          <Skeleton height={80} />
        )
      ) : (
        <>
          <Facts contactId={contactId} facts={memory.data.facts} readOnly={readOnly} />
          {(memory.data.last_summary ?? '') !== '' && (
            <>
              <Text size="sm" fw={600} mt="md">
                {t('memory.last')}
              </Text>
              <Text size="sm">{memory.data.last_summary}</Text>
              {typeof memory.data.last_conversation_at === 'string' && <TimeText at={memory.data.last_conversation_at} as="datetime" size="xs" c="dimmed" />}
            </>
          )}
          <Text size="xs" c="dimmed" mt="sm">
            {t('memory.conversations', { count: memory.data.conversations })}
          </Text>
        </>
      )}
    </Panel>
  );
}
