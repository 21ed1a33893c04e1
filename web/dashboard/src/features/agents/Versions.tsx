import type { Agent, AgentVersion } from '@frontdesk/api-client';
import { Badge, Button, Group, NativeSelect, Skeleton, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { History, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMembers } from '../../app/session';
import { ConfirmButton } from '../../ui/ConfirmButton';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { Panel } from '../../ui/Panel';
import { TimeText } from '../../ui/TimeText';
import { notifyDone } from '../../ui/toast';
import classes from './Agents.module.css';
import { Changes } from './Changes';
import { rollBack, versionsQuery } from './queries';

export function Versions({ agent, mayWrite }: { agent: Agent; mayWrite: boolean }) {
  const { t } = useTranslation('agents');
  const versions = useInfiniteQuery(versionsQuery(agent.id));
  const list = versions.data?.pages.flatMap((page) => page.items);
  return (
    <Stack>
      <Panel title={t('section.versions')} text={t('versions.text')}>
        {list === undefined ? (
          versions.isError ? (
            <ErrorState compact error={versions.error} onRetry={() => void versions.refetch()} />
          ) : (
            <Skeleton height={160} />
          )
        ) : list.length === 0 ? (
          <EmptyState compact icon={History} title={t('versions.none')} text={t('versions.noneText')} />
        ) : (
          <>
            <ul className={classes.rows}>
              {list.map((version) => (
                <li key={version.id} className={classes.row}>
                  <Version agent={agent} version={version} mayWrite={mayWrite} />
                </li>
              ))}
            </ul>
            {versions.hasNextPage && (
              <Button mt="sm" variant="default" fullWidth loading={versions.isFetchingNextPage} onClick={() => void versions.fetchNextPage()}>
                {t('common:action.loadMore')}
              </Button>
            )}
          </>
        )}
      </Panel>
      {list !== undefined && list.length > 0 && <Compare agent={agent} versions={list} />}
    </Stack>
  );
}

function Version({ agent, version, mayWrite }: { agent: Agent; version: AgentVersion; mayWrite: boolean }) {
  const { t } = useTranslation('agents');
  const members = useMembers();
  const current = version.id === agent.published_version;
  const who = typeof version.published_by === 'string' ? members.get(version.published_by)?.name : undefined;
  return (
    <>
      <div style={{ flex: 1, minWidth: 0 }}>
        <Group gap={8}>
          <Text size="sm" fw={600}>
            {t('version', { number: version.number })}
          </Text>
          {current && <Badge color="teal">{t('versions.current')}</Badge>}
        </Group>
        {version.note !== '' && (
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {version.note}
          </Text>
        )}
        <Text size="xs" c="dimmed">
          {who === undefined ? '' : `${who} · `}
          <TimeText at={version.created_at} as="datetime" />
        </Text>
      </div>
      {mayWrite && !current && (
        <ConfirmButton
          color="brand"
          variant="default"
          size="xs"
          leftSection={<RotateCcw size={14} aria-hidden />}
          title={t('rollBack.title', { number: version.number })}
          text={t('rollBack.text')}
          confirm={t('rollBack.confirm')}
          onConfirm={async () => {
            await rollBack(agent.id, version.number);
            notifyDone(t('rollBack.done', { number: version.number }));
          }}
        >
          {t('rollBack.button')}
        </ConfirmButton>
      )}
    </>
  );
}

function Compare({ agent, versions }: { agent: Agent; versions: readonly AgentVersion[] }) {
  const { t } = useTranslation('agents');
  const numbers = versions.map((version) => String(version.number));
  const [from, setFrom] = useState(numbers[1] ?? numbers[0] ?? '1');
  const [to, setTo] = useState(numbers.length > 1 ? (numbers[0] ?? 'draft') : 'draft');
  const options = [
    { value: 'draft', label: t('diff.draft') },
    ...numbers.map((value) => ({ value, label: t('version', { number: value }) })),
  ];
  return (
    <Panel title={t('diff.title')}>
      <Group mb="sm" gap="sm">
        <NativeSelect label={t('diff.from')} data={options} value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
        <NativeSelect label={t('diff.to')} data={options} value={to} onChange={(event) => setTo(event.currentTarget.value)} />
      </Group>
      <Changes agentId={agent.id} from={from} to={to} />
    </Panel>
  );
}
