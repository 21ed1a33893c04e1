import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { Panel } from '../../ui/Panel';
import rows from '../contacts/Contacts.module.css';
import { DoneButton, Due } from './DoneButton';
import { tasksQuery } from './queries';

/** What is still to be done about a person; nothing stands here when there is nothing. */
export function ContactTasks({ contactId }: { contactId: string }) {
  const { t } = useTranslation('tasks');
  const mayRead = useCan('workflows:read');
  const mayWrite = useCan('contacts:write');
  const open = useQuery({ ...tasksQuery({ done: false, contact_id: contactId }), enabled: mayRead }).data?.items ?? [];
  if (open.length === 0) return null;
  return (
    <Panel title={t('ofContact.title')}>
      <ul className={rows.rows}>
        {open.map((task) => (
          <li key={task.id} className={rows.row}>
            <div style={{ flex: 1, minWidth: 0 }}>
              <Text size="sm">{task.title}</Text>
              <Due at={task.due_at} />
            </div>
            {mayWrite && <DoneButton task={task} />}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
