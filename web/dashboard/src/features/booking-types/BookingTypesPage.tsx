import type { BookingType } from '@frontdesk/api-client';
import { Button, Card, SegmentedControl, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Archive, ExternalLink, ListChecks, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan, useWorkspace } from '../../app/session';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { bookingTypesQuery } from '../booking/queries';
import classes from './BookingTypes.module.css';
import { reordered } from './defaults';
import { NewTypeDialog } from './NewTypeDialog';
import { useReorder } from './queries';
import { bookingTypesRoute } from './routes';
import { TypeRow } from './TypeRow';

export function BookingTypesPage() {
  const { t } = useTranslation('booking-types');
  const { archived = false, create = false } = bookingTypesRoute.useSearch();
  const navigate = useNavigate();
  const workspace = useWorkspace();
  const mayWrite = useCan('schedules:write');
  const types = useQuery(bookingTypesQuery);
  const show = (search: { archived?: true; create?: true }) => void navigate({ to: '/booking-types', search, replace: true });
  const all = types.data ?? [];
  const shown = all.filter((type) => type.active !== archived);
  const counts = { active: all.filter((type) => type.active).length, archived: all.filter((type) => !type.active).length };
  const add = mayWrite && (
    <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => show({ create: true })}>
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
            {workspace !== undefined && counts.active > 0 && (
              <Button
                component="a"
                href={`/book/${workspace.slug}`}
                target="_blank"
                rel="noreferrer"
                variant="default"
                leftSection={<ExternalLink size={16} aria-hidden />}
              >
                {t('openPage')}
              </Button>
            )}
            {add}
          </>
        }
      />
      {types.data === undefined ? (
        types.isError ? (
          <Card>
            <ErrorState error={types.error} onRetry={() => void types.refetch()} />
          </Card>
        ) : (
          <Stack gap="sm" role="status" aria-label={t('common:state.loading')}>
            {[0, 1, 2].map((index) => (
              <Skeleton key={index} height={88} radius="lg" />
            ))}
          </Stack>
        )
      ) : all.length === 0 ? (
        <Card>
          <EmptyState icon={ListChecks} title={t('empty.title')} text={t('empty.text')} action={add} />
        </Card>
      ) : (
        <>
          {(counts.archived > 0 || archived) && (
            <SegmentedControl
              mb="md"
              size="sm"
              aria-label={t('filter.label')}
              value={archived ? 'archived' : 'active'}
              data={[
                { value: 'active', label: t('filter.active', { count: counts.active }) },
                { value: 'archived', label: t('filter.archived', { count: counts.archived }) },
              ]}
              onChange={(value) => show(value === 'archived' ? { archived: true } : {})}
            />
          )}
          {shown.length === 0 ? (
            <Card>
              {archived ? (
                <EmptyState icon={Archive} title={t('empty.archived')} text={t('empty.archivedText')} />
              ) : (
                <EmptyState icon={ListChecks} title={t('empty.active')} text={t('empty.activeText')} action={add} />
              )}
            </Card>
          ) : (
            <TypeList all={all} shown={shown} mayWrite={mayWrite} />
          )}
        </>
      )}
      <NewTypeDialog opened={create && mayWrite} onClose={() => show(archived ? { archived: true } : {})} />
    </PageBody>
  );
}

interface TypeListProps {
  all: readonly BookingType[];
  shown: readonly BookingType[];
  mayWrite: boolean;
}

/** In the order customers see; a row is dragged by its handle or moved by its menu. */
function TypeList({ all, shown, mayWrite }: TypeListProps) {
  const { t } = useTranslation('booking-types');
  const reorder = useReorder();
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const moveTo = (id: string, target: string) => {
    const from = all.findIndex((type) => type.id === id);
    const to = all.findIndex((type) => type.id === target);
    if (from === -1 || to === -1 || from === to) return;
    reorder.mutate(reordered(all, from, to));
    setSaid(t('order.moved', { name: all[from]?.name, place: shown.findIndex((type) => type.id === target) + 1 }));
  };
  return (
    <>
      <ul className={classes.list}>
        {shown.map((type, index) => (
          <li
            key={type.id}
            className={classes.item}
            data-dragged={dragged === type.id || undefined}
            data-over={(over === type.id && dragged !== type.id) || undefined}
            onDragOver={(event) => {
              if (dragged === null) return;
              event.preventDefault();
              setOver(type.id);
            }}
            onDrop={(event) => {
              event.preventDefault();
              if (dragged !== null) moveTo(dragged, type.id);
              setDragged(null);
              setOver(null);
            }}
          >
            <TypeRow
              type={type}
              mayWrite={mayWrite}
              onDragStart={() => setDragged(type.id)}
              onDragEnd={() => {
                setDragged(null);
                setOver(null);
              }}
              {...(index > 0 ? { onUp: () => moveTo(type.id, shown[index - 1]?.id ?? '') } : {})}
              {...(index < shown.length - 1 ? { onDown: () => moveTo(type.id, shown[index + 1]?.id ?? '') } : {})}
            />
          </li>
        ))}
      </ul>
      <span className="visually-hidden" role="status">
        {said}
      </span>
    </>
  );
}
