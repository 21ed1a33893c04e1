// What the next contacts would get from the workflow as it stands here, saved or not. Nothing is sent.

import { isProblem, type WorkflowPreviewItem } from '@frontdesk/api-client';
import { Alert, Badge, Button, Drawer, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { CircleAlert, RefreshCw, Sparkles, UsersRound } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { formatAddress } from '../../ui/address';
import { ChannelIcon } from '../../ui/ChannelIcon';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { sentence } from '../../ui/text';
import { useFormatTime } from '../../ui/time';
import { VerdictNote } from '../messages/Verdict';
import { same } from './draft';
import { byContact } from './preview';
import type { usePreview } from './queries';
import { useSay } from './say';
import type { WorkflowDraft } from './useWorkflowDraft';
import classes from './Workflows.module.css';

interface PreviewDrawerProps {
  draft: WorkflowDraft;
  preview: ReturnType<typeof usePreview>;
  onAsk: () => void;
  onClose: () => void;
}

export function PreviewDrawer({ draft, preview, onAsk, onClose }: PreviewDrawerProps) {
  const { t } = useTranslation('workflows');
  const { settings } = draft;
  const { data, error, variables } = preview;
  const people = byContact(data?.items ?? []);
  const flawed = isProblem(error) && error.errors.length > 0;
  return (
    <Drawer opened onClose={onClose} position="right" size={560} title={<Text fw={650}>{t('preview.title')}</Text>}>
      <Stack>
        <Text size="sm" c="dimmed">
          {t('preview.text')}
        </Text>
        <Group>
          <Button size="xs" variant="default" leftSection={<RefreshCw size={14} aria-hidden />} loading={preview.isPending} onClick={onAsk}>
            {t('preview.again')}
          </Button>
          {variables !== undefined && !same(variables.settings, settings) && (
            <Text size="xs" c="dimmed">
              {t('preview.old')}
            </Text>
          )}
        </Group>
        <div aria-live="polite" aria-busy={preview.isPending}>
          {flawed ? (
            <Alert color="orange" icon={<CircleAlert size={18} aria-hidden />}>
              {t('preview.flawed')}
            </Alert>
          ) : error !== null ? (
            <ErrorState compact error={error} onRetry={onAsk} />
          ) : data === undefined || preview.isPending ? (
            <Stack role="status" aria-label={t('preview.making')}>
              <Skeleton height={130} radius="lg" />
              <Skeleton height={130} radius="lg" />
              <Skeleton height={130} radius="lg" />
            </Stack>
          ) : people.length === 0 ? (
            <EmptyState compact icon={UsersRound} title={t('preview.none')} text={t('preview.noneText')} />
          ) : (
            <Stack gap="lg">
              {people.map((items) => (
                <Contact key={items[0]?.contact_id} items={items} draft={draft} />
              ))}
            </Stack>
          )}
        </div>
      </Stack>
    </Drawer>
  );
}

function Contact({ items, draft }: { items: readonly WorkflowPreviewItem[]; draft: WorkflowDraft }) {
  const { t } = useTranslation('workflows');
  const id = useId();
  const [first] = items;
  if (first === undefined) return null;
  return (
    <section aria-labelledby={id}>
      <Title order={3} size="h3" id={id} mb={6}>
        <Link to="/contacts/$contactId" params={{ contactId: first.contact_id }} className={classes.name}>
          {first.contact_name === '' ? t('common:contact.unknown') : first.contact_name}
        </Link>
      </Title>
      <Stack gap="sm">
        {items.map((item) => (
          <Item key={`${item.step} ${item.at}`} item={item} draft={draft} />
        ))}
      </Stack>
    </section>
  );
}

function Item({ item, draft }: { item: WorkflowPreviewItem; draft: WorkflowDraft }) {
  const { t } = useTranslation('workflows');
  const say = useSay();
  const format = useFormatTime();
  return (
    <div className={classes.preview}>
      <Group justify="space-between" gap="xs">
        <Group gap={6}>
          {item.channel !== null && item.channel !== undefined && <ChannelIcon channel={item.channel} />}
          <Text size="xs" c="dimmed">
            {[say.place(draft.settings.steps, item.step), format(item.at, 'datetime'), typeof item.to === 'string' ? formatAddress(item.to) : null].filter(Boolean).join(' · ')}
          </Text>
        </Group>
        <Group gap={6}>
          {(item.written_by === 'ai' || item.written_by === 'fallback') && (
            <Badge color={item.written_by === 'ai' ? 'brand' : 'gray'} leftSection={<Sparkles size={11} aria-hidden />}>
              {t(`preview.by.${item.written_by}`)}
            </Badge>
          )}
          {typeof item.segments === 'number' && item.segments > 0 && (
            <Text size="xs" c="dimmed">
              {t('common:length.segments', { count: item.segments })}
            </Text>
          )}
        </Group>
      </Group>
      {typeof item.text === 'string' && item.text !== '' && (
        <div className={classes.bubble}>
          {typeof item.subject === 'string' && item.subject !== '' && (
            <Text size="sm" fw={650} mb={4}>
              {item.subject}
            </Text>
          )}
          <p>{item.text}</p>
        </div>
      )}
      {typeof item.problem === 'string' ? (
        <Alert color="orange" p="xs" icon={<CircleAlert size={17} aria-hidden />}>
          {sentence(item.problem)}
        </Alert>
      ) : (
        item.verdict !== null && item.verdict !== undefined && item.verdict.verdict !== 'allow' && <VerdictNote verdict={item.verdict} />
      )}
    </div>
  );
}
