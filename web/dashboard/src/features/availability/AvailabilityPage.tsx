import { Stack } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { DoorOpen, MapPin, PartyPopper, SlidersHorizontal, UsersRound, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { NotFound } from '../../app/errors';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { SectionNav } from '../../ui/SectionNav';
import { Holidays } from './Holidays';
import { ItemList } from './ItemList';
import { SECTIONS, type SectionId } from './routes';
import { Rules } from './Rules';

const ICONS: Record<SectionId, LucideIcon> = {
  staff: UsersRound,
  places: MapPin,
  resources: DoorOpen,
  holidays: PartyPopper,
  rules: SlidersHorizontal,
};

export function AvailabilityPage() {
  const { t } = useTranslation('availability');
  const { section = 'staff' } = useParams({ strict: false });
  const current = SECTIONS.find((id) => id === section);
  if (current === undefined) return <NotFound />;
  return (
    <PageBody>
      <PageHeader title={t('title')} tab={t(`section.${current}`)} subtitle={t('subtitle')} />
      <SectionNav
        label={t('title')}
        current={current}
        sections={SECTIONS.map((id) => ({ id, label: t(`section.${id}`), icon: ICONS[id] }))}
        link={(id, props) => <Link to="/availability/$section" params={{ section: id }} {...props} />}
      >
        <Stack>
          {current === 'holidays' ? <Holidays /> : current === 'rules' ? <Rules /> : <ItemList key={current} kind={current} />}
        </Stack>
      </SectionNav>
    </PageBody>
  );
}
