// Everything on record about whether and why one contact was written to, to look at and to keep as a file.

import type { Contact, Evidence, Verdict } from '@frontdesk/api-client';
import { Alert, Anchor, Button, Card, Group, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { CircleCheck, CircleSlash, Clock, Download, FileSearch, Hand, type LucideIcon } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatAddress } from '../../ui/address';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { MessageBadge } from '../../ui/MessageBadge';
import { Panel } from '../../ui/Panel';
import { saveText } from '../../ui/save-file';
import { StatusBadge } from '../../ui/StatusBadge';
import { sentence } from '../../ui/text';
import { useFormatTime } from '../../ui/time';
import { TimeText } from '../../ui/TimeText';
import { useVerdictText } from '../messages/Verdict';
import classes from './Compliance.module.css';
import { ConsentList } from './Consents';
import { ForContact } from './ContactField';
import { ListBadge } from './ListName';
import { evidenceQuery } from './queries';
import type { ComplianceSearch } from './routes';

const VERDICTS: Record<Verdict['verdict'], { color: string; icon: LucideIcon }> = {
  allow: { color: 'teal', icon: CircleCheck },
  defer: { color: 'orange', icon: Clock },
  deny: { color: 'red', icon: CircleSlash },
};

export function EvidenceOf() {
  const { t } = useTranslation('compliance');
  const search: ComplianceSearch = useSearch({ strict: false });
  return (
    <ForContact section="evidence" search={search} empty={<EmptyState icon={FileSearch} title={t('evidence.choose')} text={t('evidence.chooseText')} />}>
      {(contact) => <Record key={contact.id} contact={contact} />}
    </ForContact>
  );
}

function Record({ contact }: { contact: Contact }) {
  const { t } = useTranslation(['compliance', 'messages']);
  const format = useFormatTime();
  const evidence = useQuery(evidenceQuery(contact.id));
  if (evidence.data === undefined) {
    return evidence.isError ? (
      <Card>
        <ErrorState error={evidence.error} onRetry={() => void evidence.refetch()} />
      </Card>
    ) : (
      <Skeleton height={420} radius="lg" />
    );
  }
  const { data } = evidence;
  return (
    <>
      <Card>
        <Group justify="space-between" gap="sm">
          <div>
            <Text size="sm">{t('evidence.made', { when: format(data.made_at, 'full') })}</Text>
            <Text size="xs" c="dimmed">
              {t('evidence.audited')}
            </Text>
          </div>
          <Button leftSection={<Download size={16} aria-hidden />} onClick={() => saveText(`${JSON.stringify(data, null, 2)}\n`, `evidence-${contact.id}.json`, 'application/json')}>
            {t('evidence.download')}
          </Button>
        </Group>
      </Card>
      {data.opted_out && (
        <Alert color="red" icon={<Hand size={18} aria-hidden />}>
          {t('evidence.optedOut')}
        </Alert>
      )}
      <Panel title={t('evidence.lists')}>
        {data.suppressions.length === 0 ? (
          <Nothing>{t('evidence.noLists')}</Nothing>
        ) : (
          <ul className={classes.lines}>
            {data.suppressions.map(({ address, list, reason, created_at }) => (
              <li key={`${address} ${list}`}>
                <Text size="sm" fw={550}>
                  {formatAddress(address)}
                </Text>
                <ListBadge list={list} />
                <Text size="sm" className={classes.grow}>
                  {reason ?? ''}
                </Text>
                <TimeText at={created_at} as="date" size="xs" c="dimmed" />
              </li>
            ))}
          </ul>
        )}
      </Panel>
      <Panel title={t('section.consents')}>{data.consents.length === 0 ? <Nothing>{t('evidence.noConsents')}</Nothing> : <ConsentList consents={data.consents} />}</Panel>
      <Decisions decisions={data.decisions} />
      <Messages messages={data.messages} />
    </>
  );
}

function Nothing({ children }: { children: ReactNode }) {
  return (
    <Text size="sm" c="dimmed">
      {children}
    </Text>
  );
}

const FIRST = 20;

/** The first of a long list, and the others when they are asked for. */
function useSome<Item>(items: readonly Item[]): { shown: readonly Item[]; more: ReactNode } {
  const { t } = useTranslation('compliance');
  const [count, setCount] = useState(FIRST);
  const rest = items.length - count;
  return {
    shown: items.slice(0, count),
    more:
      rest <= 0 ? null : (
        <Button mt="sm" size="xs" variant="default" onClick={() => setCount(count + 100)}>
          {t('evidence.more', { count: Math.min(rest, 100) })}
        </Button>
      ),
  };
}

function Decisions({ decisions }: { decisions: Evidence['decisions'] }) {
  const { t } = useTranslation('compliance');
  const say = useVerdictText();
  const { shown, more } = useSome(decisions);
  return (
    <Panel title={t('evidence.decisions')} text={t('evidence.decisionsText')}>
      {decisions.length === 0 ? (
        <Nothing>{t('evidence.noDecisions')}</Nothing>
      ) : (
        <ul className={classes.lines}>
          {shown.map(({ id, at, channel, purpose, verdict, message_id }) => (
            <li key={id} className={classes.event}>
              <StatusBadge look={VERDICTS[verdict.verdict]} label={t(`verdict.${verdict.verdict}`)} />
              <div className={classes.grow}>
                <Text size="sm">{sentence(say(verdict))}</Text>
                <Text size="xs" c="dimmed">
                  {[t(`common:channel.${channel}`, { defaultValue: channel }), t(`purpose.${purpose}`), verdict.verdict === 'allow' ? null : verdict.rule].filter(Boolean).join(' · ')}
                  {typeof message_id === 'string' && (
                    <>
                      {' · '}
                      <Anchor size="xs" underline="always" renderRoot={(props) => <Link to="/messages/$messageId" params={{ messageId: message_id }} {...props} />}>
                        {t('evidence.message')}
                      </Anchor>
                    </>
                  )}
                </Text>
              </div>
              <TimeText at={at} as="datetime" size="xs" c="dimmed" />
            </li>
          ))}
        </ul>
      )}
      {more}
    </Panel>
  );
}

function Messages({ messages }: { messages: Evidence['messages'] }) {
  const { t } = useTranslation('compliance');
  const { shown, more } = useSome(messages);
  return (
    <Panel title={t('evidence.messages')}>
      {messages.length === 0 ? (
        <Nothing>{t('evidence.noMessages')}</Nothing>
      ) : (
        <ul className={classes.lines}>
          {shown.map((message) => (
            <li key={message.id} className={classes.event}>
              <MessageBadge status={message.status} />
              <div className={classes.grow}>
                <Anchor size="sm" lineClamp={2} renderRoot={(props) => <Link to="/messages/$messageId" params={{ messageId: message.id }} {...props} />}>
                  {message.content.subject ?? message.content.text}
                </Anchor>
                <Text size="xs" c="dimmed">
                  {[t(`common:channel.${message.channel}`), t(`purpose.${message.purpose}`), formatAddress(message.to)].join(' · ')}
                </Text>
              </div>
              <TimeText at={message.created_at} as="datetime" size="xs" c="dimmed" />
            </li>
          ))}
        </ul>
      )}
      {more}
    </Panel>
  );
}
