// One source over the list: what it is, what it says, and what can be done with it.

import type { Source } from '@frontdesk/api-client';
import { Alert, Anchor, Button, Drawer, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { CircleAlert, ExternalLink, RefreshCw, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { ConfirmButton } from '../../ui/ConfirmButton';
import { ErrorState } from '../../ui/ErrorState';
import { TimeText } from '../../ui/TimeText';
import { notifyDone } from '../../ui/toast';
import { bytesText } from './bytes';
import classes from './Knowledge.module.css';
import { chunksQuery, deleteSource, sourceQuery, useSyncSource } from './queries';
import { sourceRoute } from './routes';
import { SourceEditor } from './SourceEditor';
import { SourceState } from './SourceState';

export function SourceDrawer() {
  const { t } = useTranslation('knowledge');
  const { sourceId } = sourceRoute.useParams();
  const search = sourceRoute.useSearch();
  const navigate = useNavigate();
  const source = useQuery(sourceQuery(sourceId));
  const close = () => void navigate({ to: '/knowledge', search });
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      size={620}
      title={
        <Text fw={650} style={{ overflowWrap: 'anywhere' }}>
          {source.data?.title ?? t('source')}
        </Text>
      }
    >
      {source.data !== undefined ? (
        <Details key={sourceId} source={source.data} onGone={close} />
      ) : source.isError ? (
        <ErrorState error={source.error} onRetry={() => void source.refetch()} />
      ) : (
        <Stack role="status" aria-label={t('common:state.loading')}>
          <Skeleton height={20} width="40%" />
          <Skeleton height={120} />
          <Skeleton height={220} />
        </Stack>
      )}
    </Drawer>
  );
}

function Details({ source, onGone }: { source: Source; onGone: () => void }) {
  const { t, i18n } = useTranslation('knowledge');
  const mayWrite = useCan('knowledge:write');
  const sync = useSyncSource(source.id);
  const busy = source.status === 'queued' || source.status === 'processing';
  const fromWeb = source.kind === 'page' || source.kind === 'site';
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start" gap="sm">
        <SourceState source={{ ...source, error: null }} />
        {mayWrite && (
          <Group gap="xs">
            <Button
              variant="default"
              size="xs"
              leftSection={<RefreshCw size={15} aria-hidden />}
              disabled={busy}
              loading={sync.isPending}
              onClick={() => sync.mutate()}
            >
              {t(fromWeb ? 'sync.web' : 'sync.again')}
            </Button>
            <ConfirmButton
              size="xs"
              leftSection={<Trash2 size={15} aria-hidden />}
              title={t('delete.title', { title: source.title })}
              text={t('delete.text')}
              confirm={t('delete.confirm')}
              onConfirm={async () => {
                await deleteSource(source.id);
                notifyDone(t('delete.done', { title: source.title }));
                onGone();
              }}
            >
              {t('common:action.delete')}
            </ConfirmButton>
          </Group>
        )}
      </Group>
      {source.status === 'failed' && (
        <Alert color="red" icon={<CircleAlert size={18} aria-hidden />} title={t('failed.title')}>
          {source.error}
          {source.chunks > 0 && (
            <Text size="sm" mt={4}>
              {t('failed.still')}
            </Text>
          )}
        </Alert>
      )}
      <dl className={classes.meta}>
        <dt>{t('meta.kind')}</dt>
        <dd>{t(`kind.${source.kind}`)}</dd>
        {typeof source.url === 'string' && (
          <>
            <dt>{t('meta.url')}</dt>
            <dd>
              <Anchor href={source.url} target="_blank" rel="noreferrer" size="sm">
                {source.url} <ExternalLink size={12} aria-label={t('meta.newTab')} />
              </Anchor>
            </dd>
          </>
        )}
        {typeof source.file_name === 'string' && (
          <>
            <dt>{t('meta.file')}</dt>
            <dd>{source.file_name}</dd>
          </>
        )}
        <dt>{t('meta.size')}</dt>
        <dd>
          {[bytesText(source.bytes, i18n.language), source.pages > 0 ? t('pages', { count: source.pages }) : null]
            .filter((part) => part !== null)
            .join(' · ')}
        </dd>
        {typeof source.language === 'string' && (
          <>
            <dt>{t('meta.language')}</dt>
            <dd>{new Intl.DisplayNames(i18n.language, { type: 'language' }).of(source.language)}</dd>
          </>
        )}
        <dt>{t('meta.added')}</dt>
        <dd>
          <TimeText at={source.created_at} as="datetime" />
        </dd>
        <dt>{t('meta.synced')}</dt>
        <dd>{typeof source.synced_at === 'string' ? <TimeText at={source.synced_at} as="datetime" /> : t('never')}</dd>
      </dl>
      <SourceEditor source={source} readOnly={!mayWrite} />
      <Passages source={source} />
    </Stack>
  );
}

function Passages({ source }: { source: Source }) {
  const { t } = useTranslation('knowledge');
  const chunks = useInfiniteQuery(chunksQuery(source.id));
  const list = chunks.data?.pages.flatMap((page) => page.items);
  return (
    <section aria-label={t('passages.title')}>
      <Title order={2} size="h3" mb="xs">
        {t('passages.count', { count: source.chunks })}
      </Title>
      {list === undefined ? (
        chunks.isError ? (
          <ErrorState compact error={chunks.error} onRetry={() => void chunks.refetch()} />
        ) : (
          <Skeleton height={120} radius="md" />
        )
      ) : list.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('passages.none')}
        </Text>
      ) : (
        <>
          <ol className={classes.plain}>
            {list.map((chunk) => (
              <li key={chunk.id} className={classes.passage}>
                <Text size="xs" c="dimmed" fw={600} style={{ overflowWrap: 'anywhere' }}>
                  {[chunk.context, chunk.place].filter(Boolean).join(' · ') || t('passages.number', { number: chunk.ordinal + 1 })}
                </Text>
                {typeof chunk.question === 'string' && (
                  <Text size="sm" fw={600} mt={4}>
                    {chunk.question}
                  </Text>
                )}
                <p className={classes.passageText}>{chunk.text}</p>
              </li>
            ))}
          </ol>
          {chunks.hasNextPage && (
            <Button mt="sm" variant="default" fullWidth loading={chunks.isFetchingNextPage} onClick={() => void chunks.fetchNextPage()}>
              {t('common:action.loadMore')}
            </Button>
          )}
        </>
      )}
    </section>
  );
}
