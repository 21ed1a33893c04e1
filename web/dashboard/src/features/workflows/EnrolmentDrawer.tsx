// One contact's way through a workflow: what happened at each step, what comes next, and how they fit.

import type { EnrolmentStory, LogEntry, Qualification, WorkflowSettings } from '@frontdesk/api-client';
import { Anchor, Badge, Button, Drawer, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck, CircleHelp, CircleMinus, CircleStop, CircleX, Clock, Footprints, UserRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ConfirmButton } from '../../ui/ConfirmButton';
import { ErrorState } from '../../ui/ErrorState';
import { sentence } from '../../ui/text';
import { useFormatTime } from '../../ui/time';
import { TimeText } from '../../ui/TimeText';
import { notifyDone } from '../../ui/toast';
import { outboxMessageQuery } from '../messages/queries';
import { enrolmentQuery, stopEnrolment } from './queries';
import { criterionText, useSay } from './say';
import { EnrolmentBadge, OUTCOME_LOOKS } from './WorkflowBadge';
import classes from './Workflows.module.css';

interface EnrolmentDrawerProps {
  id: string;
  /** The workflow's; absent where it is not known. */
  settings?: WorkflowSettings | undefined;
  mayWrite: boolean;
  onClose: () => void;
}

export function EnrolmentDrawer({ id, settings, mayWrite, onClose }: EnrolmentDrawerProps) {
  const { t } = useTranslation('workflows');
  const story = useQuery(enrolmentQuery(id));
  const enrolment = story.data?.enrolment;
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={520}
      title={
        enrolment === undefined ? (
          <Text fw={650}>{t('way.title')}</Text>
        ) : (
          <Group gap="xs">
            <Text fw={650}>{enrolment.contact_name === '' ? t('common:contact.unknown') : enrolment.contact_name}</Text>
            <EnrolmentBadge state={enrolment.state} />
          </Group>
        )
      }
    >
      {story.data !== undefined ? (
        <Story story={story.data} settings={settings} mayWrite={mayWrite} />
      ) : story.isError ? (
        <ErrorState error={story.error} onRetry={() => void story.refetch()} />
      ) : (
        <Stack role="status" aria-label={t('common:state.loading')}>
          <Skeleton height={80} />
          <Skeleton height={180} />
        </Stack>
      )}
    </Drawer>
  );
}

function Story({ story: { enrolment, log }, settings, mayWrite }: { story: EnrolmentStory; settings: WorkflowSettings | undefined; mayWrite: boolean }) {
  const { t } = useTranslation('workflows');
  const format = useFormatTime();
  const name = enrolment.contact_name === '' ? t('common:contact.unknown') : enrolment.contact_name;
  const { reason } = enrolment;
  return (
    <Stack gap="lg">
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          leftSection={<UserRound size={15} aria-hidden />}
          renderRoot={(props) => <Link to="/contacts/$contactId" params={{ contactId: enrolment.contact_id }} {...props} />}
        >
          {t('way.contact')}
        </Button>
        {mayWrite && enrolment.state === 'active' && (
          <ConfirmButton
            size="xs"
            leftSection={<CircleStop size={15} aria-hidden />}
            title={t('stop.title', { name })}
            text={t('stop.text')}
            confirm={t('stop.confirm')}
            onConfirm={async () => {
              await stopEnrolment(enrolment.id);
              notifyDone(t('stop.done', { name }));
            }}
          >
            {t('stop.button')}
          </ConfirmButton>
        )}
      </Group>
      <dl className={classes.facts}>
        <dt>{t('people.column.entered')}</dt>
        <dd>{format(enrolment.entered_at, 'datetime')}</dd>
        {typeof enrolment.ended_at === 'string' && (
          <>
            <dt>{t('people.column.ended')}</dt>
            <dd>{format(enrolment.ended_at, 'datetime')}</dd>
          </>
        )}
        {reason !== null && reason !== undefined && (
          <>
            <dt>{t('way.because')}</dt>
            <dd>{t(`reason.${reason}`)}</dd>
          </>
        )}
      </dl>
      {enrolment.qualification !== null && enrolment.qualification !== undefined && <Fit qualification={enrolment.qualification} settings={settings} />}
      <section>
        <Title order={2} size="h3" mb="sm">
          {t('way.log')}
        </Title>
        <Log log={log} enrolment={enrolment} settings={settings} />
      </section>
    </Stack>
  );
}

interface LogProps {
  log: readonly LogEntry[];
  enrolment: EnrolmentStory['enrolment'];
  settings: WorkflowSettings | undefined;
}

function Log({ log, enrolment, settings }: LogProps) {
  const { t } = useTranslation('workflows');
  const say = useSay();
  const format = useFormatTime();
  const steps = settings?.steps ?? [];
  const { step, due_at: due } = enrolment;
  return (
    <ol className={classes.log}>
      <li>
        <Footprints size={17} aria-hidden />
        <span>{t('way.entered')}</span>
        <When at={enrolment.entered_at} />
      </li>
      {log.map((entry, n) => {
        const { icon: Icon } = OUTCOME_LOOKS[entry.outcome];
        return (
          <li key={`${entry.at} ${String(n)}`} data-outcome={entry.outcome}>
            <Icon size={17} aria-hidden />
            <div>
              <Text size="sm" fw={550}>
                {settings === undefined ? entry.step : say.place(steps, entry.step)}
                {entry.outcome !== 'done' && ` · ${t(`outcome.${entry.outcome}`)}`}
              </Text>
              {entry.text !== '' && (
                <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                  {sentence(entry.text)}
                </Text>
              )}
              {typeof entry.message_id === 'string' && <MessageLinks id={entry.message_id} />}
            </div>
            <When at={entry.at} />
          </li>
        );
      })}
      {enrolment.state === 'active' && typeof step === 'string' && (
        <li data-outcome="open">
          <Clock size={17} aria-hidden />
          <span>{typeof due === 'string' ? t('way.next', { what: say.place(steps, step), when: format(due, 'datetime') }) : t('way.waits', { what: say.place(steps, step) })}</span>
        </li>
      )}
    </ol>
  );
}

function When({ at }: { at: string }) {
  return <TimeText at={at} as="datetime" size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }} />;
}

/** To the message that was sent, and to the conversation it stands in. */
function MessageLinks({ id }: { id: string }) {
  const { t } = useTranslation('workflows');
  const conversation = useQuery(outboxMessageQuery(id)).data?.conversation_id;
  return (
    <Group gap="sm">
      <Anchor size="xs" renderRoot={(props) => <Link to="/messages/$messageId" params={{ messageId: id }} {...props} />}>
        {t('way.message')}
      </Anchor>
      {typeof conversation === 'string' && (
        <Anchor size="xs" renderRoot={(props) => <Link to="/inbox/$conversationId" params={{ conversationId: conversation }} {...props} />}>
          {t('way.conversation')}
        </Anchor>
      )}
    </Group>
  );
}

function Fit({ qualification, settings }: { qualification: Qualification; settings: WorkflowSettings | undefined }) {
  const { t } = useTranslation('workflows');
  return (
    <section>
      <Group gap="xs" mb="sm">
        <Title order={2} size="h3">
          {t('fit.title')}
        </Title>
        <Badge color={qualification.qualified ? 'teal' : 'gray'} leftSection={qualification.qualified ? <CircleCheck size={12} aria-hidden /> : <CircleMinus size={12} aria-hidden />}>
          {t(qualification.qualified ? 'fit.yes' : 'fit.no')}
        </Badge>
      </Group>
      <ul className={classes.log}>
        {qualification.judgements.map(({ criterion, met, reason }) => {
          const Icon = met === true ? CircleCheck : met === false ? CircleX : CircleHelp;
          return (
            <li key={criterion} data-outcome={met === true ? 'done' : met === false ? 'failed' : 'open'}>
              <Icon size={17} aria-label={t(met === true ? 'fit.met' : met === false ? 'fit.unmet' : 'fit.unknown')} role="img" />
              <div>
                <Text size="sm" fw={550}>
                  {criterionText(settings, criterion)}
                </Text>
                {reason !== '' && (
                  <Text size="sm" c="dimmed">
                    {sentence(reason)}
                  </Text>
                )}
              </div>
            </li>
          );
        })}
      </ul>
      <Text size="xs" c="dimmed">
        {qualification.by === 'built-in' ? t('fit.byWords') : t('fit.by', { by: qualification.by })} · <TimeText at={qualification.at} />
      </Text>
    </section>
  );
}
