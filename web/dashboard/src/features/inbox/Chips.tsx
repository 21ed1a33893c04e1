// What stands under an answer: the passages it rests on, what the agent did, and how it thought.

import type { Citation, Json, ToolCallRecord, TurnRecord } from '@frontdesk/api-client';
import { Anchor, Code, Group, Popover, Stack, Text, UnstyledButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import {
  BookOpen,
  CircleCheck,
  CircleX,
  Contact,
  DoorOpen,
  Gauge,
  Hand,
  Search,
  Sparkle,
  Wrench,
  type LucideIcon,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Inbox.module.css';

interface ChipProps {
  icon: LucideIcon;
  label: string;
  kind: 'source' | 'tool' | 'failed';
  children: ReactNode;
}

/** A chip that opens what stands behind it. */
function Chip({ icon: Icon, label, kind, children }: ChipProps) {
  return (
    <Popover width={340} position="top-end" withArrow shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton className={classes.chip} data-kind={kind}>
          <Icon size={13} aria-hidden style={{ flex: 'none' }} />
          <span>{label}</span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={label}>{children}</Popover.Dropdown>
    </Popover>
  );
}

export function CitationChips({ citations }: { citations: readonly Citation[] }) {
  const { t } = useTranslation('inbox');
  return citations.map((citation) => (
    <Chip key={`${citation.chunk_id} ${citation.quote}`} icon={BookOpen} label={citation.title} kind="source">
      <Stack gap={6}>
        <Text size="sm" fw={650}>
          {citation.title}
        </Text>
        {citation.place !== '' && (
          <Text size="xs" c="dimmed">
            {citation.place}
          </Text>
        )}
        <Text size="sm" component="blockquote" m={0} pl="sm" style={{ borderLeft: '3px solid var(--mantine-color-brand-5)' }}>
          {citation.quote}
        </Text>
        <Group gap="md">
          <Anchor size="sm" renderRoot={(props) => <Link to="/knowledge/$sourceId" params={{ sourceId: citation.source_id }} {...props} />}>
            {t('chip.openSource')}
          </Anchor>
          {webAddress(citation.url) !== null && (
            <Anchor size="sm" href={webAddress(citation.url) ?? ''} target="_blank" rel="noreferrer">
              {t('chip.openPage')}
            </Anchor>
          )}
        </Group>
      </Stack>
    </Chip>
  ));
}

/** Only addresses of the web: a source must not smuggle in another scheme. */
function webAddress(url: string | null | undefined): string | null {
  if (typeof url !== 'string' || !URL.canParse(url)) return null;
  return ['http:', 'https:'].includes(new URL(url).protocol) ? url : null;
}

const TOOLS: Record<string, LucideIcon> = {
  search_knowledge: Search,
  capture_lead: Sparkle,
  update_contact: Contact,
  handoff: Hand,
  end_conversation: DoorOpen,
};

export function ToolChips({ turn }: { turn: TurnRecord }) {
  const { t } = useTranslation('inbox');
  return turn.tool_calls.map((call) => (
    <Chip
      key={call.id}
      icon={TOOLS[call.tool] ?? Wrench}
      label={t(`tool.${call.tool}`, { defaultValue: call.tool.replaceAll('_', ' ') })}
      kind={call.ok ? 'tool' : 'failed'}
    >
      <ToolCall call={call} />
    </Chip>
  ));
}

function ToolCall({ call }: { call: ToolCallRecord }) {
  const { t } = useTranslation('inbox');
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text size="sm" fw={650}>
          {t(`tool.${call.tool}`, { defaultValue: call.tool.replaceAll('_', ' ') })}
        </Text>
        <Text size="xs" c={call.ok ? 'var(--text-success)' : 'var(--text-danger)'} className={classes.rating}>
          {call.ok ? <CircleCheck size={13} aria-hidden /> : <CircleX size={13} aria-hidden />}
          {t(call.ok ? 'chip.done' : 'chip.refused')} · {t('chip.ms', { ms: call.latency_ms })}
        </Text>
      </Group>
      <Values title={t('chip.arguments')} value={call.arguments} />
      <Values title={t('chip.result')} value={call.result} />
      {typeof call.receipt === 'string' && (
        <Text size="xs" c="dimmed">
          {t('chip.receipt')} <Code>{call.receipt}</Code>
        </Text>
      )}
    </Stack>
  );
}

function Values({ title, value }: { title: string; value: Json }) {
  if (value === null || (typeof value === 'object' && Object.keys(value).length === 0)) return null;
  return (
    <div>
      <Text size="xs" fw={600} c="dimmed" mb={4}>
        {title}
      </Text>
      <Code block style={{ maxHeight: 160, overflow: 'auto', whiteSpace: 'pre-wrap' }} tabIndex={0}>
        {JSON.stringify(value, null, 2)}
      </Code>
    </div>
  );
}

/** How a turn went: what thought, how sure, how fast, at what cost. */
export function TurnChip({ turn }: { turn: TurnRecord }) {
  const { t, i18n } = useTranslation('inbox');
  const rows: [string, string][] = [
    [t('turn.brain'), turn.brain === 'builtin' ? t('turn.builtin') : turn.brain],
    [t('turn.intent'), turn.intent ?? ''],
    [t('turn.confidence'), typeof turn.confidence === 'number' ? percent(turn.confidence, i18n.language) : ''],
    [t('turn.time'), t('chip.ms', { ms: turn.total_ms })],
    [t('turn.tokens'), turn.input_tokens + turn.output_tokens === 0 ? '' : `${String(turn.input_tokens)} / ${String(turn.output_tokens)}`],
    [t('turn.cost'), turn.cost_micros === 0 ? '' : dollars(turn.cost_micros, i18n.language)],
    [t('turn.guarded'), turn.guarded === 0 ? '' : String(turn.guarded)],
    [t('turn.fallback'), turn.fallback_reason ?? ''],
  ];
  return (
    <Popover width={280} position="top-end" withArrow shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton aria-label={t('turn.label')} style={{ display: 'grid', placeItems: 'center', width: 24, height: 24 }}>
          <Gauge size={14} aria-hidden />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('turn.label')}>
        <dl style={{ margin: 0 }}>
          {rows
            .filter(([, value]) => value !== '')
            .map(([name, value]) => (
              <div key={name} className={classes.field}>
                <dt className={classes.fieldLabel}>{name}</dt>
                <dd style={{ margin: 0, textAlign: 'right', overflowWrap: 'anywhere' }}>{value}</dd>
              </div>
            ))}
        </dl>
      </Popover.Dropdown>
    </Popover>
  );
}

function percent(value: number, language: string): string {
  return new Intl.NumberFormat(language, { style: 'percent' }).format(value);
}

function dollars(micros: number, language: string): string {
  return new Intl.NumberFormat(language, { style: 'currency', currency: 'USD', maximumFractionDigits: 4 }).format(micros / 1e6);
}
