import type { Source, SourceKind, SourceStatus } from '@frontdesk/api-client';
import { Button, Group, NativeSelect, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { BookOpen, Plus, SearchX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { pagerOf } from '../../ui/pager';
import { SearchField } from '../../ui/SearchField';
import { TimeText } from '../../ui/TimeText';
import { AddSourceDialog } from './AddSourceDialog';
import { AskPanel } from './AskPanel';
import { KindIcon, originOf } from './kinds';
import classes from './Knowledge.module.css';
import { sourcesQuery } from './queries';
import { knowledgeRoute, type KnowledgeSearch } from './routes';
import { SourceState } from './SourceState';

const STATUSES: readonly SourceStatus[] = ['ready', 'processing', 'queued', 'failed'];
const KINDS: readonly SourceKind[] = ['text', 'faq', 'file', 'page', 'site'];

export function KnowledgePage() {
  const { t } = useTranslation('knowledge');
  const search = knowledgeRoute.useSearch();
  const navigate = useNavigate();
  const mayWrite = useCan('knowledge:write');
  const sources = useQuery({ ...sourcesQuery(search), placeholderData: keepPreviousData });
  const pager = pagerOf(search, sources.data?.next_cursor);
  const filtered = search.q !== undefined || search.status !== undefined || search.kind !== undefined;
  const go = (change: Partial<Record<keyof KnowledgeSearch, unknown>>) =>
    void navigate({ to: '/knowledge', search: { ...search, trail: undefined, ...change } as KnowledgeSearch, replace: true });
  const addButton = mayWrite && (
    <Button
      leftSection={<Plus size={16} aria-hidden />}
      renderRoot={(props) => <Link to="/knowledge" search={{ ...search, add: true }} {...props} />}
    >
      {t('add')}
    </Button>
  );

  return (
    <PageBody>
      <PageHeader
        title={t('title')}
        subtitle={typeof sources.data?.total === 'number' ? t('count', { count: sources.data.total }) : t('subtitle')}
        actions={addButton}
      />
      <div className={classes.columns}>
        <DataTable
          label={t('list')}
          columns={useColumns(search)}
          rows={sources.data?.items}
          rowId={(source) => source.id}
          onOpen={(source) => void navigate({ to: '/knowledge/$sourceId', params: { sourceId: source.id }, search })}
          pager={pager}
          onPage={(page) => void navigate({ to: '/knowledge', search: { ...search, ...page } })}
          total={sources.data?.total}
          error={sources.error}
          onRetry={() => void sources.refetch()}
          fetching={sources.isPlaceholderData}
          toolbar={
            <Group gap="xs">
              <SearchField label={t('search')} value={search.q ?? ''} onSearch={(q) => go({ q: q === '' ? undefined : q })} flex={1} miw={180} />
              <NativeSelect
                aria-label={t('filter.status')}
                value={search.status ?? ''}
                onChange={(event) => go({ status: event.currentTarget.value === '' ? undefined : event.currentTarget.value })}
                data={[{ value: '', label: t('filter.anyStatus') }, ...STATUSES.map((value) => ({ value, label: t(`common:status.source.${value}`) }))]}
              />
              <NativeSelect
                aria-label={t('filter.kind')}
                value={search.kind ?? ''}
                onChange={(event) => go({ kind: event.currentTarget.value === '' ? undefined : event.currentTarget.value })}
                data={[{ value: '', label: t('filter.anyKind') }, ...KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))]}
              />
            </Group>
          }
          empty={
            filtered ? (
              <EmptyState
                icon={SearchX}
                title={t('empty.filtered')}
                action={
                  <Button variant="default" onClick={() => go({ q: undefined, status: undefined, kind: undefined })}>
                    {t('empty.clear')}
                  </Button>
                }
              />
            ) : (
              <EmptyState icon={BookOpen} title={t('empty.title')} text={t('empty.text')} action={addButton} />
            )
          }
        />
        <AskPanel key={search.ask ?? ''} question={search.ask ?? ''} onAsk={(ask) => go({ ask, trail: search.trail })} />
      </div>
      <AddSourceDialog
        opened={mayWrite && (search.add === true || search.question !== undefined)}
        question={search.question}
        onClose={() => go({ add: undefined, question: undefined })}
      />
      <Outlet />
    </PageBody>
  );
}

function useColumns(search: KnowledgeSearch): Column<Source>[] {
  const { t, i18n } = useTranslation('knowledge');
  const number = new Intl.NumberFormat(i18n.language);
  return [
    {
      key: 'title',
      header: t('column.title'),
      phone: 'head',
      cell: (source) => (
        <div className={classes.title}>
          <KindIcon kind={source.kind} />
          <div style={{ minWidth: 0 }}>
            <Link to="/knowledge/$sourceId" params={{ sourceId: source.id }} search={search} className={classes.name}>
              {source.title}
            </Link>
            <Text size="xs" c="dimmed" truncate>
              {[t(`kind.${source.kind}`), originOf(source)].filter((part) => part !== null && part !== source.title).join(' · ')}
            </Text>
          </div>
        </div>
      ),
    },
    { key: 'status', header: t('column.status'), cell: (source) => <SourceState source={source} lines={3} /> },
    {
      key: 'passages',
      header: t('column.passages'),
      align: 'right',
      cell: (source) => (
        <>
          <Text size="sm" className="tabular">
            {number.format(source.chunks)}
          </Text>
          {source.pages > 1 && (
            <Text size="xs" c="dimmed">
              {t('pages', { count: source.pages })}
            </Text>
          )}
        </>
      ),
    },
    {
      key: 'synced',
      header: t('column.synced'),
      cell: (source) => (
        <Text size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
          {typeof source.synced_at === 'string' ? <TimeText at={source.synced_at} /> : t('never')}
        </Text>
      ),
    },
  ];
}
