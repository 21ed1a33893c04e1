import type { BookingType } from '@frontdesk/api-client';
import { ActionIcon, Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, Bell, CalendarClock, ExternalLink, ListChecks, MessageCircleQuestionMark, Share2, Users, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCan, useWorkspace } from '../../app/session';
import { CopyButton } from '../../ui/CopyButton';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { RecordPending } from '../../ui/RecordPending';
import { SectionNav } from '../../ui/SectionNav';
import { publicLink } from './links';
import { bookingTypeQuery } from './queries';
import { bookingTypeRoute, SECTIONS, type SectionId } from './routes';
import { TypeEditor } from './TypeEditor';
import { TypeMenu } from './TypeMenu';
import { TypeBadges, TypeFacts } from './TypeRow';

const ICONS: Record<SectionId, LucideIcon> = {
  basics: ListChecks,
  times: CalendarClock,
  team: Users,
  questions: MessageCircleQuestionMark,
  confirmation: Bell,
  share: Share2,
};

export function BookingTypePage() {
  const { t } = useTranslation('booking-types');
  const { typeId } = bookingTypeRoute.useParams();
  const type = useQuery(bookingTypeQuery(typeId));
  if (type.data !== undefined) return <Editor key={typeId} type={type.data} />;
  return <RecordPending title={t('title')} query={type} />;
}

function Editor({ type }: { type: BookingType }) {
  const { t } = useTranslation('booking-types');
  const { section = 'basics' } = bookingTypeRoute.useSearch();
  const mayWrite = useCan('schedules:write');
  const workspace = useWorkspace();
  const link = workspace === undefined ? undefined : publicLink({ origin: location.origin, workspace: workspace.slug, slug: type.slug });
  return (
    <PageBody>
      <PageHeader
        title={type.name}
        subtitle={
          <Group gap="xs" mt={2}>
            <TypeFacts type={type} />
            <TypeBadges type={type} />
          </Group>
        }
        before={
          <ActionIcon size={36} aria-label={t('back')} renderRoot={(props) => <Link to="/booking-types" {...props} />}>
            <ArrowLeft size={18} aria-hidden />
          </ActionIcon>
        }
        actions={
          <>
            {link !== undefined && type.active && (
              <>
                <CopyButton text={link} label={t('copyShort')} />
                <Button component="a" href={link} target="_blank" rel="noreferrer" variant="default" leftSection={<ExternalLink size={16} aria-hidden />}>
                  {t('openLive')}
                </Button>
              </>
            )}
            {mayWrite && <TypeMenu type={type} />}
          </>
        }
      />
      <SectionNav
        label={t('sections')}
        current={section}
        sections={SECTIONS.map((id) => ({ id, label: t(`section.${id}`), icon: ICONS[id] }))}
        link={(id, props) => <Link to="/booking-types/$typeId" params={{ typeId: type.id }} search={{ section: id }} resetScroll={false} {...props} />}
      >
        <TypeEditor type={type} section={section} readOnly={!mayWrite} />
      </SectionNav>
    </PageBody>
  );
}
