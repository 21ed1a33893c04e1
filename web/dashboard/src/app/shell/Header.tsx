import { Group, Kbd, Loader, UnstyledButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Hand, Headphones, Search } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useLiveStatus } from '../live';
import { useWaiting } from './counts';
import { openPalette } from './palette-store';
import classes from './Shell.module.css';

const HeaderMenus = lazy(() => import('./HeaderMenus').then((module) => ({ default: module.HeaderMenus })));

const APPLE = /Mac|iPhone|iPad/u.test(navigator.userAgent);

export function Header({ onHelp }: { onHelp: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={classes.header}>
      <Group gap="sm" wrap="nowrap" flex={1} style={{ minWidth: 0 }}>
        <Link to="/" className={`${classes.logo ?? ''} ${classes.phoneOnly ?? ''}`} aria-label={t('nav.home')}>
          <Headphones size={18} aria-hidden />
        </Link>
        <UnstyledButton className={classes.search} onClick={openPalette}>
          <Search size={16} aria-hidden />
          <span>{t('shell.search')}</span>
          <Kbd size="xs" visibleFrom="sm">
            {APPLE ? '⌘ K' : 'Ctrl K'}
          </Kbd>
        </UnstyledButton>
      </Group>
      <Group gap="xs" wrap="nowrap">
        <LiveChip />
        <Suspense fallback={<span className={classes.menusToCome} />}>
          <HeaderMenus onHelp={onHelp} />
        </Suspense>
      </Group>
    </div>
  );
}

/** Who waits for a person; or that what is shown may be old. */
function LiveChip() {
  const { t } = useTranslation();
  const status = useLiveStatus();
  const waiting = useWaiting();
  if (status === 'reconnecting') {
    return (
      <span className={classes.live} data-kind="lost" role="status">
        <Loader size={12} color="gray" aria-hidden /> {t('shell.reconnecting')}
      </span>
    );
  }
  if (waiting === 0) return null;
  return (
    <Link to="/inbox" search={{ view: 'waiting' }} className={classes.live} data-kind="waiting">
      <Hand size={14} aria-hidden /> {t('shell.waiting', { count: waiting })}
    </Link>
  );
}
