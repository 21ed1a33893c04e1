import { Badge, Box, Menu, Text, UnstyledButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Check, ChevronsUpDown, Headphones } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { allows } from '../access';
import { NAV, NAV_GROUPS, type NavGroup, type NavItem } from '../nav';
import { useMe, useMembership } from '../session';
import { useWaiting } from './counts';
import classes from './Shell.module.css';
import { useSwitchWorkspace } from './useSwitchWorkspace';

export function Navigation() {
  return (
    <>
      <Box px="sm">
        <WorkspaceSwitcher />
      </Box>
      <Box flex={1} px="sm" pb="md" className={classes.scroll}>
        {NAV_GROUPS.map((group) => (
          <Group key={group} group={group} />
        ))}
      </Box>
    </>
  );
}

function WorkspaceSwitcher() {
  const { t } = useTranslation();
  const me = useMe();
  const current = useMembership();
  const switchTo = useSwitchWorkspace();
  return (
    <Menu width={228} position="bottom-start">
      <Menu.Target>
        <UnstyledButton className={classes.workspace}>
          <span className={classes.logo}>
            <Headphones size={18} aria-hidden />
          </span>
          <span style={{ flex: 1, minWidth: 0 }}>
            <Text size="sm" fw={650} truncate component="span" display="block">
              {current?.name ?? t('shell.noWorkspace')}
            </Text>
            <Text size="xs" c="dimmed" component="span" display="block">
              {current === undefined ? '' : t(`role.${current.role}`)}
            </Text>
          </span>
          <span className="visually-hidden">{t('shell.switchWorkspace')}</span>
          <ChevronsUpDown size={16} aria-hidden />
        </UnstyledButton>
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

function Group({ group }: { group: NavGroup }) {
  const { t } = useTranslation();
  const title = useId();
  const role = useMembership()?.role;
  const items = NAV.filter((item) => item.group === group && role !== undefined && allows(role, item.permission));
  if (items.length === 0) return null;
  return (
    <section aria-labelledby={title}>
      <h2 id={title} className={classes.groupTitle}>
        {t(`nav.group.${group}`)}
      </h2>
      <ul className={classes.list}>
        {items.map((item) => (
          <li key={item.id}>
            <Item item={item} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Item({ item }: { item: NavItem }) {
  const { t } = useTranslation();
  const Icon = item.icon;
  return (
    <Link to={item.to} className={classes.item} activeOptions={{ exact: item.to === '/', includeSearch: false }}>
      <Icon size={18} strokeWidth={1.8} aria-hidden />
      <span>{t(`nav.${item.id}`)}</span>
      {item.id === 'inbox' && <WaitingBadge />}
    </Link>
  );
}

function WaitingBadge() {
  const { t } = useTranslation();
  const waiting = useWaiting();
  if (waiting === 0) return null;
  return (
    <Badge size="sm" radius="xl" color="orange" flex="none" aria-label={t('shell.waiting', { count: waiting })}>
      {waiting}
    </Badge>
  );
}
