import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../ui/Panel';
import { notifyDone } from '../../ui/toast';
import { AddSource } from '../knowledge/AddSourceDialog';
import { KindIcon } from '../knowledge/kinds';
import { sourcesQuery } from '../knowledge/queries';
import { SourceState } from '../knowledge/SourceState';

/** What the agent answers from. */
export function KnowledgeStep() {
  const { t } = useTranslation('onboarding');
  const sources = useQuery(sourcesQuery({})).data?.items ?? [];
  const [round, setRound] = useState(0);
  return (
    <Panel title={t('knowledge.title')} text={t('knowledge.text')}>
      <AddSource
        key={round}
        onAdded={() => {
          notifyDone(t('knowledge.added'));
          setRound(round + 1);
        }}
      />
      {sources.length > 0 && (
        <ul style={{ margin: '24px 0 0', padding: 0, listStyle: 'none' }} aria-label={t('knowledge.list')}>
          {sources.slice(0, 6).map((source) => (
            <li key={source.id} style={{ padding: '8px 0', borderTop: '1px solid var(--border)' }}>
              <Group justify="space-between" gap="sm">
                <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
                  <KindIcon kind={source.kind} />
                  <Text size="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>
                    {source.title}
                  </Text>
                </Group>
                <SourceState source={source} lines={3} />
              </Group>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
