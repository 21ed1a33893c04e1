// How an answer came about: what thought, what it understood, what it did and what it read.

import type { Passage, ToolCallRecord, TurnRecord } from '@frontdesk/api-client';
import { Badge, Group, Text } from '@mantine/core';
import { CircleCheck, CircleX, ShieldCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import classes from './Agents.module.css';

export function Reasons({ turn, passages }: { turn: TurnRecord; passages: readonly Passage[] }) {
  const { t, i18n } = useTranslation('agents');
  const number = new Intl.NumberFormat(i18n.language);
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent' });
  const brain = turn.brain === 'builtin' ? t('reason.builtIn') : turn.brain;
  return (
    <details className={classes.reason}>
      <summary>
        {[
          brain,
          typeof turn.intent === 'string'
            ? `${turn.intent.replaceAll('_', ' ')}${typeof turn.confidence === 'number' ? ` ${percent.format(turn.confidence)}` : ''}`
            : null,
          t('reason.took', { ms: number.format(turn.total_ms) }),
          turn.tool_calls.length > 0 ? t('reason.tools', { count: turn.tool_calls.length }) : null,
        ]
          .filter((part) => part !== null)
          .join(' · ')}
      </summary>
      <div className={classes.inside}>
        <Group gap={6}>
          <Badge color="brand">{brain}</Badge>
          {turn.input_tokens + turn.output_tokens > 0 && (
            <Badge color="gray">{t('reason.tokens', { in: number.format(turn.input_tokens), out: number.format(turn.output_tokens) })}</Badge>
          )}
          {turn.cost_micros > 0 && (
            <Badge color="gray">
              {new Intl.NumberFormat(i18n.language, { style: 'currency', currency: 'USD', maximumFractionDigits: 6 }).format(turn.cost_micros / 1_000_000)}
            </Badge>
          )}
          {typeof turn.first_word_ms === 'number' && <Badge color="gray">{t('reason.firstWord', { ms: number.format(turn.first_word_ms) })}</Badge>}
          {turn.guarded > 0 && (
            <Badge color="orange" leftSection={<ShieldCheck size={12} aria-hidden />}>
              {t('reason.guarded', { count: turn.guarded })}
            </Badge>
          )}
        </Group>
        {typeof turn.fallback_reason === 'string' && (
          <Text size="xs" c="var(--text-warning)">
            {t('reason.fallback', { why: turn.fallback_reason })}
          </Text>
        )}
        {turn.tool_calls.map((call) => (
          <ToolCall key={call.id} call={call} />
        ))}
        {passages.length > 0 && (
          <div>
            <Text size="xs" fw={600} mb={4}>
              {t('reason.passages')}
            </Text>
            {passages.map((passage) => (
              <details key={passage.chunk_id} className={classes.box} style={{ marginBottom: 4 }}>
                <summary>
                  {passage.title}
                  {passage.place === '' ? '' : ` · ${passage.place}`} ·{' '}
                  <span className="tabular">{new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 3 }).format(passage.score)}</span>
                </summary>
                <Text size="xs" mt={4} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
                  {passage.text}
                </Text>
              </details>
            ))}
          </div>
        )}
      </div>
    </details>
  );
}

function ToolCall({ call }: { call: ToolCallRecord }) {
  const { t, i18n } = useTranslation('agents');
  const name = i18n.exists(`agents:tool.${call.tool}.name`) ? t(`tool.${call.tool}.name`) : call.tool.replaceAll('_', ' ');
  const Icon = call.ok ? CircleCheck : CircleX;
  return (
    <details className={classes.box}>
      <summary>
        <Icon size={12} aria-hidden style={{ verticalAlign: -2, color: call.ok ? 'var(--text-success)' : 'var(--text-danger)' }} /> {name}
        {' · '}
        {call.ok ? t('reason.done') : t('reason.refused')}
        {' · '}
        {t('reason.took', { ms: call.latency_ms })}
      </summary>
      <Text size="xs" fw={600} mt={6}>
        {t('reason.arguments')}
      </Text>
      <pre className={classes.code}>{JSON.stringify(call.arguments, null, 2)}</pre>
      <Text size="xs" fw={600} mt={6}>
        {t('reason.result')}
      </Text>
      <pre className={classes.code}>{JSON.stringify(call.result, null, 2)}</pre>
      {typeof call.receipt === 'string' && (
        <Text size="xs" mt={6}>
          {t('reason.receipt')} <code>{call.receipt}</code>
        </Text>
      )}
    </details>
  );
}
