// A rehearsal with the draft: what a customer would read, and under each answer how it came about.

import type { Agent, Message, Passage, SandboxAnswer, TurnRecord } from '@frontdesk/api-client';
import { ActionIcon, Alert, Badge, Group, Text, Textarea, Title, Tooltip } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { FlaskConical, RotateCcw, Send } from 'lucide-react';
import { useCallback, useEffect, useRef, useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { FormError } from '../../ui/FormError';
import classes from './Agents.module.css';
import { Reasons } from './Reasons';

interface Line {
  message: Pick<Message, 'id' | 'author' | 'text'>;
  turn?: TurnRecord;
  passages?: Passage[];
}

interface SandboxProps {
  agent: Agent;
  /** The form holds changes that are not saved: the rehearsal does not know of them. */
  unsaved?: boolean;
  /** Called after each answer. */
  onAnswer?: () => void;
}

export function Sandbox({ agent, unsaved = false, onAnswer }: SandboxProps) {
  const { t } = useTranslation('agents');
  const [lines, setLines] = useState<Line[]>([]);
  const [text, setText] = useState('');
  const conversation = useRef<string | null>(null);
  const talk = useRef<HTMLDivElement>(null);

  const agentId = agent.id;
  const close = useCallback(() => {
    const id = conversation.current;
    conversation.current = null;
    // A rehearsal left behind is swept away by the server in time.
    if (id !== null) void api.del(`/agents/${agentId}/sandbox/${id}`).catch(() => undefined);
  }, [agentId]);
  useEffect(() => close, [close]);

  const say = useMutation({
    meta: { inline: true },
    mutationFn: async (said: string) => {
      conversation.current ??= (await api.post<{ conversation_id: string }>(`/agents/${agent.id}/sandbox`)).conversation_id;
      return api.post<SandboxAnswer>(`/agents/${agent.id}/sandbox/${conversation.current}/messages`, { text: said });
    },
    onSuccess: (answer) => {
      setText('');
      setLines((before) => [...before, ...linesOf(answer)]);
      onAnswer?.();
    },
  });

  useEffect(() => {
    talk.current?.scrollTo({ top: talk.current.scrollHeight });
  }, [lines, say.isPending]);

  function send() {
    const said = text.trim();
    if (said !== '' && !say.isPending) say.mutate(said);
  }

  return (
    <section className={classes.sandbox} aria-label={t('sandbox.title')}>
      <Group justify="space-between" px="md" py="sm" wrap="nowrap" style={{ borderBottom: '1px solid var(--border)' }}>
        <Group gap={8} wrap="nowrap">
          <FlaskConical size={16} aria-hidden />
          <Title order={2} size="h3">
            {t('sandbox.title')}
          </Title>
          <Badge color="gray">{t('diff.draft')}</Badge>
        </Group>
        <Tooltip label={t('sandbox.restart')}>
          <ActionIcon
            size={32}
            aria-label={t('sandbox.restart')}
            disabled={lines.length === 0}
            onClick={() => {
              close();
              setLines([]);
              say.reset();
            }}
          >
            <RotateCcw size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Group>
      {/* A scrolled region can be reached by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div ref={talk} className={classes.talk} role="log" aria-label={t('sandbox.log')} tabIndex={0}>
        {unsaved && (
          <Alert color="orange" mb="md" py={8}>
            {t('sandbox.unsaved')}
          </Alert>
        )}
        <ul className={classes.said}>
          {agent.draft.greeting !== '' && (
            <li className={classes.said}>
              <div className={classes.bubble}>{agent.draft.greeting}</div>
            </li>
          )}
          {lines.map(({ message, turn, passages }) => (
            <li key={message.id} className={classes.said}>
              {message.author === 'system' || message.author === 'note' ? (
                <div className={classes.system}>{message.text}</div>
              ) : (
                <div className={classes.bubble} data-mine={message.author === 'customer' || undefined}>
                  <span className="visually-hidden">{message.author === 'customer' ? t('sandbox.you') : agent.name}: </span>
                  {message.text}
                </div>
              )}
              {turn !== undefined && <Reasons turn={turn} passages={passages ?? []} />}
            </li>
          ))}
          {say.isPending && (
            <>
              <li className={classes.said}>
                <div className={classes.bubble} data-mine>
                  {say.variables}
                </div>
              </li>
              <li className={classes.said}>
                <div className={classes.bubble}>
                  <span className={classes.dots} role="status" aria-label={t('sandbox.thinking')}>
                    <i />
                    <i />
                    <i />
                  </span>
                </div>
              </li>
            </>
          )}
        </ul>
        {lines.length === 0 && !say.isPending && (
          <Text size="sm" c="dimmed" ta="center" px="lg">
            {t('sandbox.text')}
          </Text>
        )}
        <FormError error={say.error} />
      </div>
      <form
        className={classes.compose}
        onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
          event.preventDefault();
          send();
        }}
      >
        <Textarea
          flex={1}
          autosize
          minRows={1}
          maxRows={5}
          maxLength={4000}
          aria-label={t('sandbox.message')}
          placeholder={t('sandbox.placeholder')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        <ActionIcon type="submit" variant="filled" color="brand" size={36} aria-label={t('common:action.send')} disabled={text.trim() === ''} loading={say.isPending}>
          <Send size={16} aria-hidden />
        </ActionIcon>
      </form>
    </section>
  );
}

/** The messages of one exchange; how it came about stands under its last answer. */
function linesOf({ messages, turn, passages }: SandboxAnswer): Line[] {
  const last = messages.findLastIndex((message) => message.author === 'ai');
  const under = last === -1 ? messages.length - 1 : last;
  return messages.map((message, index) =>
    index === under && turn !== null && turn !== undefined ? { message, turn, passages } : { message },
  );
}
