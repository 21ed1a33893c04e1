import { Menu } from '@mantine/core';
import { Check } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useMe, useMembership } from '../session';
import { useSwitchWorkspace } from './useSwitchWorkspace';
import { WorkspaceFace } from './WorkspaceFace';

export function WorkspaceSwitcher() {
  const { t } = useTranslation();
  const me = useMe();
  const current = useMembership();
  const switchTo = useSwitchWorkspace();
  return (
    <Menu width={212} position="bottom-start" withinPortal={false}>
      <Menu.Target>
        <WorkspaceFace />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('shell.workspaces')}</Menu.Label>
        {me.workspaces.map((workspace) => (
          <Menu.Item
            key={workspace.id}
            rightSection={workspace.id === current?.id ? <Check size={16} aria-label={t('shell.current')} /> : null}
            onClick={() => void switchTo(workspace.id)}
          >
            {workspace.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
