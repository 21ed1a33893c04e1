// What is known of the customer, beside their conversation; most of it can be corrected on the spot.

import type { Contact, Conversation, Lead, Memory, Page } from '@frontdesk/api-client';
import { ActionIcon, Anchor, Badge, Center, Skeleton, Stack, Text, Title, Tooltip } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, Star } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';
import { useCan } from '../../app/session';
import { ErrorState } from '../../ui/ErrorState';
import { PersonAvatar } from '../../ui/Person';
import { ConversationBadge, LeadBadge } from '../../ui/StatusBadge';
import { TimeText } from '../../ui/TimeText';
import { fieldOf, fieldText, wordsOf } from '../contacts/field-text';
import { customFieldsQuery } from '../contacts/queries';
import { EditableField } from './EditableField';
import { Facts } from './Facts';
import classes from './Inbox.module.css';
import { ContactNotes } from './ContactNotes';
import { contactQuery } from './queries';
import { inboxRoute } from './routes';
import { TagsEditor } from './TagsEditor';
import { Visits } from './Visits';

export function ContactPanel({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation('inbox');
  const search = inboxRoute.useSearch();
  return (
    <>
      <div className={classes.panelBack}>
        <Tooltip label={t('panel.back')}>
          <ActionIcon
            size={36}
            aria-label={t('panel.back')}
            renderRoot={(props) => <Link to="." search={{ ...search, details: undefined }} {...props} />}
          >
            <ArrowLeft size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Title order={1} size="h3">
          {t('panel.label')}
        </Title>
      </div>
      {typeof conversation.contact_id === 'string' ? (
        <KnownContact id={conversation.contact_id} conversation={conversation} />
      ) : (
        <>
          <Head name={conversation.contact_name} detail={t('panel.unknown')} />
          <About conversation={conversation} />
        </>
      )}
    </>
  );
}

function KnownContact({ id, conversation }: { id: string; conversation: Conversation }) {
  const { t, i18n } = useTranslation(['inbox', 'contacts']);
  const known = useQuery(customFieldsQuery()).data ?? [];
  const mayWrite = useCan('contacts:write');
  const contact = useQuery(contactQuery(id));
  const save = useMutation({
    meta: { inline: true },
    mutationFn: (change: Partial<Pick<Contact, 'name' | 'email' | 'phone' | 'tags'>>) => api.patch<Contact>(`/contacts/${id}`, change),
    onSuccess: (changed) => {
      queryClient.setQueryData(keys.contact(id), changed);
      void queryClient.invalidateQueries({ queryKey: keys.conversations });
    },
  });
  const data = contact.data;
  if (data === undefined) {
    return contact.isError ? <ErrorState compact error={contact.error} onRetry={() => void contact.refetch()} /> : <PanelSkeleton />;
  }
  const field = (name: 'name' | 'email' | 'phone', type: 'text' | 'email' | 'tel') => (
    <EditableField
      label={t(`field.${name}`)}
      value={data[name] ?? ''}
      type={type}
      readOnly={!mayWrite}
      onSave={(value) => save.mutateAsync({ [name]: name !== 'name' && value === '' ? null : value })}
    />
  );
  return (
    <>
      <Head
        name={data.name === '' ? conversation.contact_name : data.name}
        detail={
          <>
            {t('panel.since')} <TimeText at={data.created_at} as="date" />
          </>
        }
      >
        <TagsEditor centred tags={data.tags} readOnly={!mayWrite} onChange={(tags) => save.mutateAsync({ tags })} />
        {data.opted_out && <Badge color="red">{t('panel.optedOut')}</Badge>}
        <Anchor size="sm" renderRoot={(props) => <Link to="/contacts/$contactId" params={{ contactId: id }} {...props} />}>
          {t('panel.open')}
        </Anchor>
      </Head>
      <div className={classes.panelSection}>
        {field('name', 'text')}
        {field('email', 'email')}
        {field('phone', 'tel')}
        {data.company !== null && data.company !== undefined && <Fixed label={t('field.company')}>{data.company}</Fixed>}
        {Object.entries(data.fields).map(([key, value]) => (
          <Fixed key={key} label={fieldOf(key, known)?.label ?? wordsOf(key)}>
            {fieldText(value, { language: i18n.language, yes: t('contacts:fields.yes'), no: t('contacts:fields.no') })}
          </Fixed>
        ))}
      </div>
      <Visits contact={data} />
      <About conversation={conversation} />
      <MemorySection id={id} mayWrite={mayWrite} />
      <Leads contact={data} />
      <Section title={t('panel.notes')}>
        <ContactNotes contactId={id} readOnly={!mayWrite} />
      </Section>
      <Earlier contactId={id} current={conversation.id} />
    </>
  );
}

function Head({ name, detail, children }: { name: string; detail: ReactNode; children?: ReactNode }) {
  return (
    <Stack align="center" gap={6} className={classes.panelSection} ta="center">
      <PersonAvatar name={name} size={60} />
      <Text component="h3" size="md" fw={650} style={{ overflowWrap: 'anywhere' }}>
        {name}
      </Text>
      <Text size="xs" c="dimmed" component="div">
        {detail}
      </Text>
      {children}
    </Stack>
  );
}

function Section({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.panelSection}>
      <h3 className={classes.panelTitle} style={{ marginTop: 0 }}>
        {title}
        {action}
      </h3>
      {children}
    </section>
  );
}

function Fixed({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={classes.field}>
      <span className={classes.fieldLabel}>{label}</span>
      <span style={{ textAlign: 'right', overflowWrap: 'anywhere' }}>{children}</span>
    </div>
  );
}

/** Facts of this conversation. */
function About({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation('inbox');
  const url = conversation.page_url;
  return (
    <Section title={t('panel.conversation')}>
      <Fixed label={t('field.started')}>
        <TimeText at={conversation.created_at} as="datetime" />
      </Fixed>
      <Fixed label={t('field.language')}>{t(`language.${conversation.language}`)}</Fixed>
      {typeof url === 'string' && URL.canParse(url) && <Fixed label={t('field.page')}>{new URL(url).pathname}</Fixed>}
      {typeof conversation.rating === 'number' && (
        <Fixed label={t('field.rating')}>
          <span className={classes.rating}>
            {conversation.rating} <Star size={13} aria-hidden />
          </span>
          {(conversation.rating_comment ?? '') !== '' && (
            <Text size="xs" c="dimmed">
              “{conversation.rating_comment}”
            </Text>
          )}
        </Fixed>
      )}
      {(conversation.summary ?? '') !== '' && (
        <>
          <h4 className={classes.panelTitle} style={{ margin: '8px 0 2px' }}>
            {t('panel.summary')}
          </h4>
          <Text size="sm">{conversation.summary}</Text>
        </>
      )}
    </Section>
  );
}

function MemorySection({ id, mayWrite }: { id: string; mayWrite: boolean }) {
  const { t } = useTranslation('inbox');
  const memory = useQuery({
    queryKey: keys.contactMemory(id),
    queryFn: ({ signal }) => api.get<Memory>(`/contacts/${id}/memory`, { signal }),
  });
  if (memory.data === undefined) return null;
  return (
    <Section title={t('panel.memory')}>
      <Facts contactId={id} facts={memory.data.facts} readOnly={!mayWrite} />
      {(memory.data.last_summary ?? '') !== '' && (
        <Text size="sm" c="dimmed" mt="xs">
          {t('panel.lastTime')} {memory.data.last_summary}
        </Text>
      )}
    </Section>
  );
}

function Leads({ contact }: { contact: Contact }) {
  const { t } = useTranslation('inbox');
  const { data } = useQuery({
    queryKey: keys.leadList({ contact: contact.id }),
    queryFn: async ({ signal }) => {
      // Leads are found by their words; only those of this very person are shown.
      const q = contact.email ?? contact.phone ?? contact.name;
      if (q === '') return [];
      const page = await api.get<Page<Lead>>('/leads', { query: { q, limit: 20 }, signal });
      return page.items.filter((lead) => lead.contact_id === contact.id);
    },
  });
  if (data === undefined || data.length === 0) return null;
  return (
    <Section title={t('panel.leads')}>
      <ul className={classes.plainList}>
        {data.map((lead) => (
          <li key={lead.id}>
            <LeadBadge status={lead.status} /> <Text size="sm">{lead.need === '' ? t('panel.noNeed') : lead.need}</Text>
            <Text size="xs" c="dimmed">
              {t('panel.score', { score: lead.score })}
            </Text>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Earlier({ contactId, current }: { contactId: string; current: string }) {
  const { t } = useTranslation('inbox');
  const { data } = useQuery({
    queryKey: keys.contactConversations(contactId),
    queryFn: async ({ signal }) => (await api.get<Page<Conversation>>(`/contacts/${contactId}/conversations`, { query: { limit: 10 }, signal })).items,
  });
  const others = data?.filter((conversation) => conversation.id !== current) ?? [];
  return (
    <Section title={t('panel.earlier')}>
      {others.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('panel.first')}
        </Text>
      ) : (
        <ul className={classes.plainList}>
          {others.map((conversation) => (
            <li key={conversation.id}>
              <Link
                to="/inbox/$conversationId"
                params={{ conversationId: conversation.id }}
                search={(before) => ({ ...before, details: undefined })}
                className={classes.linkRow}
              >
                <Text size="sm" truncate>
                  {conversation.summary ?? conversation.preview}
                </Text>
                <Text size="xs" c="dimmed" component="div" className={classes.rating}>
                  <ConversationBadge conversation={conversation} size="xs" /> <TimeText at={conversation.last_message_at} as="date" />
                </Text>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function PanelSkeleton() {
  const { t } = useTranslation();
  return (
    <Stack p="md" gap="sm" role="status" aria-label={t('state.loading')}>
      <Center>
        <Skeleton height={60} circle />
      </Center>
      {[60, 90, 80, 70].map((width) => (
        <Skeleton key={width} height={12} width={`${String(width)}%`} radius="xl" mt="sm" />
      ))}
    </Stack>
  );
}
