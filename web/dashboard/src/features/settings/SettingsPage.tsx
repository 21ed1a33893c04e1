import type { Permission } from '@frontdesk/api-client';
import { Stack } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { Building2, CalendarSync, Cpu, KeyRound, ListPlus, ListTodo, MessageCircle, MessageSquareQuote, ScrollText, TriangleAlert, UserRound, type LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { allows } from '../../app/access';
import { NotFound } from '../../app/errors';
import { useMembership } from '../../app/session';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { SectionNav } from '../../ui/SectionNav';
import { CalendarSettings } from '../calendars/CalendarSettings';
import { FieldSettings } from '../contacts/FieldSettings';
import { ApiKeys } from './ApiKeys';
import { Audit } from './Audit';
import { Business } from './Business';
import { CannedReplies } from './CannedReplies';
import { Connections } from './Connections';
import { DangerZone } from './DangerZone';
import { Jobs } from './Jobs';
import { Profile } from './Profile';
import { SECTIONS, type SectionId } from './routes';
import { Widget } from './Widget';

interface SectionDefinition {
  icon: LucideIcon;
  permission: Permission;
  page: ComponentType;
}

// To add a section: its name in routes.ts, a line here, its name under `section` in the texts.
const PAGES: Record<SectionId, SectionDefinition> = {
  business: { icon: Building2, permission: 'workspace:read', page: Business },
  widget: { icon: MessageCircle, permission: 'workspace:read', page: Widget },
  models: { icon: Cpu, permission: 'connections:read', page: Connections },
  calendars: { icon: CalendarSync, permission: 'calendars:write', page: CalendarSettings },
  keys: { icon: KeyRound, permission: 'keys:read', page: ApiKeys },
  replies: { icon: MessageSquareQuote, permission: 'conversations:read', page: CannedReplies },
  fields: { icon: ListPlus, permission: 'contacts:read', page: FieldSettings },
  jobs: { icon: ListTodo, permission: 'queue:read', page: Jobs },
  audit: { icon: ScrollText, permission: 'audit:read', page: Audit },
  profile: { icon: UserRound, permission: 'workspace:read', page: Profile },
  danger: { icon: TriangleAlert, permission: 'workspace:own', page: DangerZone },
};

export function SettingsPage() {
  const { t } = useTranslation('settings');
  const { section = 'business' } = useParams({ strict: false });
  const role = useMembership()?.role;
  const mine = SECTIONS.filter((id) => role !== undefined && allows(role, PAGES[id].permission));
  const current = mine.find((id) => id === section);
  if (current === undefined) return <NotFound />;
  const Page = PAGES[current].page;
  return (
    <PageBody>
      <PageHeader title={t('title')} tab={t(`section.${current}`)} />
      <SectionNav
        label={t('title')}
        current={current}
        sections={mine.map((id) => ({ id, label: t(`section.${id}`), icon: PAGES[id].icon }))}
        link={(id, props) => <Link to="/settings/$section" params={{ section: id }} {...props} />}
      >
        <Stack>
          <Page />
        </Stack>
      </SectionNav>
    </PageBody>
  );
}
