// One workflow: its editor, the people in it, and what came of it. What was typed stays while one looks at the others.

import { isProblem, type Workflow } from '@frontdesk/api-client';
import { ActionIcon, Alert, Button, Group, Menu, Text } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ArrowLeft, CirclePause, CirclePlay, Copy, Ellipsis, Eye, Trash2, Users } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { ConfirmDialog } from '../../ui/ConfirmButton';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { RecordPending } from '../../ui/RecordPending';
import { SaveBar } from '../../ui/SaveBar';
import { TimeText } from '../../ui/TimeText';
import { notifyDone, notifyProblem } from '../../ui/toast';
import { Editor } from './editor/Editor';
import { FunnelTab } from './FunnelTab';
import { PeopleTab } from './PeopleTab';
import { PreviewDrawer } from './PreviewDrawer';
import { deleteWorkflow, useCreateWorkflow, usePreview, workflowQuery } from './queries';
import { TABS, workflowRoute, type WorkflowSearch } from './routes';
import { StateDialog } from './StateDialog';
import { useWorkflowDraft } from './useWorkflowDraft';
import { WorkflowBadge } from './WorkflowBadge';
import classes from './Workflows.module.css';

export function WorkflowPage() {
  const { t } = useTranslation('workflows');
  const { workflowId } = workflowRoute.useParams();
  const workflow = useQuery(workflowQuery(workflowId));
  if (workflow.data !== undefined) return <Loaded key={workflowId} workflow={workflow.data} />;
  return <RecordPending title={t('title')} query={workflow} />;
}

function Loaded({ workflow }: { workflow: Workflow }) {
  const { t } = useTranslation('workflows');
  const { tab = 'editor' } = workflowRoute.useSearch();
  const mayWrite = useCan('workflows:write');
  const draft = useWorkflowDraft(workflow, () => notifyDone(t(workflow.state === 'active' ? 'savedLive' : 'saved')));
  const preview = usePreview();
  const [previewing, { open: showPreview, close: stopPreview }] = useDisclosure(false);
  const [asked, setAsked] = useState<'active' | 'paused' | null>(null);
  const { name } = workflow.settings;
  const runs = workflow.state === 'active';
  useHotkeys([['mod+S', () => draft.dirty && mayWrite && !draft.outrun && draft.save()]], []);

  // What is started is what stands here.
  const start = () => (draft.dirty ? draft.save(() => setAsked('active')) : setAsked('active'));

  const askPreview = () => {
    const { settings } = draft;
    preview.mutate({ settings, workflow_id: workflow.id }, { onError: (error) => isProblem(error) && error.errors.length > 0 && draft.refuse(settings, error) });
  };

  return (
    <PageBody>
      <PageHeader
        title={name}
        subtitle={
          <Group gap="xs">
            <WorkflowBadge state={workflow.state} />
            <span>
              {t('count.active', { count: workflow.active })} · {t('changed')} <TimeText at={workflow.updated_at} />
            </span>
          </Group>
        }
        before={
          <ActionIcon size={36} aria-label={t('back')} renderRoot={(props) => <Link to="/workflows" {...props} />}>
            <ArrowLeft size={18} aria-hidden />
          </ActionIcon>
        }
        actions={
          mayWrite && (
            <>
              <Button
                variant="default"
                leftSection={<Eye size={16} aria-hidden />}
                onClick={() => {
                  showPreview();
                  askPreview();
                }}
              >
                {t('preview.button')}
              </Button>
              {runs ? (
                <Button variant="default" leftSection={<CirclePause size={16} aria-hidden />} onClick={() => setAsked('paused')}>
                  {t('pause.button')}
                </Button>
              ) : (
                <Button leftSection={<CirclePlay size={16} aria-hidden />} loading={draft.saving} disabled={draft.outrun} onClick={start}>
                  {t(draft.dirty ? 'start.save' : workflow.state === 'paused' ? 'start.again' : 'start.button')}
                </Button>
              )}
              <MoreMenu workflow={workflow} />
            </>
          )
        }
      />
      <nav className={classes.tabs} aria-label={t('tabs')}>
        {TABS.map((each) => (
          <Link
            key={each}
            to="/workflows/$workflowId"
            params={{ workflowId: workflow.id }}
            search={{ tab: each === 'editor' ? undefined : each } as WorkflowSearch}
            activeOptions={{ includeSearch: true, explicitUndefined: true }}
            replace
            resetScroll={false}
            className={classes.tab}
            aria-current={each === tab ? 'page' : undefined}
          >
            {t(`tab.${each}`)}
          </Link>
        ))}
      </nav>
      {tab === 'editor' && <Editor settings={draft.settings} onChange={draft.change} faults={draft.faults} readOnly={!mayWrite} open={draft.open} onOpen={draft.setOpen} />}
      {tab === 'people' && <PeopleTab workflow={workflow} mayWrite={mayWrite} />}
      {tab === 'funnel' && <FunnelTab workflow={workflow} />}
      {draft.outrun && (
        <Alert color="orange" role="alert" mt="md" icon={<Users size={18} aria-hidden />} title={t('outrun.title')}>
          <Text size="sm">{t('outrun.text')}</Text>
          <Group gap="xs" mt="sm">
            <Button size="xs" variant="default" onClick={draft.discard}>
              {t('outrun.theirs')}
            </Button>
            <Button size="xs" loading={draft.saving} onClick={() => draft.save(undefined, true)}>
              {t('outrun.mine')}
            </Button>
          </Group>
        </Alert>
      )}
      {mayWrite && (
        <SaveBar
          dirty={draft.dirty}
          saving={draft.saving}
          error={draft.error}
          {...(runs || workflow.active > 0 ? { note: t('liveNote') } : {})}
          onSave={draft.outrun ? () => draft.save(undefined, true) : () => draft.save()}
          onDiscard={draft.discard}
        />
      )}
      {previewing && <PreviewDrawer draft={draft} preview={preview} onAsk={askPreview} onClose={stopPreview} />}
      {asked !== null && <StateDialog workflows={[workflow]} state={asked} onClose={() => setAsked(null)} />}
    </PageBody>
  );
}

function MoreMenu({ workflow }: { workflow: Workflow }) {
  const { t } = useTranslation('workflows');
  const navigate = useNavigate();
  const create = useCreateWorkflow();
  const [deleting, { open, close }] = useDisclosure(false);
  const { name } = workflow.settings;
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={t('more')} loading={create.isPending}>
            <Ellipsis size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<Copy size={15} aria-hidden />}
            onClick={() =>
              create.mutate(
                { ...workflow.settings, name: t('copyOf', { name }).slice(0, 80) },
                {
                  onSuccess: ({ id }) => {
                    notifyDone(t('copied'));
                    void navigate({ to: '/workflows/$workflowId', params: { workflowId: id } });
                  },
                  onError: notifyProblem,
                },
              )
            }
          >
            {t('duplicate')}
          </Menu.Item>
          <Menu.Item color="red" leftSection={<Trash2 size={15} aria-hidden />} onClick={open}>
            {t('common:action.delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={deleting}
        onClose={close}
        title={t('delete.title', { name })}
        text={workflow.active > 0 ? t('delete.textActive', { count: workflow.active }) : t('delete.text')}
        confirm={t('delete.confirm')}
        onConfirm={async () => {
          await deleteWorkflow(workflow.id);
          await navigate({ to: '/workflows', ignoreBlocker: true });
          notifyDone(t('delete.done', { name }));
        }}
      />
    </>
  );
}
