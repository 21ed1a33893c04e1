import { Badge, Box } from '@mantine/core';
import { Link, useLocation } from '@tanstack/react-router';
import { lazy, Suspense, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { allows } from '../access';
import { NAV, NAV_GROUPS, type NavGroup, type NavItem } from '../nav';
import { useMembership } from '../session';
import { useInDoubt, useOpenTasks, useWaiting } from './counts';
import classes from './Shell.module.css';
import { WorkspaceFace } from './WorkspaceFace';

// Menus are heavy, so this one comes right after the page.
const WorkspaceSwitcher = lazy(() => import('./WorkspaceSwitcher').then((module) => ({ default: module.WorkspaceSwitcher })));

export function Navigation() {
  return (
    <>
      <Box px="sm">
        <Suspense fallback={<WorkspaceFace />}>
          <WorkspaceSwitcher />
        </Suspense>
      </Box>
      <Box flex={1} px="sm" pb="md" className={classes.scroll}>
        {NAV_GROUPS.map((group) => (
          <Group key={group} group={group} />
        ))}
      </Box>
    </>
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
  const belongs = useLocation({ select: ({ pathname }) => pathname === item.also });
  return (
    <Link to={item.to} {...(belongs ? { 'data-status': 'active' } : {})} className={classes.item} activeOptions={{ exact: item.to === '/', includeSearch: false }}>
      <Icon size={18} strokeWidth={1.8} aria-hidden />
      <span>{t(`nav.${item.id}`)}</span>
      {item.id === 'inbox' && <WaitingBadge />}
      {item.id === 'messages' && <DoubtBadge />}
      {item.id === 'tasks' && <TasksBadge />}
    </Link>
  );
}

function DoubtBadge() {
  const { t } = useTranslation();
  const count = useInDoubt();
  if (count === 0) return null;
  return (
    <Badge size="sm" radius="xl" color="orange" flex="none" aria-label={t('shell.inDoubt', { count })}>
      {count}
    </Badge>
  );
}

function TasksBadge() {
  const { t } = useTranslation();
  const open = useOpenTasks();
  if (open === '') return null;
  return (
    <Badge size="sm" radius="xl" color="gray" flex="none" tt="none" aria-label={t('shell.openTasks', { open })}>
      {open}
    </Badge>
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
