import type { Agent } from '@frontdesk/api-client';
import { Badge, Button, Card, Group, Skeleton, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Bot, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { AgentBadge } from '../../ui/StatusBadge';
import { TimeText } from '../../ui/TimeText';
import classes from './Agents.module.css';
import { AgentMenu } from './AgentMenu';
import { NewAgentDialog } from './NewAgentDialog';
import { agentsQuery } from './queries';
import { agentsRoute } from './routes';

export function AgentsPage() {
  const { t } = useTranslation('agents');
  const { archived = false } = agentsRoute.useSearch();
  const navigate = useNavigate();
  const mayWrite = useCan('agents:write');
  const agents = useQuery(agentsQuery(archived));
  const [creating, setCreating] = useState(false);
  const add = mayWrite && (
    <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setCreating(true)}>
      {t('new')}
    </Button>
  );
  return (
    <PageBody>
      <PageHeader
        title={t('title')}
        subtitle={t('subtitle')}
        actions={
          <>
            <Switch
              label={t('showArchived')}
              checked={archived}
              mr="xs"
              onChange={(event) => void navigate({ to: '/agents', search: event.currentTarget.checked ? { archived: true } : {}, replace: true })}
            />
            {add}
          </>
        }
      />
      {agents.data === undefined ? (
        agents.isError ? (
          <Card>
            <ErrorState error={agents.error} onRetry={() => void agents.refetch()} />
          </Card>
        ) : (
          <div className={classes.grid} role="status" aria-label={t('common:state.loading')}>
            {[0, 1, 2].map((index) => (
              <Skeleton key={index} height={172} radius="lg" />
            ))}
          </div>
        )
      ) : agents.data.length === 0 ? (
        <Card>
          <EmptyState icon={Bot} title={t('empty.title')} text={t('empty.text')} action={add} />
        </Card>
      ) : (
        <ul className={classes.grid}>
          {agents.data.map((agent) => (
            <li key={agent.id}>
              <AgentCard agent={agent} mayWrite={mayWrite} />
            </li>
          ))}
        </ul>
      )}
      <NewAgentDialog opened={creating} onClose={() => setCreating(false)} />
    </PageBody>
  );
}

function AgentCard({ agent, mayWrite }: { agent: Agent; mayWrite: boolean }) {
  const { t } = useTranslation('agents');
  return (
    <Card className={classes.card} pos="relative">
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <span className={classes.face}>
          <Bot size={20} aria-hidden />
        </span>
        <div style={{ flex: 1, minWidth: 0 }}>
          <h2 style={{ margin: 0, fontSize: 'var(--mantine-font-size-md)', overflowWrap: 'anywhere' }}>
            <Link to="/agents/$agentId" params={{ agentId: agent.id }} className={classes.open}>
              {agent.name}
            </Link>
          </h2>
          <AgentFacts agent={agent} />
        </div>
        {mayWrite && (
          <span style={{ position: 'relative', zIndex: 1 }}>
            <AgentMenu agent={agent} />
          </span>
        )}
      </Group>
      <Text size="sm" c="dimmed" lineClamp={2} style={{ flex: 1 }}>
        {agent.draft.greeting === '' ? t('noGreeting') : agent.draft.greeting}
      </Text>
      <Text size="xs" c="dimmed">
        {t('changed')} <TimeText at={agent.updated_at} />
      </Text>
    </Card>
  );
}

/** Its state, version and what is not published yet, as badges. */
export function AgentFacts({ agent }: { agent: Agent }) {
  const { t } = useTranslation('agents');
  const number = agent.published_number;
  return (
    <Group gap={6} mt={6}>
      <AgentBadge state={agent.state} />
      {agent.is_default && <Badge color="brand">{t('default')}</Badge>}
      <Badge color="gray">{typeof number === 'number' ? t('version', { number }) : t('unpublished')}</Badge>
      {agent.has_changes && typeof number === 'number' && <Badge color="orange">{t('hasChanges')}</Badge>}
    </Group>
  );
}
