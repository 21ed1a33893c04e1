import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../../ui/ErrorState';
import { Panel } from '../../ui/Panel';
import { agentsQuery } from '../agents/queries';
import { Sandbox } from '../agents/Sandbox';
import classes from './Onboarding.module.css';
import { finishStep } from './steps';

/** Meeting the agent: a conversation with it before customers have one. */
export function AgentStep() {
  const { t } = useTranslation('onboarding');
  const agents = useQuery(agentsQuery(false));
  const agent = agents.data?.find((each) => each.is_default) ?? agents.data?.[0];
  return (
    <Panel title={t('agent.title')} text={t('agent.text')}>
      {agent !== undefined ? (
        <div className={classes.sandbox}>
          <Sandbox agent={agent} onAnswer={() => void finishStep('agent')} />
        </div>
      ) : agents.isError ? (
        <ErrorState compact error={agents.error} onRetry={() => void agents.refetch()} />
      ) : agents.isPending ? (
        <Skeleton height={420} />
      ) : (
        <Text size="sm" c="dimmed">
          {t('agent.none')}
        </Text>
      )}
    </Panel>
  );
}
