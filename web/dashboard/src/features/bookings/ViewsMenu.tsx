// Filters under a name: one's own and the team's.

import type { BookingView } from '@frontdesk/api-client';
import { Button, Group, Menu, Modal, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Bookmark, BookmarkPlus, Check, ChevronDown, Trash2, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { FormError } from '../../ui/FormError';
import { notifyDone, notifyProblem } from '../../ui/toast';
import { bookingViewsQuery, deleteView, useSaveView } from '../booking/queries';
import type { BookingsSearch } from './routes';
import { queryOf, searchOf } from './views';

interface ViewsMenuProps {
  search: BookingsSearch;
  onOpen: (search: BookingsSearch) => void;
}

export function ViewsMenu({ search, onOpen }: ViewsMenuProps) {
  const { t } = useTranslation('bookings');
  const views = useQuery(bookingViewsQuery).data ?? [];
  const [saving, setSaving] = useState(false);
  const query = queryOf(search);
  const current = views.find((view) => queryOf(searchOf(view.query)) === query);

  function remove(view: BookingView) {
    deleteView(view.id)
      .then(() => notifyDone(t('views.deleted', { name: view.name })))
      .catch(notifyProblem);
  }

  return (
    <>
      <Menu position="bottom-end" withinPortal width={260}>
        <Menu.Target>
          <Button variant="default" leftSection={<Bookmark size={16} aria-hidden />} rightSection={<ChevronDown size={14} aria-hidden />} maw={260}>
            {current?.name ?? t('views.title')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {views.length === 0 && <Menu.Label>{t('views.none')}</Menu.Label>}
          {views.map((view) => (
            <Menu.Item
              key={view.id}
              leftSection={view.shared ? <UsersRound size={15} aria-label={t('views.shared')} /> : <Bookmark size={15} aria-hidden />}
              rightSection={view.id === current?.id ? <Check size={15} aria-hidden /> : null}
              onClick={() => onOpen(searchOf(view.query))}
            >
              {view.name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          {current === undefined ? (
            <Menu.Item leftSection={<BookmarkPlus size={15} aria-hidden />} onClick={() => setSaving(true)}>
              {t('views.save')}
            </Menu.Item>
          ) : (
            <Menu.Item color="red" leftSection={<Trash2 size={15} aria-hidden />} onClick={() => remove(current)}>
              {t('views.delete', { name: current.name })}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {saving && <SaveDialog query={query} onClose={() => setSaving(false)} />}
    </>
  );
}

function SaveDialog({ query, onClose }: { query: string; onClose: () => void }) {
  const { t } = useTranslation('bookings');
  const mayShare = useCan('bookings:write');
  const save = useSaveView();
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  return (
    <Modal opened onClose={onClose} title={<Text fw={650}>{t('views.saveTitle')}</Text>}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(
            { name: name.trim(), query, shared },
            {
              onSuccess: () => {
                notifyDone(t('views.saved', { name: name.trim() }));
                onClose();
              },
            },
          );
        }}
      >
        <Stack>
          <TextInput label={t('views.name')} placeholder={t('views.example')} required data-autofocus maxLength={80} value={name} onChange={(event) => setName(event.currentTarget.value)} />
          {mayShare && <Switch label={t('views.share')} description={t('views.shareText')} checked={shared} onChange={(event) => setShared(event.currentTarget.checked)} />}
          <FormError error={save.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('common:action.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending} disabled={name.trim() === ''}>
              {t('views.keep')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
