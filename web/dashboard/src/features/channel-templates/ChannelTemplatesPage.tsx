// Templates that WhatsApp has to approve: what there is, how each fares, writing and handing in new ones.

import type { ApprovalStatus, ChannelTemplate, ChannelTemplates, TemplateQuality } from '@frontdesk/api-client';
import { ActionIcon, Alert, Badge, Button, Card, Group, NativeSelect, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, Copy, CircleCheck, CirclePause, CircleSlash, CircleX, Clock, FileText, HelpCircle, MessageCircle, PenLine, Plus, RefreshCw, Send, ThumbsDown, ThumbsUp, TriangleAlert, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { ConfirmButton } from '../../ui/ConfirmButton';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { StatusBadge } from '../../ui/StatusBadge';
import { sentence } from '../../ui/text';
import { TimeText } from '../../ui/TimeText';
import { notifyDone } from '../../ui/toast';
import classes from './ChannelTemplates.module.css';
import { languageText } from './places';
import { channelTemplatesQuery, deleteTemplate, useSubmitTemplate, useSyncTemplates } from './queries';
import { TemplateDialog } from './TemplateDialog';
import { TemplateSheet } from './TemplateSheet';

const STATUSES: Record<ApprovalStatus, { color: string; icon: LucideIcon }> = {
  draft: { color: 'gray', icon: PenLine },
  pending: { color: 'blue', icon: Clock },
  approved: { color: 'teal', icon: CircleCheck },
  rejected: { color: 'red', icon: CircleX },
  paused: { color: 'orange', icon: CirclePause },
  disabled: { color: 'red', icon: CircleSlash },
  other: { color: 'gray', icon: HelpCircle },
};

const QUALITIES: Record<TemplateQuality, { color: string; icon: LucideIcon }> = {
  high: { color: 'teal', icon: ThumbsUp },
  medium: { color: 'orange', icon: TriangleAlert },
  low: { color: 'red', icon: ThumbsDown },
};

export function ChannelTemplatesPage() {
  const { t } = useTranslation('channel-templates');
  const templates = useQuery(channelTemplatesQuery);
  const mayWrite = useCan('templates:write');
  const sync = useSyncTemplates();
  // What is being written: a new one, a draft, or a copy of one.
  const [writing, setWriting] = useState<{ start: ChannelTemplate | null } | null>(null);
  const connected = (templates.data?.connections.length ?? 0) > 0;
  return (
    <PageBody>
      <PageHeader
        title={t('title')}
        subtitle={t('subtitle')}
        before={
          <ActionIcon size={36} aria-label={t('back')} renderRoot={(props) => <Link to="/templates" {...props} />}>
            <ArrowLeft size={18} aria-hidden />
          </ActionIcon>
        }
        actions={
          mayWrite &&
          connected && (
            <>
              <Button variant="default" leftSection={<RefreshCw size={16} aria-hidden />} loading={sync.isPending} onClick={() => sync.mutate(undefined, { onSuccess: () => notifyDone(t('synced')) })}>
                {t('sync')}
              </Button>
              <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setWriting({ start: null })}>
                {t('new')}
              </Button>
            </>
          )
        }
      />
      {templates.data !== undefined ? (
        <Templates all={templates.data} mayWrite={mayWrite} onWrite={(start) => setWriting({ start })} />
      ) : templates.isError ? (
        <Card>
          <ErrorState error={templates.error} onRetry={() => void templates.refetch()} />
        </Card>
      ) : (
        <Skeleton height={320} radius="lg" />
      )}
      {writing !== null && templates.data !== undefined && <TemplateDialog connections={templates.data.connections} start={writing.start} onClose={() => setWriting(null)} />}
    </PageBody>
  );
}

function Templates({ all: { items, connections }, mayWrite, onWrite }: { all: ChannelTemplates; mayWrite: boolean; onWrite: (start: ChannelTemplate | null) => void }) {
  const { t } = useTranslation('channel-templates');
  const [status, setStatus] = useState<ApprovalStatus | ''>('');
  if (connections.length === 0) {
    return (
      <Card>
        <EmptyState icon={MessageCircle} title={t('unconnected')} text={t('unconnectedText')} action={<Button renderRoot={(props) => <Link to="/channels" {...props} />}>{t('openChannels')}</Button>} />
      </Card>
    );
  }
  const there = (Object.keys(STATUSES) as ApprovalStatus[]).filter((each) => items.some((item) => item.status === each));
  const shown = items.filter((item) => status === '' || item.status === status);
  return (
    <>
      {connections.map(({ connection_id: id, name, synced_at: at, error }) =>
        typeof error === 'string' ? (
          <Alert key={id} color="orange" mb="sm" icon={<TriangleAlert size={18} aria-hidden />} title={t('syncFailed', { name })}>
            {sentence(error)}
          </Alert>
        ) : (
          <Text key={id} size="xs" c="dimmed" mb="sm">
            {name} · {typeof at === 'string' ? <>{t('syncedAt')} <TimeText at={at} /></> : t('neverSynced')}
          </Text>
        ),
      )}
      {items.length === 0 ? (
        <Card>
          <EmptyState icon={FileText} title={t('none')} text={t('noneText')} {...(mayWrite ? { action: <Button onClick={() => onWrite(null)}>{t('new')}</Button> } : {})} />
        </Card>
      ) : (
        <>
          {there.length > 1 && (
            <NativeSelect
              mb="md"
              w={220}
              aria-label={t('filter')}
              data={[{ value: '', label: t('all') }, ...there.map((value) => ({ value: value as string, label: t(`status.${value}`) }))]}
              value={status}
              onChange={(event) => setStatus(event.currentTarget.value as ApprovalStatus | '')}
            />
          )}
          <ul className={classes.grid} aria-label={t('title')}>
            {shown.map((template) => (
              <li key={template.id}>
                <One
                  template={template}
                  several={connections.length > 1 ? (connections.find((each) => each.connection_id === template.connection_id)?.name ?? null) : null}
                  mayWrite={mayWrite}
                  onWrite={() => onWrite(template)}
                />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function One({ template, several, mayWrite, onWrite }: { template: ChannelTemplate; several: string | null; mayWrite: boolean; onWrite: () => void }) {
  const { t, i18n } = useTranslation('channel-templates');
  const submit = useSubmitTemplate();
  const { status, quality } = template;
  const reason = template.rejected_reason ?? (status === 'approved' ? template.unusable_because : null);
  return (
    <Card component="article" className={classes.card} aria-label={`${template.name} ${template.language}`}>
      <div>
        <span className={classes.name}>{template.name}</span>
        <Text size="xs" c="dimmed">
          {[languageText(template.language, i18n.language), several].filter(Boolean).join(' · ')}
        </Text>
      </div>
      <Group gap={6}>
        <StatusBadge look={STATUSES[status]} label={t(`status.${status}`)} />
        <Badge color="gray">{t(`category.${template.category}`)}</Badge>
        {quality !== null && quality !== undefined && <StatusBadge look={QUALITIES[quality]} label={t(`quality.${quality}`)} />}
      </Group>
      <TemplateSheet template={template} variables={[]} />
      {typeof reason === 'string' && (
        <Text size="sm" c={status === 'approved' ? 'dimmed' : 'var(--text-danger)'}>
          {sentence(reason)}
        </Text>
      )}
      {mayWrite && (
        <Group gap="xs" className={classes.foot}>
          {status === 'draft' && (
            <Button
              size="xs"
              leftSection={<Send size={14} aria-hidden />}
              loading={submit.isPending}
              aria-label={t('submitOf', { name: template.name })}
              onClick={() => submit.mutate(template.id, { onSuccess: () => notifyDone(t('submitted')) })}
            >
              {t('submit')}
            </Button>
          )}
          <Button size="xs" variant="default" leftSection={status === 'draft' ? <PenLine size={14} aria-hidden /> : <Copy size={14} aria-hidden />} aria-label={t(status === 'draft' ? 'editOf' : 'copyOf', { name: template.name })} onClick={onWrite}>
            {t(status === 'draft' ? 'common:action.edit' : 'copy')}
          </Button>
          <ConfirmButton
            size="xs"
            aria-label={t('deleteOf', { name: template.name })}
            title={t('deleteTitle', { name: template.name })}
            text={t(status === 'draft' ? 'deleteDraft' : 'deleteText')}
            confirm={t('common:action.delete')}
            onConfirm={() => deleteTemplate(template.id)}
          >
            {t('common:action.delete')}
          </ConfirmButton>
        </Group>
      )}
    </Card>
  );
}
