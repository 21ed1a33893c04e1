// The frame around every page: navigation, header, command palette, help, and the phone's bottom bar.

import { AppShell, Button, useMantineColorScheme } from '@mantine/core';
import { useDisclosure, useHotkeys, useMediaQuery } from '@mantine/hooks';
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { PageLoading } from '../../ui/PageLoading';
import { pageShown, startLive, stopLive } from '../live';
import { NAV } from '../nav';
import { useMe, useMembership } from '../session';
import { allows } from '../access';
import { useShortcuts } from '../shortcuts';
import { Header } from './Header';
import { Navigation } from './Navigation';
import { openPalette, usePaletteWanted } from './palette-store';
import classes from './Shell.module.css';

// What the first screen does not need is fetched when it is asked for.
const Palette = lazy(() => import('./Palette').then((module) => ({ default: module.Palette })));
const HelpOverlay = lazy(() => import('./HelpOverlay').then((module) => ({ default: module.HelpOverlay })));
const PhoneBar = lazy(() => import('./PhoneBar').then((module) => ({ default: module.PhoneBar })));

export function Shell() {
  const { t } = useTranslation();
  const phone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const [helpOpened, help] = useDisclosure(false);
  const membership = useMembership();
  const navigate = useNavigate();
  const wanted = usePaletteWanted();
  const group = t('shortcuts.navigation');

  // The person's choice goes with them to every browser they sign in with.
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useMe().user.scheme;
  useEffect(() => setColorScheme(scheme), [scheme, setColorScheme]);

  useEffect(() => {
    pageShown();
    startLive();
    return stopLive;
  }, [membership?.id]);

  useHotkeys([['mod+K', openPalette]], []);

  useShortcuts([
    ...NAV.filter((item) => membership !== undefined && allows(membership.role, item.permission)).map((item) => ({
      keys: item.keys,
      label: t(`nav.${item.id}`),
      group,
      run: () => void navigate({ to: item.to }),
    })),
    { keys: '/', label: t('shortcuts.search'), group: t('shortcuts.general'), run: openPalette },
    { keys: '?', label: t('shortcuts.help'), group: t('shortcuts.general'), run: help.open },
  ]);

  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 236, breakpoint: 'sm', collapsed: { mobile: true } }}
      {...(phone ? { footer: { height: 60 } } : {})}
      layout="alt"
      padding={0}
      transitionDuration={0}
      classNames={{ root: classes.root, main: classes.main, header: classes.chrome, navbar: classes.chrome, footer: classes.chrome }}
    >
      <Button component="a" href="#main" className={classes.skip}>
        {t('shell.skip')}
      </Button>
      {!phone && (
        <AppShell.Navbar aria-label={t('shell.navigation')}>
          <Navigation />
        </AppShell.Navbar>
      )}
      <AppShell.Header>
        <Header onHelp={help.open} />
      </AppShell.Header>
      <AppShell.Main id="main" tabIndex={-1}>
        <RouteAnnouncer />
        <Suspense fallback={<PageLoading />}>
          <Outlet />
        </Suspense>
      </AppShell.Main>
      {phone && (
        <AppShell.Footer>
          <Suspense>
            <PhoneBar />
          </Suspense>
        </AppShell.Footer>
      )}
      <Suspense>
        {wanted > 0 && <Palette wanted={wanted} onHelp={help.open} />}
        {helpOpened && <HelpOverlay onClose={help.close} />}
      </Suspense>
    </AppShell>
  );
}

/** Tells a screen reader that another page is shown; sighted people see it. */
function RouteAnnouncer() {
  const path = useRouterState({ select: (state) => state.location.pathname.split('/')[1] ?? '' });
  const region = useRef<HTMLDivElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    // The page names the tab when it appears, a moment after the path has changed.
    const timer = setTimeout(() => {
      if (region.current !== null) region.current.textContent = document.title;
    }, 150);
    return () => clearTimeout(timer);
  }, [path]);
  return <div ref={region} className="visually-hidden" aria-live="polite" />;
}
