import type { Agent } from '@frontdesk/api-client';
import { ActionIcon, Button, Card, Drawer, Text } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, BookOpen, Brain, Hand, History, MessageCircle, MessageSquareText, ScrollText, Smile, UploadCloud, Wrench, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { RecordPending } from '../../ui/RecordPending';
import { SectionNav } from '../../ui/SectionNav';
import { AgentFacts } from './AgentsPage';
import { AgentForm } from './AgentForm';
import { AgentMenu } from './AgentMenu';
import classes from './Agents.module.css';
import { PublishDialog } from './PublishDialog';
import { agentQuery } from './queries';
import { agentRoute, SECTIONS, type SectionId } from './routes';
import { Sandbox } from './Sandbox';
import { Versions } from './Versions';

const ICONS: Record<SectionId, LucideIcon> = {
  basics: MessageSquareText,
  instructions: ScrollText,
  persona: Smile,
  brain: Brain,
  knowledge: BookOpen,
  tools: Wrench,
  handoff: Hand,
  versions: History,
};

export function AgentPage() {
  const { t } = useTranslation('agents');
  const { agentId } = agentRoute.useParams();
  const agent = useQuery(agentQuery(agentId));
  if (agent.data !== undefined) return <Editor key={agentId} agent={agent.data} />;
  return <RecordPending title={t('title')} query={agent} />;
}

function Editor({ agent }: { agent: Agent }) {
  const { t } = useTranslation('agents');
  const { section = 'basics' } = agentRoute.useSearch();
  const mayWrite = useCan('agents:write');
  const wide = useMediaQuery('(min-width: 81.25em)', true, { getInitialValueInEffect: false });
  const [trying, { open: tryIt, close: stopTrying }] = useDisclosure(false);
  const [publishing, { open: publish, close: stopPublishing }] = useDisclosure(false);
  const [dirty, setDirty] = useState(false);
  const beside = mayWrite && wide;
  const sandbox = <Sandbox agent={agent} unsaved={dirty} />;
  return (
    <PageBody>
      <PageHeader
        title={agent.name}
        subtitle={<AgentFacts agent={agent} />}
        before={
          <ActionIcon size={36} aria-label={t('back')} renderRoot={(props) => <Link to="/agents" {...props} />}>
            <ArrowLeft size={18} aria-hidden />
          </ActionIcon>
        }
        actions={
          mayWrite && (
            <>
              {!wide && (
                <Button variant="default" leftSection={<MessageCircle size={16} aria-hidden />} onClick={tryIt}>
                  {t('tryIt')}
                </Button>
              )}
              <Button leftSection={<UploadCloud size={16} aria-hidden />} disabled={!agent.has_changes || dirty} onClick={publish}>
                {t('publish.button')}
              </Button>
              <AgentMenu agent={agent} />
            </>
          )
        }
      />
      <div className={classes.editor} data-beside={beside || undefined}>
        <SectionNav
          label={t('sections')}
          current={section}
          sections={SECTIONS.map((id) => ({ id, label: t(`section.${id}`), icon: ICONS[id] }))}
          link={(id, props) => <Link to="/agents/$agentId" params={{ agentId: agent.id }} search={{ section: id }} resetScroll={false} {...props} />}
        >
          {section === 'versions' && <Versions agent={agent} mayWrite={mayWrite} />}
          <AgentForm agent={agent} section={section} readOnly={!mayWrite} onDirty={setDirty} />
        </SectionNav>
        {beside && (
          <Card p={0} className={classes.beside}>
            {sandbox}
          </Card>
        )}
      </div>
      {mayWrite && !wide && (
        <Drawer
          opened={trying}
          onClose={stopTrying}
          position="right"
          size={480}
          title={<Text fw={650}>{t('sandbox.title')}</Text>}
          styles={{ body: { padding: 0, height: 'calc(100dvh - 60px)' } }}
          keepMounted={false}
        >
          {sandbox}
        </Drawer>
      )}
      <PublishDialog agent={agent} opened={publishing} onClose={stopPublishing} />
    </PageBody>
  );
}
