import type { Permission } from '@frontdesk/api-client';
import { Table } from '@mantine/core';
import { Check, Minus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { allows, ROLES } from '../../app/access';
import { Panel } from '../../ui/Panel';

/** The questions people ask about roles, each answered by one permission. */
const ROWS: readonly { key: string; permission: Permission }[] = [
  { key: 'see', permission: 'conversations:read' },
  { key: 'reply', permission: 'conversations:write' },
  { key: 'contacts', permission: 'contacts:write' },
  { key: 'knowledge', permission: 'knowledge:write' },
  { key: 'agents', permission: 'agents:write' },
  { key: 'identify', permission: 'contacts:identify' },
  { key: 'export', permission: 'contacts:export' },
  { key: 'team', permission: 'team:write' },
  { key: 'settings', permission: 'workspace:write' },
  { key: 'keys', permission: 'keys:write' },
  { key: 'audit', permission: 'audit:read' },
  { key: 'own', permission: 'workspace:own' },
];

/** What each role may do, from the same table the server goes by. */
export function RoleTable() {
  const { t } = useTranslation('team');
  return (
    <Panel title={t('roles.title')} text={t('roles.text')}>
      <Table.ScrollContainer minWidth={560} type="native" tabIndex={0}>
        <Table verticalSpacing="xs">
          <Table.Caption className="visually-hidden">{t('roles.title')}</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('roles.may')}</Table.Th>
              {ROLES.map((role) => (
                <Table.Th key={role} scope="col" ta="center">
                  {t(`common:role.${role}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {ROWS.map(({ key, permission }) => (
              <Table.Tr key={key}>
                <Table.Th scope="row" fw={400}>
                  {t(`may.${key}`)}
                </Table.Th>
                {ROLES.map((role) => {
                  const allowed = allows(role, permission);
                  const Icon = allowed ? Check : Minus;
                  return (
                    <Table.Td key={role} ta="center">
                      <Icon size={16} role="img" aria-label={t(allowed ? 'roles.yes' : 'roles.no')} color={allowed ? 'var(--text-success)' : 'var(--mantine-color-dimmed)'} />
                    </Table.Td>
                  );
                })}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Panel>
  );
}
