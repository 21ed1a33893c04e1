import type { Agent } from '@frontdesk/api-client';
import { ActionIcon, Menu } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { Archive, ArchiveRestore, CirclePause, CirclePlay, Copy, Ellipsis, Star, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../ui/ConfirmButton';
import { notifyDone, notifyUndo } from '../../ui/toast';
import { deleteAgent, useChangeAgent, useCloneAgent } from './queries';

/** What can be done with an agent as a whole. */
export function AgentMenu({ agent }: { agent: Agent }) {
  const { t } = useTranslation('agents');
  const navigate = useNavigate();
  const change = useChangeAgent(agent.id);
  const clone = useCloneAgent();
  const [deleting, setDeleting] = useState(false);
  const [pausing, setPausing] = useState(false);
  const { name } = agent;
  const icon = { size: 16, 'aria-hidden': true } as const;
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon size={32} aria-label={t('menu.label', { name })}>
            <Ellipsis size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<Copy {...icon} />}
            onClick={() =>
              clone.mutate(agent.id, {
                onSuccess: (copy) => {
                  notifyDone(t('menu.cloned', { name }));
                  void navigate({ to: '/agents/$agentId', params: { agentId: copy.id } });
                },
              })
            }
          >
            {t('menu.clone')}
          </Menu.Item>
          {!agent.is_default && agent.state === 'active' && (
            <Menu.Item
              leftSection={<Star {...icon} />}
              onClick={() => change.mutate({ is_default: true }, { onSuccess: () => notifyDone(t('menu.madeDefault', { name })) })}
            >
              {t('menu.makeDefault')}
            </Menu.Item>
          )}
          {agent.state === 'active' ? (
            <Menu.Item leftSection={<CirclePause {...icon} />} onClick={() => setPausing(true)}>
              {t('menu.pause')}
            </Menu.Item>
          ) : (
            <Menu.Item
              leftSection={agent.state === 'archived' ? <ArchiveRestore {...icon} /> : <CirclePlay {...icon} />}
              onClick={() => change.mutate({ state: 'active' }, { onSuccess: () => notifyDone(t('menu.resumed', { name })) })}
            >
              {t(agent.state === 'archived' ? 'menu.restore' : 'menu.resume')}
            </Menu.Item>
          )}
          {agent.state !== 'archived' && !agent.is_default && (
            <Menu.Item
              leftSection={<Archive {...icon} />}
              onClick={() => {
                const { state } = agent;
                change.mutate(
                  { state: 'archived' },
                  { onSuccess: () => notifyUndo(t('menu.archived', { name }), () => change.mutate({ state })) },
                );
              }}
            >
              {t('menu.archive')}
            </Menu.Item>
          )}
          <Menu.Divider />
          <Menu.Item color="red" leftSection={<Trash2 {...icon} />} onClick={() => setDeleting(true)}>
            {t('common:action.delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={pausing}
        onClose={() => setPausing(false)}
        title={t('pause.title', { name })}
        text={t('pause.text')}
        confirm={t('pause.confirm')}
        onConfirm={() => change.mutateAsync({ state: 'inactive' })}
      />
      <ConfirmDialog
        opened={deleting}
        onClose={() => setDeleting(false)}
        title={t('delete.title', { name })}
        text={t('delete.text')}
        confirm={t('delete.confirm')}
        onConfirm={async () => {
          await deleteAgent(agent.id);
          notifyDone(t('delete.done', { name }));
          await navigate({ to: '/agents' });
        }}
      />
    </>
  );
}
