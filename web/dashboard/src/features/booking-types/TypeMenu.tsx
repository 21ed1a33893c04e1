import type { BookingType } from '@frontdesk/api-client';
import { ActionIcon, Menu } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { Archive, ArchiveRestore, ArrowDown, ArrowUp, Copy, Ellipsis, ExternalLink, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../../app/session';
import { ConfirmDialog } from '../../ui/ConfirmButton';
import { notifyDone, notifyProblem, notifyUndo } from '../../ui/toast';
import { deleteType, restoreType, useChangeType, useCloneType } from './queries';

interface TypeMenuProps {
  type: BookingType;
  onUp?: () => void;
  onDown?: () => void;
}

/** What can be done with a booking type as a whole. */
export function TypeMenu({ type, onUp, onDown }: TypeMenuProps) {
  const { t } = useTranslation('booking-types');
  const navigate = useNavigate();
  const workspace = useWorkspace();
  const change = useChangeType(type.id);
  const clone = useCloneType();
  const [deleting, setDeleting] = useState(false);
  const { name } = type;
  const icon = { size: 16, 'aria-hidden': true } as const;
  const setActive = (active: boolean) =>
    change.mutate(
      { active },
      { onSuccess: () => notifyUndo(t(active ? 'menu.restored' : 'menu.archived', { name }), () => change.mutate({ active: !active })) },
    );
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon size={34} aria-label={t('menu.label', { name })}>
            <Ellipsis size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {workspace !== undefined && type.active && (
            <Menu.Item component="a" href={`/book/${workspace.slug}/${type.slug}`} target="_blank" rel="noreferrer" leftSection={<ExternalLink {...icon} />}>
              {t('menu.open')}
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<Copy {...icon} />}
            onClick={() =>
              clone.mutate(type.id, {
                onSuccess: (copy) => {
                  notifyDone(t('menu.cloned', { name }));
                  void navigate({ to: '/booking-types/$typeId', params: { typeId: copy.id } });
                },
              })
            }
          >
            {t('menu.clone')}
          </Menu.Item>
          {onUp !== undefined && (
            <Menu.Item leftSection={<ArrowUp {...icon} />} onClick={onUp}>
              {t('menu.up')}
            </Menu.Item>
          )}
          {onDown !== undefined && (
            <Menu.Item leftSection={<ArrowDown {...icon} />} onClick={onDown}>
              {t('menu.down')}
            </Menu.Item>
          )}
          <Menu.Item leftSection={type.active ? <Archive {...icon} /> : <ArchiveRestore {...icon} />} onClick={() => setActive(!type.active)}>
            {t(type.active ? 'menu.archive' : 'menu.restore')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red" leftSection={<Trash2 {...icon} />} onClick={() => setDeleting(true)}>
            {t('common:action.delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={deleting}
        onClose={() => setDeleting(false)}
        title={t('delete.title', { name })}
        text={t('delete.text')}
        confirm={t('delete.confirm')}
        onConfirm={async () => {
          await deleteType(type.id);
          notifyUndo(t('delete.done', { name }), () => void restoreType(type).catch(notifyProblem));
          await navigate({ to: '/booking-types' });
        }}
      />
    </>
  );
}
