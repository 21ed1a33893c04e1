// The command palette: go anywhere, do the common things, find any contact, conversation, document or agent.

import type { SearchResults } from '@frontdesk/api-client';
import { useDebouncedValue } from '@mantine/hooks';
import '@mantine/spotlight/styles.css';
import { Spotlight, spotlight } from '@mantine/spotlight';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import {
  BookPlus,
  Bot,
  CalendarDays,
  CalendarPlus,
  CircleHelp,
  FileText,
  Hand,
  Keyboard,
  MessageCircle,
  Search,
  SunMoon,
  User,
  UserPlus,
  type LucideIcon,
} from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useComputedColorScheme } from '@mantine/core';
import { allows } from '../access';
import { api } from '../api';
import { keys } from '../keys';
import { NAV } from '../nav';
import { useMembership } from '../session';
import { usePreferences } from './preferences';

interface Entry {
  id: string;
  label: string;
  description?: string;
  icon: LucideIcon;
  run: () => void;
}

interface PaletteProps {
  /** Opens each time this rises. */
  wanted: number;
  onHelp: () => void;
}

export function Palette({ wanted, onHelp }: PaletteProps) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const [sought] = useDebouncedValue(query.trim(), 150);
  useEffect(() => spotlight.open(), [wanted]);
  const places = usePlaces();
  const actions = useActions(onHelp);
  const found = useFound(sought);

  const lower = query.trim().toLowerCase();
  const matching = (entries: Entry[]) => entries.filter((entry) => entry.label.toLowerCase().includes(lower));
  const groups = [
    { label: t('palette.results'), entries: lower === '' ? [] : found.entries },
    { label: t('palette.goTo'), entries: matching(places) },
    { label: t('palette.actions'), entries: matching(actions) },
  ].filter((group) => group.entries.length > 0);

  return (
    <Spotlight.Root query={query} onQueryChange={setQuery} shortcut={null} centered={false} yOffset="12dvh" overlayProps={{ blur: 0, backgroundOpacity: 0.45 }} scrollable maxHeight={440} radius="lg" attributes={{ content: { 'aria-label': t('palette.label') } }}>
      <Spotlight.Search
        placeholder={t('palette.placeholder')}
        aria-label={t('palette.placeholder')}
        leftSection={<Search size={18} aria-hidden />}
      />
      <Spotlight.ActionsList>
        {groups.map((group) => (
          <Spotlight.ActionsGroup key={group.label} label={group.label}>
            {group.entries.map((entry) => (
              <Spotlight.Action
                key={entry.id}
                label={entry.label}
                {...(entry.description === undefined ? {} : { description: entry.description })}
                leftSection={<entry.icon size={18} strokeWidth={1.8} aria-hidden />}
                onClick={entry.run}
              />
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {groups.length === 0 && (
          <Spotlight.Empty>{found.loading ? t('state.searching') : t('palette.nothing', { text: query })}</Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function usePlaces(): Entry[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const role = useMembership()?.role;
  return NAV.filter((item) => role !== undefined && allows(role, item.permission)).map((item) => ({
    id: `go-${item.id}`,
    label: t(`nav.${item.id}`),
    icon: item.icon,
    run: () => void navigate({ to: item.to }),
  }));
}

function useActions(onHelp: () => void): Entry[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const role = useMembership()?.role;
  const scheme = useComputedColorScheme('light');
  const { setScheme } = usePreferences();
  const may = (permission: Parameters<typeof allows>[1]) => role !== undefined && allows(role, permission);
  return [
    {
      id: 'waiting',
      label: t('palette.waiting'),
      icon: Hand,
      run: () => void navigate({ to: '/inbox', search: { view: 'waiting' } }),
    },
    ...(may('contacts:write')
      ? [{ id: 'contact', label: t('palette.newContact'), icon: UserPlus, run: () => void navigate({ to: '/contacts', search: { create: true } }) }]
      : []),
    ...(may('bookings:write')
      ? [{ id: 'booking', label: t('palette.newBooking'), icon: CalendarPlus, run: () => void navigate({ to: '/calendar', search: { create: true } }) }]
      : []),
    ...(may('bookings:read')
      ? [
          { id: 'today', label: t('palette.today'), icon: CalendarDays, run: () => void navigate({ to: '/calendar', search: { mode: 'day' } }) },
          { id: 'pending', label: t('palette.pending'), icon: CircleHelp, run: () => void navigate({ to: '/bookings', search: { status: ['pending'] } }) },
        ]
      : []),
    ...(may('knowledge:write')
      ? [{ id: 'source', label: t('palette.newSource'), icon: BookPlus, run: () => void navigate({ to: '/knowledge', search: { add: true } }) }]
      : []),
    {
      id: 'scheme',
      label: t(scheme === 'dark' ? 'shell.scheme.light' : 'shell.scheme.dark'),
      icon: SunMoon,
      run: () => setScheme(scheme === 'dark' ? 'light' : 'dark'),
    },
    { id: 'help', label: t('shell.shortcuts'), icon: Keyboard, run: onHelp },
  ];
}

function useFound(text: string): { entries: Entry[]; loading: boolean } {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data, isFetching } = useQuery({
    queryKey: keys.search(text),
    queryFn: ({ signal }) => api.get<SearchResults>('/search', { query: { q: text }, signal }),
    enabled: text.length > 1,
    placeholderData: keepPreviousData,
  });
  if (data === undefined || text.length < 2) return { entries: [], loading: isFetching };
  const entries: Entry[] = [
    ...data.contacts.map((contact) => ({
      id: contact.id,
      label: contact.name === '' ? (contact.email ?? contact.phone ?? t('contact.unknown')) : contact.name,
      description: contact.email ?? contact.phone ?? '',
      icon: User,
      run: () => void navigate({ to: '/contacts/$contactId', params: { contactId: contact.id } }),
    })),
    ...data.conversations.map((conversation) => ({
      id: conversation.id,
      label: conversation.contact_name,
      description: conversation.preview,
      icon: MessageCircle,
      run: () => void navigate({ to: '/inbox/$conversationId', params: { conversationId: conversation.id } }),
    })),
    ...data.sources.map((source) => ({
      id: source.id,
      label: source.title,
      description: t('nav.knowledge'),
      icon: FileText,
      run: () => void navigate({ to: '/knowledge/$sourceId', params: { sourceId: source.id } }),
    })),
    ...data.agents.map((agent) => ({
      id: agent.id,
      label: agent.name,
      description: t('nav.agents'),
      icon: Bot,
      run: () => void navigate({ to: '/agents/$agentId', params: { agentId: agent.id } }),
    })),
  ];
  return { entries, loading: isFetching };
}
