// Saved filters: choose one, keep the present one, or let one go.

import type { ContactFilter } from '@frontdesk/api-client';
import { ActionIcon, Button, Group, Menu, Modal, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Bookmark, Check, Plus, Trash2, Users } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { FormError } from '../../ui/FormError';
import { notifyDone, notifyProblem } from '../../ui/toast';
import { deleteSegment, saveSegment, segmentsQuery } from './queries';
import type { ContactsSearch } from './routes';

interface SegmentsMenuProps {
  search: ContactsSearch;
  onChoose: (filter: ContactFilter) => void;
}

export function SegmentsMenu({ search, onChoose }: SegmentsMenuProps) {
  const { t } = useTranslation('contacts');
  const mayWrite = useCan('contacts:write');
  const segments = useQuery(segmentsQuery());
  const [saving, setSaving] = useState(false);
  const filter: ContactFilter = { ...search.filter, ...(search.q === undefined ? {} : { q: search.q }) };
  const shown = JSON.stringify(filter);
  const chosen = segments.data?.find((segment) => JSON.stringify(segment.filter) === shown);
  const filtered = Object.keys(filter).length > 0;
  return (
    <>
      <Menu position="bottom-end" width={280} withinPortal>
        <Menu.Target>
          <Button variant="default" leftSection={<Bookmark size={16} aria-hidden />}>
            {chosen?.name ?? t('segment.button')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {(segments.data ?? []).map((segment) => (
            <Group key={segment.id} gap={4} wrap="nowrap">
              <Menu.Item
                flex={1}
                leftSection={segment.id === chosen?.id ? <Check size={15} aria-hidden /> : segment.shared ? <Users size={15} aria-hidden /> : <Bookmark size={15} aria-hidden />}
                onClick={() => onChoose(segment.filter)}
              >
                {segment.name}
              </Menu.Item>
              {mayWrite && (
                <ActionIcon
                  size={30}
                  aria-label={t('segment.delete', { name: segment.name })}
                  onClick={() => void deleteSegment(segment.id).then(() => notifyDone(t('segment.deleted', { name: segment.name })), notifyProblem)}
                >
                  <Trash2 size={15} aria-hidden />
                </ActionIcon>
              )}
            </Group>
          ))}
          {segments.data?.length === 0 && (
            <Text size="sm" c="dimmed" p="xs">
              {t('segment.none')}
            </Text>
          )}
          {mayWrite && filtered && chosen === undefined && (
            <>
              <Menu.Divider />
              <Menu.Item leftSection={<Plus size={15} aria-hidden />} onClick={() => setSaving(true)}>
                {t('segment.save')}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={saving} onClose={() => setSaving(false)} title={<Text fw={650}>{t('segment.save')}</Text>}>
        <SaveForm filter={filter} onClose={() => setSaving(false)} />
      </Modal>
    </>
  );
}

function SaveForm({ filter, onClose }: { filter: ContactFilter; onClose: () => void }) {
  const { t } = useTranslation('contacts');
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setBusy(true);
        saveSegment({ name: name.trim(), filter, shared })
          .then(() => {
            notifyDone(t('segment.saved', { name: name.trim() }));
            onClose();
          }, setError)
          .finally(() => setBusy(false));
      }}
    >
      <Stack>
        <TextInput data-autofocus label={t('segment.name')} maxLength={80} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Switch label={t('segment.shared')} checked={shared} onChange={(event) => setShared(event.currentTarget.checked)} />
        <FormError error={error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" disabled={name.trim() === ''} loading={busy}>
            {t('segment.keep')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
