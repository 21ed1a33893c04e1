import type { BookingPlace, BookingType } from '@frontdesk/api-client';
import { ActionIcon, Badge, Group, Text, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Clock, GripVertical, House, Link2, MapPin, Phone, Video, Wallet, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../../app/session';
import { copyText } from '../../ui/copy';
import { PersonAvatar } from '../../ui/Person';
import { notifyDone } from '../../ui/toast';
import { durationText, moneyText } from '../booking/looks';
import { placesQuery, staffQuery } from '../booking/queries';
import classes from './BookingTypes.module.css';
import { publicLink } from './links';
import { TypeMenu } from './TypeMenu';

interface TypeRowProps {
  type: BookingType;
  mayWrite: boolean;
  onDragStart: () => void;
  onDragEnd: () => void;
  onUp?: () => void;
  onDown?: () => void;
}

export function TypeRow({ type, mayWrite, onDragStart, onDragEnd, onUp, onDown }: TypeRowProps) {
  const { t } = useTranslation('booking-types');
  const workspace = useWorkspace();
  const link = workspace === undefined ? undefined : publicLink({ origin: location.origin, workspace: workspace.slug, slug: type.slug });
  return (
    <article className={classes.row} data-archived={!type.active || undefined}>
      <span className={classes.stripe} style={{ background: type.color }} />
      {mayWrite && (
        // The same by keyboard is in the menu.
        <span
          className={classes.grip}
          draggable
          aria-hidden
          title={t('order.drag')}
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = 'move';
            event.dataTransfer.setData('text/plain', type.name);
            onDragStart();
          }}
          onDragEnd={onDragEnd}
        >
          <GripVertical size={16} />
        </span>
      )}
      <div className={classes.body}>
        <Group gap={8} className={classes.head}>
          <h2 className={classes.name}>
            <Link to="/booking-types/$typeId" params={{ typeId: type.id }} className={classes.open}>
              {type.name}
            </Link>
          </h2>
          <TypeBadges type={type} />
        </Group>
        <TypeFacts type={type} />
      </div>
      <Group gap={8} wrap="nowrap" className={classes.actions}>
        <Faces type={type} />
        {link !== undefined && type.active && (
          <Tooltip label={t('copyLink')}>
            <ActionIcon
              size={34}
              aria-label={t('copyLinkOf', { name: type.name })}
              onClick={() => void copyText(link).then(() => notifyDone(t('linkCopied')))}
            >
              <Link2 size={17} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
        {mayWrite && <TypeMenu type={type} {...(onUp === undefined ? {} : { onUp })} {...(onDown === undefined ? {} : { onDown })} />}
      </Group>
    </article>
  );
}

/** What sets it apart from an ordinary one. */
export function TypeBadges({ type }: { type: Pick<BookingType, 'active' | 'listed' | 'confirmation_required' | 'capacity'> }) {
  const { t } = useTranslation('booking-types');
  return (
    <>
      {!type.active && <Badge color="gray">{t('badge.archived')}</Badge>}
      {type.active && !type.listed && <Badge color="gray">{t('badge.unlisted')}</Badge>}
      {type.confirmation_required && <Badge color="orange">{t('badge.confirmation')}</Badge>}
      {type.capacity > 1 && <Badge color="violet">{t('badge.seats', { count: type.capacity })}</Badge>}
    </>
  );
}

const LOCATION_ICONS: Record<BookingType['location']['kind'], LucideIcon> = {
  business: MapPin,
  place: MapPin,
  address: MapPin,
  phone: Phone,
  video: Video,
  customer: House,
};

type Facts = Pick<BookingType, 'durations' | 'price' | 'location'>;

/** How long, how much, where. */
export function TypeFacts({ type }: { type: Facts }) {
  const { t, i18n } = useTranslation('booking-types');
  const places = useQuery(placesQuery);
  const Where = LOCATION_ICONS[type.location.kind];
  const facts: { id: string; icon: LucideIcon; text: string }[] = [
    { id: 'long', icon: Clock, text: type.durations.map((minutes) => durationText(minutes, i18n.language)).join(' · ') },
    ...(type.price ? [{ id: 'price', icon: Wallet, text: type.price.minor === 0 ? t('free') : moneyText(type.price, i18n.language) }] : []),
    { id: 'where', icon: Where, text: whereText(type.location, places.data, (kind) => t(`location.${kind}`)) },
  ];
  return (
    <ul className={classes.facts}>
      {facts.map(({ id, icon: Icon, text }) => (
        <li key={id}>
          <Icon size={14} strokeWidth={1.8} aria-hidden />
          {text}
        </li>
      ))}
    </ul>
  );
}

function whereText(location: Facts['location'], places: readonly BookingPlace[] | undefined, name: (kind: Facts['location']['kind']) => string): string {
  if (location.kind === 'place') return places?.find((place) => place.id === location.place_id)?.name ?? name('place');
  if (location.kind === 'address' && location.address !== '') return location.address;
  return name(location.kind);
}

const FACES = 3;

/** Who does it. */
function Faces({ type }: { type: BookingType }) {
  const { t } = useTranslation('booking-types');
  const staff = useQuery(staffQuery);
  const members = type.staff.members.flatMap(({ staff_id: id }) => staff.data?.find((each) => each.id === id) ?? []);
  if (members.length === 0) return null;
  const names = members.map((member) => member.name).join(', ');
  return (
    <Tooltip label={names}>
      <span className={classes.faces}>
        {members.slice(0, FACES).map((member) => (
          <PersonAvatar key={member.id} name={member.name} size={26} />
        ))}
        {members.length > FACES && (
          <Text span size="xs" c="dimmed" ml={12}>
            +{members.length - FACES}
          </Text>
        )}
        <span className="visually-hidden">{t('doneBy', { names })}</span>
      </span>
    </Tooltip>
  );
}

