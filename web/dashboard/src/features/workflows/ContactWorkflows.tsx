// A person's ways through workflows, on their page.

import type { Contact, Enrolment } from '@frontdesk/api-client';
import { Button, Menu, Skeleton, Text, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { ErrorState } from '../../ui/ErrorState';
import { Panel } from '../../ui/Panel';
import { useFormatTime } from '../../ui/time';
import { notifyDone, notifyProblem } from '../../ui/toast';
import rows from '../contacts/Contacts.module.css';
import { EnrolmentDrawer } from './EnrolmentDrawer';
import { contactEnrolmentsQuery, enrol, workflowsQuery } from './queries';
import { useSay } from './say';
import { EnrolmentBadge } from './WorkflowBadge';
import classes from './Workflows.module.css';

export function ContactWorkflows({ contact }: { contact: Contact }) {
  const { t } = useTranslation('workflows');
  const mayRead = useCan('workflows:read');
  const mayWrite = useCan('workflows:write');
  const enrolments = useQuery({ ...contactEnrolmentsQuery(contact.id), enabled: mayRead });
  const workflows = useQuery({ ...workflowsQuery, enabled: mayRead }).data ?? [];
  const [shown, setShown] = useState<Enrolment | null>(null);
  if (!mayRead) return null;
  const list = enrolments.data;
  const inside = new Set((list ?? []).filter(({ state }) => state === 'active').map(({ workflow_id: id }) => id));
  const open = workflows.filter(({ id, state }) => state === 'active' && !inside.has(id));
  const put = async (id: string, name: string) => {
    try {
      const { entered } = await enrol(id, [contact.id]);
      if (entered > 0) notifyDone(t('ofContact.entered', { name }));
      else notifyProblem(t('ofContact.leftOut', { name }));
    } catch (error) {
      notifyProblem(error);
    }
  };
  return (
    <Panel
      title={t('ofContact.title')}
      action={
        mayWrite &&
        open.length > 0 && (
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <Button size="xs" variant="default" leftSection={<Plus size={15} aria-hidden />}>
                {t('ofContact.add')}
              </Button>
            </Menu.Target>
            <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
              {open.map(({ id, settings }) => (
                <Menu.Item key={id} onClick={() => void put(id, settings.name)}>
                  {settings.name}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )
      }
    >
      {list === undefined ? (
        enrolments.isError ? (
          <ErrorState compact error={enrolments.error} onRetry={() => void enrolments.refetch()} />
        ) : (
          <Skeleton height={60} />
        )
      ) : list.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('ofContact.none')}
        </Text>
      ) : (
        <ul className={rows.rows}>
          {list.map((enrolment) => (
            <li key={enrolment.id} className={rows.row}>
              <div style={{ flex: 1, minWidth: 0 }}>
                <UnstyledButton className={classes.open} onClick={() => setShown(enrolment)}>
                  {enrolment.workflow_name}
                </UnstyledButton>
                <Where enrolment={enrolment} steps={workflows.find(({ id }) => id === enrolment.workflow_id)?.settings.steps ?? []} />
              </div>
              <EnrolmentBadge state={enrolment.state} />
            </li>
          ))}
        </ul>
      )}
      {shown !== null && (
        <EnrolmentDrawer id={shown.id} settings={workflows.find(({ id }) => id === shown.workflow_id)?.settings} mayWrite={mayWrite} onClose={() => setShown(null)} />
      )}
    </Panel>
  );
}

/** What comes next, or how it ended. */
function Where({ enrolment, steps }: { enrolment: Enrolment; steps: Parameters<ReturnType<typeof useSay>['place']>[0] }) {
  const { t } = useTranslation('workflows');
  const say = useSay();
  const format = useFormatTime();
  const { step, due_at: due, reason, ended_at: ended, entered_at: entered } = enrolment;
  const text =
    typeof step === 'string' && enrolment.state === 'active'
      ? typeof due === 'string'
        ? t('way.next', { what: say.place(steps, step), when: format(due, 'datetime') })
        : t('way.waits', { what: say.place(steps, step) })
      : [reason === null || reason === undefined ? null : t(`reason.${reason}`), format(ended ?? entered, 'date')].filter(Boolean).join(' · ');
  return (
    <Text size="xs" c="dimmed">
      {text}
    </Text>
  );
}
