// One person: who they are, what is remembered, and everything that happened with them.

import type { Contact } from '@frontdesk/api-client';
import { ActionIcon, Anchor, Badge, Button, Card, Group, Skeleton, Stack, Switch, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ArrowLeft, Merge, Send, Trash2 } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { ConfirmButton } from '../../ui/ConfirmButton';
import { ErrorState } from '../../ui/ErrorState';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { Panel } from '../../ui/Panel';
import { PersonAvatar } from '../../ui/Person';
import { TimeText } from '../../ui/TimeText';
import { notifyDone, notifyProblem } from '../../ui/toast';
import { ContactBookings } from '../booking/ContactBookings';
import { EditableField } from '../inbox/EditableField';
import { TagsEditor } from '../inbox/TagsEditor';
import { ContactTasks } from '../tasks/ContactTasks';
import { ContactWorkflows } from '../workflows/ContactWorkflows';
import classes from './Contacts.module.css';
import { CustomFields } from './CustomFields';
import { ContactLeads, Conversations, Timeline } from './History';
import { MemoryPanel } from './MemoryPanel';
import { Merges } from './Merges';
import { MergeDialog } from './MergeDialog';
import { Notes } from './Notes';
import { contactQuery, deleteContact, useChangeContact } from './queries';
import { contactRoute } from './routes';

// Only when somebody writes is it needed.
const ComposeDialog = lazy(() => import('../messages/ComposeDialog').then((module) => ({ default: module.ComposeDialog })));

export function ContactPage() {
  const { t } = useTranslation('contacts');
  const { contactId } = contactRoute.useParams();
  const contact = useQuery(contactQuery(contactId));
  if (contact.data !== undefined) return <Loaded key={contactId} contact={contact.data} />;
  return (
    <PageBody>
      <PageHeader title={t('title')} />
      {contact.isError ? (
        <Card>
          <ErrorState error={contact.error} onRetry={() => void contact.refetch()} />
        </Card>
      ) : (
        <div className={classes.columns} role="status" aria-label={t('common:state.loading')}>
          <Skeleton height={360} radius="lg" />
          <Skeleton height={480} radius="lg" />
        </div>
      )}
    </PageBody>
  );
}

function Loaded({ contact }: { contact: Contact }) {
  const { t } = useTranslation('contacts');
  const navigate = useNavigate();
  const mayWrite = useCan('contacts:write');
  const mayMessage = useCan('messages:write');
  const [composing, { open: compose, close: stopComposing }] = useDisclosure(false);
  const [merging, { open: merge, close: stopMerging }] = useDisclosure(false);
  const name = contact.name === '' ? t('common:contact.unknown') : contact.name;
  return (
    <PageBody>
      <PageHeader
        title={name}
        subtitle={
          <>
            {t('since')} <TimeText at={contact.created_at} as="date" />
            {typeof contact.last_seen_at === 'string' && (
              <>
                {' · '}
                {t('seen')} <TimeText at={contact.last_seen_at} />
              </>
            )}
          </>
        }
        before={
          <>
            <ActionIcon size={36} aria-label={t('back')} renderRoot={(props) => <Link to="/contacts" {...props} />}>
              <ArrowLeft size={18} aria-hidden />
            </ActionIcon>
            <PersonAvatar name={contact.name} size={48} />
          </>
        }
        actions={
          <>
            {mayMessage && (
              <Button leftSection={<Send size={16} aria-hidden />} onClick={compose}>
                {t('message')}
              </Button>
            )}
            {mayWrite && (
              <>
                <Button variant="default" leftSection={<Merge size={16} aria-hidden />} onClick={merge}>
                  {t('merge.button')}
                </Button>
                <ConfirmButton
                  leftSection={<Trash2 size={16} aria-hidden />}
                  title={t('delete.title', { name })}
                  text={t('delete.text')}
                  confirm={t('delete.confirm')}
                  onConfirm={async () => {
                    await navigate({ to: '/contacts' });
                    await deleteContact(contact.id).catch((error: unknown) => {
                      notifyProblem(error);
                      return navigate({ to: '/contacts/$contactId', params: { contactId: contact.id } });
                    });
                    notifyDone(t('delete.done', { name }));
                  }}
                >
                  {t('common:action.delete')}
                </ConfirmButton>
              </>
            )}
          </>
        }
      />
      <div className={classes.columns}>
        <div className={classes.column}>
          <About contact={contact} readOnly={!mayWrite} />
          <CustomFields contact={contact} readOnly={!mayWrite} />
          <Merges contact={contact} readOnly={!mayWrite} />
          <MemoryPanel contactId={contact.id} readOnly={!mayWrite} />
        </div>
        <div className={classes.column}>
          <Notes contactId={contact.id} readOnly={!mayWrite} />
          <ContactTasks contactId={contact.id} />
          <ContactBookings contact={contact} />
          <ContactWorkflows contact={contact} />
          <ContactLeads contact={contact} />
          <Conversations contactId={contact.id} />
          <Timeline contactId={contact.id} />
        </div>
      </div>
      {composing && (
        <Suspense>
          <ComposeDialog contact={contact} onClose={stopComposing} />
        </Suspense>
      )}
      <MergeDialog contact={contact} opened={merging} onClose={stopMerging} />
    </PageBody>
  );
}

function About({ contact, readOnly }: { contact: Contact; readOnly: boolean }) {
  const { t, i18n } = useTranslation('contacts');
  const save = useChangeContact(contact.id);
  const mayLook = useCan('compliance:read');
  const field = (name: 'name' | 'email' | 'phone' | 'company', label: string, type: 'text' | 'email' | 'tel') => (
    <EditableField
      label={label}
      value={contact[name] ?? ''}
      type={type}
      readOnly={readOnly}
      onSave={(value) => save.mutateAsync({ [name]: value === '' && name !== 'name' ? null : value })}
    />
  );
  const language = typeof contact.language === 'string' ? new Intl.DisplayNames(i18n.language, { type: 'language' }).of(contact.language) : undefined;
  return (
    <Panel title={t('about')}>
      <Stack gap={4}>
        {field('name', t('column.name'), 'text')}
        {field('email', t('field.email'), 'email')}
        {field('phone', t('column.phone'), 'tel')}
        {field('company', t('column.company'), 'text')}
        {language !== undefined && <Line label={t('field.language')}>{language}</Line>}
        <Line label={t('field.source')}>{t(`source.${contact.source}`, { defaultValue: contact.source })}</Line>
      </Stack>
      <Text size="sm" c="dimmed" mt="md" mb={6}>
        {t('column.tags')}
      </Text>
      <Group>
        <TagsEditor tags={contact.tags} readOnly={readOnly} onChange={(tags) => save.mutateAsync({ tags })} />
      </Group>
      <Group mt="md" justify="space-between">
        <Switch
          label={t('optOut.label')}
          description={t('optOut.text')}
          checked={contact.opted_out}
          disabled={readOnly || save.isPending}
          onChange={(event) => {
            const opted_out = event.currentTarget.checked;
            void save.mutateAsync({ opted_out }).catch(notifyProblem);
          }}
        />
        {contact.opted_out && <Badge color="red">{t('optedOut')}</Badge>}
      </Group>
      {mayLook && (
        <Group mt="sm" gap="md">
          {(['consents', 'evidence', 'check'] as const).map((section) => (
            <Anchor key={section} size="sm" renderRoot={(props) => <Link to="/compliance/$section" params={{ section }} search={{ contact: contact.id }} {...props} />}>
              {t(`compliance.${section}`)}
            </Anchor>
          ))}
        </Group>
      )}
    </Panel>
  );
}

function Line({ label, children }: { label: string; children: string }) {
  return (
    <Group justify="space-between" gap="sm" mih={30}>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text size="sm">{children}</Text>
    </Group>
  );
}
