import type { Lead } from '@frontdesk/api-client';
import { Anchor, Button, Drawer, Group, Skeleton, Stack, Text, Textarea, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { MessageCircle, UserRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { ErrorState } from '../../ui/ErrorState';
import { TimeText } from '../../ui/TimeText';
import { notifyDone } from '../../ui/toast';
import { AssigneeField, Score, StatusField } from './LeadFields';
import classes from './Leads.module.css';
import { leadQuery, useChangeLead } from './queries';
import { leadRoute } from './routes';

export function LeadDrawer() {
  const { t } = useTranslation('leads');
  const { leadId } = leadRoute.useParams();
  const search = leadRoute.useSearch();
  const navigate = useNavigate();
  const lead = useQuery(leadQuery(leadId));
  return (
    <Drawer
      opened
      onClose={() => void navigate({ to: '/leads', search })}
      position="right"
      size={520}
      title={<Text fw={650}>{lead.data?.name ?? t('lead')}</Text>}
    >
      {lead.data !== undefined ? (
        <Details key={leadId} lead={lead.data} />
      ) : lead.isError ? (
        <ErrorState error={lead.error} onRetry={() => void lead.refetch()} />
      ) : (
        <Stack role="status" aria-label={t('common:state.loading')}>
          <Skeleton height={160} />
          <Skeleton height={120} />
        </Stack>
      )}
    </Drawer>
  );
}

function Details({ lead }: { lead: Lead }) {
  const { t } = useTranslation('leads');
  const readOnly = !useCan('leads:write');
  return (
    <Stack gap="lg">
      <Group gap="xs">
        {typeof lead.conversation_id === 'string' && <ConversationButton id={lead.conversation_id} label={t('open')} />}
        <Button
          variant="default"
          size="xs"
          leftSection={<UserRound size={15} aria-hidden />}
          renderRoot={(props) => <Link to="/contacts/$contactId" params={{ contactId: lead.contact_id }} {...props} />}
        >
          {t('contact')}
        </Button>
      </Group>
      <dl className={classes.meta}>
        <dt>{t('column.status')}</dt>
        <dd>
          <StatusField lead={lead} readOnly={readOnly} />
        </dd>
        <dt>{t('column.assignee')}</dt>
        <dd>
          <AssigneeField lead={lead} readOnly={readOnly} />
        </dd>
        {typeof lead.phone === 'string' && (
          <>
            <dt>{t('phone')}</dt>
            <dd>
              <Anchor size="sm" href={`tel:${lead.phone}`}>
                {lead.phone}
              </Anchor>
            </dd>
          </>
        )}
        {typeof lead.email === 'string' && (
          <>
            <dt>{t('email')}</dt>
            <dd>
              <Anchor size="sm" href={`mailto:${lead.email}`}>
                {lead.email}
              </Anchor>
            </dd>
          </>
        )}
        <dt>{t('column.created')}</dt>
        <dd>
          <TimeText at={lead.created_at} as="datetime" />
        </dd>
      </dl>
      <Need lead={lead} readOnly={readOnly} />
      <section>
        <Title order={2} size="h3" mb={4}>
          {t('column.score')}
        </Title>
        <Score lead={lead} />
        {lead.score_reasons.length > 0 && (
          <ul className={classes.reasons}>
            {lead.score_reasons.map((reason) => (
              <li key={reason}>{t(`reason.${reason}`, { defaultValue: reason })}</li>
            ))}
          </ul>
        )}
      </section>
      {lead.consent_text !== '' && (
        <section>
          <Title order={2} size="h3" mb={4}>
            {t('consent')}
          </Title>
          <Text size="sm" c="dimmed">
            {lead.consent_text}
          </Text>
          {typeof lead.consent_at === 'string' && <TimeText at={lead.consent_at} as="full" size="xs" c="dimmed" />}
        </section>
      )}
    </Stack>
  );
}

function ConversationButton({ id, label }: { id: string; label: string }) {
  return (
    <Button size="xs" leftSection={<MessageCircle size={15} aria-hidden />} renderRoot={(props) => <Link to="/inbox/$conversationId" params={{ conversationId: id }} {...props} />}>
      {label}
    </Button>
  );
}

function Need({ lead, readOnly }: { lead: Lead; readOnly: boolean }) {
  const { t } = useTranslation('leads');
  const change = useChangeLead(lead.id);
  const [text, setText] = useState(lead.need);
  const dirty = text.trim() !== lead.need;
  return (
    <div>
      <Textarea
        label={t('column.need')}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={4000}
        readOnly={readOnly}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {dirty && (
        <Group justify="flex-end" gap="xs" mt="xs">
          <Button size="xs" variant="default" onClick={() => setText(lead.need)}>
            {t('common:action.discard')}
          </Button>
          <Button
            size="xs"
            loading={change.isPending}
            onClick={() => change.mutate({ need: text.trim() }, { onSuccess: () => notifyDone(t('common:state.saved')) })}
          >
            {t('common:action.save')}
          </Button>
        </Group>
      )}
    </div>
  );
}
