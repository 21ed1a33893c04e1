import { Drawer, NavLink, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { Ellipsis } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { allows } from '../access';
import { NAV } from '../nav';
import { useMe, useMembership } from '../session';
import { useWaiting } from './counts';
import classes from './Shell.module.css';
import { useSwitchWorkspace } from './useSwitchWorkspace';

/** The phone's bottom bar: the places used most, the rest under "More". */
export function PhoneBar() {
  const { t } = useTranslation();
  const me = useMe();
  const current = useMembership();
  const waiting = useWaiting();
  const switchTo = useSwitchWorkspace();
  const [opened, { open, close }] = useDisclosure(false);
  const mine = NAV.filter((item) => current !== undefined && allows(current.role, item.permission));
  return (
    <nav className={classes.bar} aria-label={t('shell.navigation')}>
      {mine
        .filter((item) => item.onPhone === true)
        .map((item) => (
          <Link key={item.id} to={item.to} className={classes.barItem} activeOptions={{ includeSearch: false }}>
            <span className={classes.barIcon}>
              <item.icon size={20} strokeWidth={1.8} aria-hidden />
              {item.id === 'inbox' && waiting > 0 && <span className={classes.dot} />}
            </span>
            {t(`nav.${item.id}`)}
            {item.id === 'inbox' && waiting > 0 && (
              <span className="visually-hidden">{t('shell.waiting', { count: waiting })}</span>
            )}
          </Link>
        ))}
      <UnstyledButton className={classes.barItem} onClick={open} aria-haspopup="dialog" aria-expanded={opened}>
        <Ellipsis size={20} aria-hidden />
        {t('nav.more')}
      </UnstyledButton>
      <Drawer opened={opened} onClose={close} position="bottom" title={current?.name} radius="lg" classNames={{ content: classes.sheet }}>
        {mine
          .filter((item) => item.onPhone !== true)
          .map((item) => (
            <NavLink
              key={item.id}
              renderRoot={(props) => <Link to={item.to} {...props} />}
              label={t(`nav.${item.id}`)}
              leftSection={<item.icon size={18} strokeWidth={1.8} aria-hidden />}
              onClick={close}
              className={classes.sheetItem}
            />
          ))}
        {me.workspaces.length > 1 &&
          me.workspaces
            .filter((workspace) => workspace.id !== current?.id)
            .map((workspace) => (
              <NavLink
                key={workspace.id}
                component="button"
                label={t('shell.switchTo', { name: workspace.name })}
                onClick={() => {
                  close();
                  void switchTo(workspace.id);
                }}
                className={classes.sheetItem}
              />
            ))}
      </Drawer>
    </nav>
  );
}
