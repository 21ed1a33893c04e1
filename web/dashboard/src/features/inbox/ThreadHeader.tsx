import type { Conversation } from '@frontdesk/api-client';
import { ActionIcon, Button, Menu, Text, Title, Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, Bot, Check, Download, Ellipsis, Hand, Info, Link2, RotateCcw, UserPlus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Agent } from '@frontdesk/api-client';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { useCan, useMe, useMembers } from '../../app/session';
import { ChannelIcon } from '../../ui/ChannelIcon';
import { formatAddress } from '../../ui/address';
import { PersonAvatar } from '../../ui/Person';
import { notifyDone, notifyProblem } from '../../ui/toast';
import { useAssign, useStep } from './actions';
import classes from './Inbox.module.css';
import { inboxRoute } from './routes';

export function ThreadHeader({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation('inbox');
  const search = inboxRoute.useSearch();
  const mayWrite = useCan('conversations:write');
  // Beside the list this is a part of the page; alone it is the page.
  const narrow = useMediaQuery('(max-width: 62em)', false, { getInitialValueInEffect: false });
  const agent = useAgentName(conversation.agent_id);
  return (
    <header className={classes.head}>
      <Tooltip label={t('action.back')}>
        <ActionIcon
          className={classes.onlyOneByOne}
          size={36}
          aria-label={t('action.back')}
          renderRoot={(props) => <Link to="/inbox" search={{ ...search, details: undefined }} {...props} />}
        >
          <ArrowLeft size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <PersonAvatar name={conversation.contact_name} size={36} />
      <div className={classes.headPerson}>
        <Title order={narrow ? 1 : 2} size="h3" lineClamp={1}>
          {formatAddress(conversation.contact_name)}
        </Title>
        <div className={classes.headLine}>
          <ChannelIcon channel={conversation.channel} />
          <Text size="xs" c="dimmed" truncate>
            {[t(`common:channel.${conversation.channel}`), agent, pageOf(conversation.page_url)].filter(Boolean).join(' · ')}
          </Text>
        </div>
      </div>
      <div className={classes.headActions}>
        {mayWrite && <Steps conversation={conversation} />}
        {mayWrite && <Assign conversation={conversation} />}
        <More conversation={conversation} />
        <Tooltip label={t('keys.details')}>
          <ActionIcon
            className={classes.onlyNarrow}
            size={36}
            aria-label={t('keys.details')}
            renderRoot={(props) => <Link to="." search={{ ...search, details: true }} {...props} />}
          >
            <Info size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </div>
    </header>
  );
}

function Steps({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation('inbox');
  const me = useMe().user.id;
  const step = useStep(conversation.id);
  const { floor, state } = conversation;
  const mine = floor.holder === 'person' && floor.user_id === me;
  const button = (name: 'take-over' | 'hand-back' | 'resolve' | 'reopen', label: string, icon: React.ReactNode, color?: string) => (
    <Button
      size="sm"
      px={12}
      {...(color === undefined ? { variant: 'default' } : { variant: 'light', color })}
      leftSection={icon}
      loading={step.isPending && step.variables === name}
      disabled={step.isPending}
      onClick={() => step.mutate(name)}
      className={name === 'take-over' || name === 'hand-back' ? classes.notPhone : classes.iconOnPhone}
      aria-label={label}
    >
      {label}
    </Button>
  );
  if (state !== 'open') return button('reopen', t('action.reopen'), <RotateCcw size={16} aria-hidden />);
  return (
    <>
      {mine
        ? button('hand-back', t('action.handBack'), <Bot size={16} aria-hidden />, 'brand')
        : button('take-over', t('action.takeOver'), <Hand size={16} aria-hidden />, 'orange')}
      {button('resolve', t('action.resolve'), <Check size={16} aria-hidden />)}
    </>
  );
}

function Assign({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation('inbox');
  const me = useMe().user.id;
  const members = useMembers();
  const assign = useAssign(conversation.id);
  const assignee = conversation.assignee ?? null;
  const name = assignee === null ? null : (members.get(assignee)?.name ?? t('assign.former'));
  const label = name === null ? t('assign.nobody') : t('assign.to', { name });
  const candidates = [...members.values()].filter((member) => member.role !== 'viewer');
  return (
    <Menu position="bottom-end" width={220} withinPortal={false}>
      <Menu.Target>
        <Tooltip label={label}>
          <ActionIcon size={36} className={classes.notPhone} aria-label={label} loading={assign.isPending}>
            {name === null ? <UserPlus size={18} aria-hidden /> : <PersonAvatar name={name} size={26} />}
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('assign.label')}</Menu.Label>
        {candidates.map((member) => (
          <Menu.Item
            key={member.user_id}
            leftSection={<PersonAvatar name={member.name} size={22} />}
            rightSection={member.user_id === assignee ? <Check size={16} aria-label={t('assign.current')} /> : null}
            onClick={() => assign.mutate(member.user_id)}
          >
            {member.user_id === me ? t('assign.me') : member.name}
          </Menu.Item>
        ))}
        {assignee !== null && (
          <>
            <Menu.Divider />
            <Menu.Item onClick={() => assign.mutate(null)}>{t('assign.clear')}</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function More({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation('inbox');
  const mayExport = useCan('contacts:export');
  const mayWrite = useCan('conversations:write');
  const me = useMe().user.id;
  const assign = useAssign(conversation.id);
  async function download() {
    try {
      const file = await api.download(`/conversations/${conversation.id}/transcript`);
      const url = URL.createObjectURL(file);
      const link = document.createElement('a');
      link.href = url;
      link.download = `${conversation.id}.txt`;
      link.click();
      URL.revokeObjectURL(url);
    } catch (error) {
      notifyProblem(error);
    }
  }
  return (
    <Menu position="bottom-end" width={220} withinPortal={false}>
      <Menu.Target>
        <ActionIcon size={36} aria-label={t('action.more')}>
          <Ellipsis size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {mayWrite && conversation.assignee !== me && (
          <Menu.Item leftSection={<UserPlus size={16} aria-hidden />} onClick={() => assign.mutate(me)}>
            {t('assign.toMe')}
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<Link2 size={16} aria-hidden />}
          onClick={() => {
            navigator.clipboard.writeText(`${location.origin}/inbox/${conversation.id}`).then(
              () => notifyDone(t('action.linkCopied')),
              () => notifyProblem(null),
            );
          }}
        >
          {t('action.copyLink')}
        </Menu.Item>
        {mayExport && (
          <Menu.Item leftSection={<Download size={16} aria-hidden />} onClick={() => void download()}>
            {t('action.transcript')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The agent's name; the list of agents is small and shared with their page. */
function useAgentName(id: string | null | undefined): string {
  const { data } = useQuery({
    queryKey: keys.agents,
    queryFn: ({ signal }) => api.get<Agent[]>('/agents', { signal }),
    enabled: typeof id === 'string',
  });
  return data?.find((agent) => agent.id === id)?.name ?? '';
}

/** Where they wrote from, without the scheme and the query. */
function pageOf(url: string | null | undefined): string {
  if (typeof url !== 'string' || !URL.canParse(url)) return '';
  const { host, pathname } = new URL(url);
  return `${host}${pathname === '/' ? '' : pathname}`;
}
