import { ActionIcon, Avatar, Kbd, Menu, Text, Tooltip, UnstyledButton, useComputedColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { CircleHelp, Keyboard, LogOut, Moon, Sun, UserRoundCog } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { colorOf, initialsOf } from '../../ui/Person';
import { api } from '../api';
import { LANGUAGES } from '../i18n';
import { useMe } from '../session';
import { leave } from './leave';
import { usePreferences } from './preferences';

/** The scheme and the person's own menu. Menus are heavy, so they come right after the page. */
export function HeaderMenus({ onHelp }: { onHelp: () => void }) {
  return (
    <>
      <ThemeToggle />
      <AvatarMenu onHelp={onHelp} />
    </>
  );
}

function ThemeToggle() {
  const { t } = useTranslation();
  const scheme = useComputedColorScheme('light');
  const { setScheme } = usePreferences();
  const next = scheme === 'dark' ? 'light' : 'dark';
  return (
    <Tooltip label={t(`shell.scheme.${next}`)}>
      <ActionIcon size={34} aria-label={t(`shell.scheme.${next}`)} onClick={() => setScheme(next)}>
        {scheme === 'dark' ? <Sun size={18} aria-hidden /> : <Moon size={18} aria-hidden />}
      </ActionIcon>
    </Tooltip>
  );
}

function AvatarMenu({ onHelp }: { onHelp: () => void }) {
  const { t, i18n } = useTranslation();
  const { user } = useMe();
  const navigate = useNavigate();
  const { setLanguage } = usePreferences();
  return (
    <Menu position="bottom-end" width={240} withinPortal={false}>
      <Menu.Target>
        <UnstyledButton aria-label={t('shell.account', { name: user.name })} style={{ borderRadius: '50%' }}>
          <Avatar radius={999} size={32} color={colorOf(user.name)}>
            {initialsOf(user.name)}
          </Avatar>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--mantine-color-text)" truncate>
            {user.name}
          </Text>
          <Text size="xs" truncate>
            {user.email}
          </Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item leftSection={<UserRoundCog size={16} aria-hidden />} onClick={() => void navigate({ to: '/settings/$section', params: { section: 'profile' } })}>
          {t('shell.profile')}
        </Menu.Item>
        <Menu.Item leftSection={<Keyboard size={16} aria-hidden />} onClick={onHelp} rightSection={<Kbd size="xs">?</Kbd>}>
          {t('shell.shortcuts')}
        </Menu.Item>
        <Menu.Item component="a" href="/docs" target="_blank" rel="noreferrer" leftSection={<CircleHelp size={16} aria-hidden />}>
          {t('shell.docs')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t('shell.language')}</Menu.Label>
        {Object.entries(LANGUAGES).map(([code, name]) => (
          <Menu.Item key={code} lang={code} aria-current={i18n.language === code} onClick={() => setLanguage(code)} fw={i18n.language === code ? 650 : 400}>
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<LogOut size={16} aria-hidden />}
          onClick={() => {
            void api.post('/auth/logout').catch(() => undefined).then(leave);
          }}
        >
          {t('shell.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
