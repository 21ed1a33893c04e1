// How messages fared over a time, by channel and template; and how they are handled.

import type { MessageFigure } from '@frontdesk/api-client';
import { ActionIcon, Group, NumberInput, Radio, SegmentedControl, Stack, Switch, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ArrowLeft, ChartColumn } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { CHANNEL_ICONS } from '../../ui/ChannelIcon';
import { addDays, civilOf, dayStart, isoOf } from '../../ui/civil';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { FormError } from '../../ui/FormError';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { Panel } from '../../ui/Panel';
import { useNow, useZone } from '../../ui/time';
import { figuresQuery, messageSettingsQuery, useSaveMessageSettings } from './queries';
import { DAYS, figuresRoute, type Days } from './routes';

export function FiguresPage() {
  const { t } = useTranslation('messages');
  const { days = 30 } = figuresRoute.useSearch();
  const navigate = useNavigate();
  const zone = useZone();
  const today = civilOf(useNow(), zone).day;
  // Whole days by the clock of the business, today among them.
  const range = { from: isoOf(dayStart(addDays(today, 1 - days), zone)), to: isoOf(dayStart(addDays(today, 1), zone)) };
  const figures = useQuery({ ...figuresQuery(range), placeholderData: keepPreviousData });
  const maySet = useCan('workspace:write');
  return (
    <PageBody>
      <PageHeader
        title={t('figures.title')}
        subtitle={t('figures.subtitle')}
        before={
          <ActionIcon size={36} aria-label={t('figures.back')} renderRoot={(props) => <Link to="/messages" {...props} />}>
            <ArrowLeft size={18} aria-hidden />
          </ActionIcon>
        }
        actions={
          <SegmentedControl
            aria-label={t('figures.over')}
            data={DAYS.map((value) => ({ value: String(value), label: t('figures.days', { count: value }) }))}
            value={String(days)}
            onChange={(value) => void navigate({ to: '/message-figures', search: Number(value) === 30 ? {} : { days: Number(value) as Days }, replace: true })}
          />
        }
      />
      <Stack>
        <DataTable
          label={t('figures.title')}
          columns={useColumns()}
          rows={figures.data?.items}
          rowId={({ channel, template }) => `${channel} ${template ?? ''}`}
          error={figures.error}
          onRetry={() => void figures.refetch()}
          fetching={figures.isPlaceholderData}
          empty={<EmptyState icon={ChartColumn} title={t('figures.none')} text={t('figures.noneText')} />}
        />
        <Text size="xs" c="dimmed">
          {t('figures.note')}
        </Text>
        {maySet && <Handling />}
      </Stack>
    </PageBody>
  );
}

/** Carriers of text messages never tell what was read, and not every provider of e-mail tells what arrived. */
function isUntold({ channel, ...row }: MessageFigure, key: string): boolean {
  if (channel === 'sms') return key === 'read';
  return channel === 'email' && ((key === 'delivered' && row.delivered === 0) || (key === 'read' && row.read === 0));
}

function useColumns(): Column<MessageFigure>[] {
  const { t, i18n } = useTranslation(['messages', 'templates']);
  const number = new Intl.NumberFormat(i18n.language);
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 0 });
  const count = (key: 'queued' | 'sent' | 'delivered' | 'read' | 'replied' | 'clicks' | 'failed', of?: 'queued' | 'sent' | 'delivered'): Column<MessageFigure> => ({
    key,
    header: t(`figures.column.${key}`),
    align: 'right',
    cell: (row) => isUntold(row, key) ? (
      <Text size="sm" c="dimmed" span title={t('figures.untold')}>
        –
      </Text>
    ) : (
      <span className="tabular">
        <Text size="sm" span c={key === 'failed' && row.failed > 0 ? 'var(--text-danger)' : undefined}>
          {number.format(row[key])}
        </Text>
        {of !== undefined && row[of] > 0 && row[key] > 0 && (
          <Text size="xs" c="dimmed" span>
            {' '}
            {percent.format(row[key] / row[of])}
          </Text>
        )}
      </span>
    ),
  });
  return [
    {
      key: 'what',
      header: t('figures.column.what'),
      phone: 'head',
      cell: ({ channel, template }) => {
        const Icon = CHANNEL_ICONS[channel as keyof typeof CHANNEL_ICONS];
        return (
          <Group gap="sm" wrap="nowrap">
            {Icon !== undefined && <Icon size={17} aria-hidden style={{ flex: 'none' }} />}
            <div style={{ minWidth: 0 }}>
              <Text size="sm" fw={550}>
                {t(`common:channel.${channel}`, { defaultValue: channel })}
              </Text>
              <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                {typeof template === 'string' ? t(`templates:kind.${template}.name`, { defaultValue: template }) : t('figures.words')}
              </Text>
            </div>
          </Group>
        );
      },
    },
    count('queued'),
    count('sent'),
    count('delivered', 'sent'),
    count('read', 'delivered'),
    count('replied', 'sent'),
    count('clicks'),
    count('failed', 'queued'),
  ];
}

/** Read receipts, short links, and how often a message is tried. */
function Handling() {
  const { t } = useTranslation('messages');
  const stored = useQuery(messageSettingsQuery).data;
  const save = useSaveMessageSettings();
  // What was chosen is shown while it is being saved.
  const settings = save.isPending ? save.variables : stored;
  const [days, setDays] = useState<number | string | null>(null);
  if (settings === undefined) return null;
  const shown = days ?? settings.short_link_days ?? 90;
  return (
    <Panel title={t('handling.title')}>
      <Stack>
        <Switch
          label={t('handling.receipts')}
          description={t('handling.receiptsText')}
          checked={settings.read_receipts ?? true}
          disabled={save.isPending}
          onChange={(event) => save.mutate({ ...settings, read_receipts: event.currentTarget.checked })}
        />
        <Switch
          label={t('handling.opens')}
          description={t('handling.opensText')}
          checked={settings.track_opens ?? false}
          disabled={save.isPending}
          onChange={(event) => save.mutate({ ...settings, track_opens: event.currentTarget.checked })}
        />
        <Switch
          label={t('handling.links')}
          description={t('handling.linksText')}
          checked={settings.short_links ?? false}
          disabled={save.isPending}
          onChange={(event) => save.mutate({ ...settings, short_links: event.currentTarget.checked })}
        />
        {settings.short_links === true && (
          <NumberInput
            label={t('handling.days')}
            maw={220}
            min={1}
            max={365}
            allowDecimal={false}
            value={shown}
            error={typeof shown !== 'number' || shown < 1 || shown > 365 ? t('handling.daysFault') : undefined}
            onChange={setDays}
            onBlur={() => {
              if (typeof days === 'number' && days >= 1 && days <= 365 && days !== settings.short_link_days) save.mutate({ ...settings, short_link_days: days });
            }}
          />
        )}
        <Radio.Group
          label={t('handling.retry')}
          description={t('handling.retryText')}
          value={settings.retry ?? 'fixed'}
          onChange={(retry) => save.mutate({ ...settings, retry: retry === 'exponential' ? 'exponential' : 'fixed' })}
        >
          <Stack gap="xs" mt="xs">
            <Radio value="fixed" label={t('handling.fixed')} description={t('handling.fixedText')} disabled={save.isPending} />
            <Radio value="exponential" label={t('handling.exponential')} description={t('handling.exponentialText')} disabled={save.isPending} />
          </Stack>
        </Radio.Group>
        <FormError error={save.error} />
      </Stack>
    </Panel>
  );
}
