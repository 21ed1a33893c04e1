// Triggers, steps and places in a workflow, in words.

import type { Action, Step, Trigger, WorkflowSettings, WorkflowTest } from '@frontdesk/api-client';
import { BellRing, CircleStop, Clock, GitBranch, ListTodo, Send, Tags, UserRoundCheck, Webhook, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { minutesText } from '../../ui/minutes';
import { plainWords, type Deed } from './draft';

export const DEED_ICONS: Record<Deed, LucideIcon> = {
  wait: Clock,
  send: Send,
  follow_up: BellRing,
  condition: GitBranch,
  tag: Tags,
  set_status: UserRoundCheck,
  task: ListTodo,
  webhook: Webhook,
  end: CircleStop,
};

/** A line of it, short enough for a card. */
function excerpt(text: string): string {
  const line = text.replaceAll(/\s+/gu, ' ').trim();
  return line.length > 90 ? `${line.slice(0, 89).trimEnd()}…` : line;
}

export interface Say {
  trigger: (trigger: Trigger) => string;
  test: (test: WorkflowTest) => string;
  /** What a step does, in a line. */
  action: (action: Action, steps: readonly Step[]) => string;
  /** "2. Send a message"; for one that was taken out, that it was. */
  place: (steps: readonly Step[], id: string) => string;
}

export function useSay(): Say {
  const { t, i18n } = useTranslation(['workflows', 'contacts', 'messages']);
  const list = (words: readonly string[]) => new Intl.ListFormat(i18n.language, { type: 'disjunction' }).format(words);
  const long = (minutes: number) => minutesText(minutes, i18n.language);

  const plain = (words: string) => plainWords(words, (variable) => t(`messages:variable.${variable}`, { defaultValue: variable }));

  const place: Say['place'] = (steps, id) => {
    const at = steps.findIndex((step) => step.id === id);
    const step = steps[at];
    return step === undefined ? t('step.gone') : t('step.place', { number: at + 1, what: t(`deed.${step.action.do}.name`) });
  };

  const trigger: Say['trigger'] = (asked) => {
    switch (asked.on) {
      case 'contact_added':
      case 'manual':
        return t(`trigger.${asked.on}.name`);
      case 'conversation_ended': {
        const channels = asked.channels.map((channel) => t(`common:channel.${channel}`));
        const said = t(asked.without_booking ? 'trigger.conversation_ended.without' : 'trigger.conversation_ended.name');
        return channels.length === 0 ? said : t('trigger.conversation_ended.on', { said, channels: list(channels) });
      }
      case 'booking':
        return asked.moments.length === 0 ? t('trigger.booking.name') : t('trigger.booking.said', { moments: list(asked.moments.map((moment) => t(`moment.${moment}`))) });
      case 'date': {
        const count = Math.abs(asked.days);
        const field = asked.field === '' ? t('trigger.date.some') : asked.field;
        return t(asked.days === 0 ? 'trigger.date.day' : asked.days < 0 ? 'trigger.date.before' : 'trigger.date.after', { count, field, at: asked.at });
      }
    }
  };

  const test: Say['test'] = (asked) => {
    switch (asked.if) {
      case 'has_tag':
        return t('test.has_tag.said', { name: asked.name });
      case 'status':
        return t('test.status.said', { statuses: list(asked.statuses.map((status) => t(`common:status.contact.${status}`))) });
      case 'field': {
        const value = typeof asked.field.value === 'boolean' ? t(asked.field.value ? 'contacts:filter.yes' : 'contacts:filter.no') : String(asked.field.value ?? '');
        return `${asked.field.key} ${t(`contacts:filter.is.${asked.field.test}`)} ${value}`.trim();
      }
      default:
        return t(`test.${asked.if}.name`);
    }
  };

  const action: Say['action'] = (done, steps) => {
    switch (done.do) {
      case 'wait':
        return long(done.minutes);
      case 'send':
      case 'follow_up': {
        const { words } = done.message;
        const said = excerpt(words.by === 'text' ? plain(words.text) : words.instruction);
        const what = said === '' ? t('deed.send.nothing') : words.by === 'ai' ? t('deed.send.ai', { said }) : `“${said}”`;
        return done.do === 'send' ? what : t('deed.follow_up.said', { count: done.times, every: long(done.every_minutes), what });
      }
      case 'condition':
        return t('deed.condition.said', {
          test: test(done.test),
          otherwise: typeof done.otherwise === 'string' ? place(steps, done.otherwise) : t('deed.condition.end'),
        });
      case 'tag': {
        const parts = [
          ...(done.add.length > 0 ? [t('deed.tag.adds', { tags: done.add.map((tag) => tag.name).join(', ') })] : []),
          ...(done.remove.length > 0 ? [t('deed.tag.removes', { tags: done.remove.join(', ') })] : []),
        ];
        return parts.length === 0 ? t('deed.tag.nothing') : parts.join(' · ');
      }
      case 'set_status':
        return t(`common:status.contact.${done.status}`);
      case 'task':
        return done.title === '' ? t('deed.task.nothing') : excerpt(plain(done.title));
      case 'webhook':
        return done.url === '' ? t('deed.webhook.nothing') : excerpt(done.url);
      case 'end':
        return t('deed.end.text');
    }
  };

  return { trigger, test, action, place };
}

/** What a criterion asks, by its name. */
export const criterionText = (settings: WorkflowSettings | undefined, id: string): string => settings?.criteria.find((each) => each.id === id)?.text ?? id;
