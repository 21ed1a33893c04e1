// Addresses that must not be written to: opt-outs, the business's own list, imported lists and public registries.

import type { SuppressedAddress } from '@frontdesk/api-client';
import { ActionIcon, Autocomplete, Button, Group, Modal, Stack, Text, Textarea, Tooltip } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Ban, FileUp, Plus, SearchX, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { formatAddress } from '../../ui/address';
import { DataTable, type Column } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { FormError } from '../../ui/FormError';
import { pagerOf } from '../../ui/pager';
import { SearchField } from '../../ui/SearchField';
import { TimeText } from '../../ui/TimeText';
import { notifyDone } from '../../ui/toast';
import { AddToListDialog } from './AddToListDialog';
import classes from './Compliance.module.css';
import { ImportListDialog } from './ImportListDialog';
import { ListBadge, useListName } from './ListName';
import { kindOf, KNOWN } from './lists';
import { suppressionsQuery, useUnsuppress } from './queries';
import type { ComplianceSearch } from './routes';

type Dialog = { kind: 'add' } | { kind: 'import' } | { kind: 'remove'; entry: SuppressedAddress };

export function Lists() {
  const { t } = useTranslation('compliance');
  const search: ComplianceSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const mayWrite = useCan('compliance:write');
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => setDialog(null);
  const entries = useQuery({ ...suppressionsQuery(search), placeholderData: keepPreviousData });
  const goTo = (next: Partial<Record<keyof ComplianceSearch, unknown>>, replace: boolean) =>
    void navigate({
      to: '/compliance/$section',
      params: { section: 'lists' },
      search: Object.fromEntries(Object.entries({ ...search, ...next }).filter(([, value]) => value !== undefined && value !== '')) as ComplianceSearch,
      replace,
    });
  const go = (change: { q?: string | undefined; list?: string | undefined }) => goTo({ trail: undefined, ...change }, true);
  const filtered = search.q !== undefined || search.list !== undefined;
  const seen = [...new Set((entries.data?.items ?? []).map(({ list }) => list))].filter((list) => !KNOWN.includes(list));
  const columns: Column<SuppressedAddress>[] = [
    {
      key: 'address',
      header: t('lists.address'),
      phone: 'head',
      cell: ({ address }) => (
        <Text size="sm" fw={550} className="tabular" style={address.startsWith('+') ? { whiteSpace: 'nowrap' } : { overflowWrap: 'anywhere' }}>
          {formatAddress(address)}
        </Text>
      ),
    },
    { key: 'list', header: t('lists.list'), cell: ({ list }) => <ListBadge list={list} /> },
    {
      key: 'reason',
      header: t('lists.reason'),
      cell: ({ reason }) => (
        <Text size="sm" c={typeof reason === 'string' ? undefined : 'dimmed'} className={classes.words}>
          {reason ?? '–'}
        </Text>
      ),
    },
    { key: 'since', header: t('lists.since'), cell: ({ created_at }) => <TimeText at={created_at} as="date" size="sm" style={{ whiteSpace: 'nowrap' }} /> },
    ...(mayWrite
      ? [
          {
            key: 'actions',
            header: t('lists.actions'),
            headerHidden: true,
            align: 'right' as const,
            cell: (entry: SuppressedAddress) => (
              <Tooltip label={t('lists.remove')}>
                <ActionIcon size={30} color="gray" aria-label={t('lists.removeOf', { address: formatAddress(entry.address) })} onClick={() => setDialog({ kind: 'remove', entry })}>
                  <Trash2 size={16} aria-hidden />
                </ActionIcon>
              </Tooltip>
            ),
          },
        ]
      : []),
  ];
  const actions = mayWrite && (
    <Group gap="xs">
      <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setDialog({ kind: 'add' })}>
        {t('lists.add')}
      </Button>
      <Button variant="default" leftSection={<FileUp size={16} aria-hidden />} onClick={() => setDialog({ kind: 'import' })}>
        {t('lists.import')}
      </Button>
    </Group>
  );
  return (
    <>
      <Group justify="space-between" align="flex-start">
        <Text size="sm" c="dimmed" maw={560}>
          {t('lists.text')}
        </Text>
        {actions}
      </Group>
      <DataTable
        label={t('section.lists')}
        columns={columns}
        rows={entries.data?.items}
        rowId={({ address, list }) => `${address} ${list}`}
        pager={pagerOf(search, entries.data?.next_cursor)}
        onPage={(page) => goTo({ ...page, trail: page.trail }, false)}
        error={entries.error}
        onRetry={() => void entries.refetch()}
        fetching={entries.isPlaceholderData}
        toolbar={
          <Group gap="xs">
            <SearchField label={t('lists.search')} value={search.q ?? ''} onSearch={(q) => go({ q })} flex={1} miw={180} maw={420} />
            <ListFilter key={search.list ?? ''} list={search.list ?? ''} seen={seen} onChange={(list) => go({ list })} />
          </Group>
        }
        empty={
          filtered ? (
            <EmptyState
              icon={SearchX}
              title={t('lists.noneFiltered')}
              text={t('lists.noneFilteredText')}
              action={
                <Button variant="default" onClick={() => go({ q: undefined, list: undefined })}>
                  {t('lists.clear')}
                </Button>
              }
            />
          ) : (
            <EmptyState icon={Ban} title={t('lists.none')} text={t('lists.noneText')} />
          )
        }
      />
      {dialog?.kind === 'add' && <AddToListDialog onClose={close} />}
      {dialog?.kind === 'import' && <ImportListDialog onClose={close} />}
      {dialog?.kind === 'remove' && <RemoveDialog entry={dialog.entry} onClose={close} />}
    </>
  );
}

interface ListFilterProps {
  list: string;
  /** Names of lists that the page shows now. */
  seen: readonly string[];
  onChange: (list: string) => void;
}

/** A list is chosen, or named: lists that were imported have names of their own. */
function ListFilter({ list, seen, onChange }: ListFilterProps) {
  const { t } = useTranslation('compliance');
  const name = useListName();
  const byName = new Map(KNOWN.map((id) => [name(id), id]));
  const [typed, setTyped] = useState(list === '' ? '' : name(list));
  const take = (text: string) => {
    const wanted = byName.get(text.trim()) ?? text.trim();
    if (wanted !== list) onChange(wanted);
  };
  return (
    <Autocomplete
      aria-label={t('lists.filter')}
      placeholder={t('lists.anyList')}
      w={230}
      maxLength={60}
      clearable
      clearButtonProps={{ 'aria-label': t('common:action.clear') }}
      data={[...byName.keys(), ...seen]}
      value={typed}
      onChange={(text) => {
        setTyped(text);
        if (text === '') take('');
      }}
      onOptionSubmit={take}
      onBlur={() => take(typed)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take(typed);
      }}
    />
  );
}

/** Taking an address off a list needs a reason, which the audit log keeps. */
function RemoveDialog({ entry, onClose }: { entry: SuppressedAddress; onClose: () => void }) {
  const { t } = useTranslation('compliance');
  const name = useListName();
  const remove = useUnsuppress();
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const short = reason.trim().length < 3;
  const kind = kindOf(entry.list);
  return (
    <Modal opened onClose={onClose} title={<Text fw={650}>{t('lists.removeTitle', { address: formatAddress(entry.address) })}</Text>}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (short) return;
          remove.mutate(
            { address: entry.address, list: entry.list, reason: reason.trim() },
            {
              onSuccess: () => {
                notifyDone(t('lists.removed', { address: formatAddress(entry.address), list: name(entry.list) }));
                onClose();
              },
            },
          );
        }}
      >
        <Stack>
          <Text size="sm">{t(`lists.removeText.${kind}`, { list: name(entry.list) })}</Text>
          <Textarea data-autofocus label={t('lists.removeReason')} description={t('lists.removeReasonText')} autosize minRows={2} maxRows={6} maxLength={300} value={reason} error={tried && short ? t('lists.removeShort') : undefined} onChange={(event) => setReason(event.currentTarget.value)} />
          <FormError error={remove.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('common:action.cancel')}
            </Button>
            <Button color="red" type="submit" loading={remove.isPending}>
              {t('lists.remove')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
