import { ActionIcon, Badge } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, CalendarOff, CalendarRange, Clock, DoorOpen, MapPin, UserRound, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { NotFound } from '../../app/errors';
import { useCan } from '../../app/session';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { RecordPending } from '../../ui/RecordPending';
import { SectionNav } from '../../ui/SectionNav';
import { ItemEditor } from './ItemEditor';
import { isActive, itemsQuery, type Item } from './items';
import { ItemMenu } from './ItemList';
import { availabilityItemRoute, KINDS, PARTS, type Kind, type PartId } from './routes';

const ICONS: Record<PartId, LucideIcon> = { profile: UserRound, hours: Clock, dates: CalendarRange, off: CalendarOff };
const PROFILE_ICONS: Record<Kind, LucideIcon> = { staff: UserRound, places: MapPin, resources: DoorOpen };

export function ItemPage() {
  const { section, itemId } = availabilityItemRoute.useParams();
  const kind = KINDS.find((each) => each === section);
  return kind === undefined ? <NotFound /> : <Found key={itemId} kind={kind} id={itemId} />;
}

function Found({ kind, id }: { kind: Kind; id: string }) {
  const { t } = useTranslation('availability');
  const items = useQuery(itemsQuery(kind));
  const item = items.data?.find((each) => each.id === id);
  if (item !== undefined) return <Editor kind={kind} item={item} />;
  if (items.data !== undefined && !items.isFetching) return <NotFound />;
  return <RecordPending title={t('title')} query={items} />;
}

function Editor({ kind, item }: { kind: Kind; item: Item }) {
  const { t } = useTranslation('availability');
  const { part = 'hours' } = availabilityItemRoute.useSearch();
  const mayWrite = useCan('schedules:write');
  const detail = 'title' in item ? item.title : 'address' in item ? item.address : t('resources.units', { count: item.units });
  return (
    <PageBody>
      <PageHeader
        title={item.name}
        subtitle={
          <>
            {detail} {!isActive(item) && <Badge color="gray">{t('off')}</Badge>}
          </>
        }
        before={
          <ActionIcon size={36} aria-label={t(`${kind}.back`)} renderRoot={(props) => <Link to="/availability/$section" params={{ section: kind }} {...props} />}>
            <ArrowLeft size={18} aria-hidden />
          </ActionIcon>
        }
        actions={mayWrite && <ItemMenu kind={kind} item={item} />}
      />
      <SectionNav
        label={item.name}
        current={part}
        sections={PARTS.map((id) => ({ id, label: t(id === 'profile' ? `${kind}.profile` : `part.${id}`), icon: id === 'profile' ? PROFILE_ICONS[kind] : ICONS[id] }))}
        link={(id, props) => (
          <Link to="/availability/$section/$itemId" params={{ section: kind, itemId: item.id }} search={{ part: id }} resetScroll={false} {...props} />
        )}
      >
        <ItemEditor kind={kind} item={item} part={part} readOnly={!mayWrite} />
      </SectionNav>
    </PageBody>
  );
}
