// What came of a workflow: how far contacts came, why it ended for them, and what became of its messages.

import type { EndReason, FunnelStep, MessageStatus, Workflow } from '@frontdesk/api-client';
import { Card, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChartNoAxesColumnDecreasing } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { MESSAGE_LOOKS } from '../../ui/MessageBadge';
import { Panel } from '../../ui/Panel';
import { cameTo, PARTS, percent, shareOf } from './funnel';
import { funnelQuery } from './queries';
import { useSay } from './say';
import classes from './Workflows.module.css';

export function FunnelTab({ workflow }: { workflow: Workflow }) {
  const { t, i18n } = useTranslation('workflows');
  const funnel = useQuery(funnelQuery(workflow.id));
  const number = (value: number) => new Intl.NumberFormat(i18n.language).format(value);
  if (funnel.data === undefined) {
    return (
      <Card>
        {funnel.isError ? (
          <ErrorState error={funnel.error} onRetry={() => void funnel.refetch()} />
        ) : (
          <Stack role="status" aria-label={t('common:state.loading')}>
            <Skeleton height={64} />
            <Skeleton height={240} />
          </Stack>
        )}
      </Card>
    );
  }
  const { entered, active, won, steps, ended, messages } = funnel.data;
  if (entered === 0) {
    return (
      <Card>
        <EmptyState icon={ChartNoAxesColumnDecreasing} title={t('funnel.none')} text={t('funnel.noneText')} />
      </Card>
    );
  }
  const sent = messages.filter(({ count }) => count > 0);
  const over = ended.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
  const share = new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 0 }).format(won / entered);
  return (
    <Stack>
      <dl className={classes.figures}>
        <Figure label={t('column.entered')} value={number(entered)} />
        <Figure label={t('column.active')} value={number(active)} />
        <Figure label={t(`goal.won.${workflow.settings.goal}`)} value={number(won)} detail={t('funnel.share', { share })} />
        <Figure label={t('funnel.messages')} value={number(messages.reduce((sum, { count }) => sum + count, 0))} />
      </dl>
      <Panel title={t('funnel.steps')} text={t('funnel.stepsText')}>
        <StepBars workflow={workflow} steps={steps} entered={entered} number={number} />
      </Panel>
      <div className={classes.halves}>
        <Panel title={t('funnel.ended')}>
          {over.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t('funnel.endedNone')}
            </Text>
          ) : (
            <Bars<EndReason> rows={over.map(({ reason, count }) => ({ key: reason, name: t(`reason.${reason}`), count }))} number={number} />
          )}
        </Panel>
        <Panel title={t('funnel.outbox')}>
          {sent.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t('funnel.outboxNone')}
            </Text>
          ) : (
            <Bars<MessageStatus> rows={sent.map(({ status, count }) => ({ key: status, name: t(`common:status.message.${status}`), count, color: MESSAGE_LOOKS[status].color }))} number={number} />
          )}
        </Panel>
      </div>
    </Stack>
  );
}

function Figure({ label, value, detail }: { label: string; value: string; detail?: string }) {
  return (
    <div className={classes.figure}>
      <dt>{label}</dt>
      <dd>
        {value}
        {detail !== undefined && (
          <Text size="xs" c="dimmed" fw={400}>
            {detail}
          </Text>
        )}
      </dd>
    </div>
  );
}

interface StepBarsProps {
  workflow: Workflow;
  steps: readonly FunnelStep[];
  entered: number;
  number: (value: number) => string;
}

function StepBars({ workflow, steps, entered, number }: StepBarsProps) {
  const { t } = useTranslation('workflows');
  const say = useSay();
  const shown = PARTS.filter((part) => steps.some((step) => step[part] > 0));
  return (
    <>
      <ol className={classes.bars}>
        {steps.map((step) => {
          const came = cameTo(step, entered);
          const parts = PARTS.filter((part) => step[part] > 0);
          return (
            <li key={step.step}>
              <div className={classes.barHead}>
                <Link to="/workflows/$workflowId" params={{ workflowId: workflow.id }} search={{ tab: 'people', step: step.step }} className={classes.name}>
                  {say.place(workflow.settings.steps, step.step)}
                </Link>
                <span className="tabular">{number(came)}</span>
              </div>
              <div className={classes.bar} aria-hidden>
                {parts.map((part) => (
                  <span key={part} data-part={part} style={{ width: `${String(shareOf(step, part, entered))}%` }} />
                ))}
              </div>
              <Text size="xs" c="dimmed">
                {parts.length === 0 ? t('funnel.nobody') : parts.map((part) => t(`funnel.part.${part}`, { count: step[part], shown: number(step[part]) })).join(' · ')}
              </Text>
            </li>
          );
        })}
      </ol>
      {shown.length > 0 && (
        <ul className={classes.legend} aria-hidden>
          {shown.map((part) => (
            <li key={part}>
              <span data-part={part} />
              {t(`funnel.legend.${part}`)}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

interface BarsProps<Key extends string> {
  rows: readonly { key: Key; name: string; count: number; color?: string }[];
  number: (value: number) => string;
}

function Bars<Key extends string>({ rows, number }: BarsProps<Key>) {
  const most = Math.max(1, ...rows.map(({ count }) => count));
  return (
    <ul className={classes.bars}>
      {rows.map(({ key, name, count, color = 'brand' }) => (
        <li key={key}>
          <div className={classes.barHead}>
            <span>{name}</span>
            <span className="tabular">{number(count)}</span>
          </div>
          <div className={classes.bar} aria-hidden>
            <span style={{ width: `${String(percent(count, most))}%`, background: `var(--mantine-color-${color}-6)` }} />
          </div>
        </li>
      ))}
    </ul>
  );
}
