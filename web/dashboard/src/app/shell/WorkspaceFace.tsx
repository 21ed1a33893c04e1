import { Text, UnstyledButton, type UnstyledButtonProps } from '@mantine/core';
import { ChevronsUpDown, Headphones } from 'lucide-react';
import type { ComponentProps } from 'react';
import { useTranslation } from 'react-i18next';
import { useMembership } from '../session';
import classes from './Shell.module.css';

/** The workspace one is in, as the button that opens the others. */
export function WorkspaceFace(props: UnstyledButtonProps & Omit<ComponentProps<'button'>, keyof UnstyledButtonProps>) {
  const { t } = useTranslation();
  const current = useMembership();
  return (
    <UnstyledButton {...props} className={classes.workspace}>
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
  );
}
