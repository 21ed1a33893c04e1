// Everything about one booking, and everything that can be done with it.

import type { Booking } from '@frontdesk/api-client';
import { Alert, Anchor, Button, Drawer, Group, Menu, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import {
  CalendarDays,
  CalendarSync,
  CalendarX2,
  CheckCheck,
  CircleCheckBig,
  Clock,
  Download,
  Ellipsis,
  Hash,
  Mail,
  MapPin,
  MessageCircle,
  Pencil,
  Phone,
  RotateCcw,
  Ticket,
  TriangleAlert,
  UserRound,
  UserX,
  Users,
  Wallet,
} from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { useCan, useWorkspace } from '../../app/session';
import { ErrorState } from '../../ui/ErrorState';
import { copyText } from '../../ui/copy';
import { useFormatTime, useNow, useZone } from '../../ui/time';
import { notifyDone, notifyProblem, notifyUndo } from '../../ui/toast';
import classes from './Booking.module.css';
import { BookingBadge } from './BookingBadge';
import { BookingHistory } from './BookingHistory';
import { BookingNotes } from './BookingNotes';
import { timeRange, useWhen } from './BookingTime';
import { CancelDialog } from './CancelDialog';
import { EditDialog } from './EditDialog';
import { durationText, isOpen, minutesLong, moneyText, staffNames } from './looks';
import { MoveDialog } from './MoveDialog';
import { bookingQuery, manageLink, placesQuery, stepBooking, useBookingTypes, useStaff, useStep, type StatusStep } from './queries';

interface BookingDrawerProps {
  id: string;
  onClose: () => void;
}

export function BookingDrawer({ id, onClose }: BookingDrawerProps) {
  const { t } = useTranslation('booking');
  const booking = useQuery(bookingQuery(id));
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={520}
      title={
        booking.data === undefined ? (
          <Text fw={650}>{t('booking')}</Text>
        ) : (
          <Group gap="xs">
            <Text fw={650}>{booking.data.name === '' ? t('common:contact.unknown') : booking.data.name}</Text>
            <BookingBadge booking={booking.data} />
          </Group>
        )
      }
    >
      {booking.data !== undefined ? (
        <Details key={id} booking={booking.data} />
      ) : booking.isError ? (
        <ErrorState error={booking.error} onRetry={() => void booking.refetch()} />
      ) : (
        <Stack role="status" aria-label={t('common:state.loading')}>
          <Skeleton height={40} />
          <Skeleton height={220} />
          <Skeleton height={120} />
        </Stack>
      )}
    </Drawer>
  );
}

function Details({ booking }: { booking: Booking }) {
  const { t } = useTranslation('booking');
  const mayWrite = useCan('bookings:write');
  return (
    <Stack gap="lg">
      {typeof booking.flagged === 'string' && (
        <Alert color="orange" icon={<TriangleAlert size={18} aria-hidden />} title={t('flagged.title')}>
          {booking.flagged}
        </Alert>
      )}
      {booking.tentative && isOpen(booking.status) && (
        <Alert color="orange" icon={<Clock size={18} aria-hidden />} title={t('tentative.title')}>
          {t('tentative.text')}
        </Alert>
      )}
      {mayWrite && <Actions booking={booking} />}
      <Facts booking={booking} />
      <Answers booking={booking} />
      {booking.status === 'cancelled' && booking.cancellation !== null && booking.cancellation !== undefined && (
        <Alert color="gray" icon={<CalendarX2 size={18} aria-hidden />} title={t(`cancelledBy.${booking.cancellation.by}`)}>
          {booking.cancellation.reason === '' ? t('noReason') : booking.cancellation.reason}
        </Alert>
      )}
      <BookingNotes bookingId={booking.id} readOnly={!mayWrite} />
      <BookingHistory bookingId={booking.id} />
    </Stack>
  );
}

function Actions({ booking }: { booking: Booking }) {
  const { t } = useTranslation('booking');
  const now = useNow();
  const step = useStep(booking.id);
  const [dialog, setDialog] = useState<'move' | 'cancel' | 'edit' | null>(null);
  const open = isOpen(booking.status);
  const begun = Date.parse(booking.start) <= now;
  const close = () => setDialog(null);

  function take(next: StatusStep) {
    step.mutate(next, {
      onSuccess: () => {
        if (next === 'complete' || next === 'no-show') {
          notifyUndo(t(`done.${next}`, { name: booking.name }), () => void stepBooking(booking.id, 'reopen').catch(notifyProblem));
        } else {
          notifyDone(t(`done.${next}`, { name: booking.name }));
        }
      },
    });
  }

  const busy = (which: StatusStep) => step.isPending && step.variables === which;
  return (
    <Group gap={6} className={classes.actions}>
      {booking.status === 'pending' && (
        <Button size="xs" leftSection={<CheckCheck size={15} aria-hidden />} loading={busy('confirm')} onClick={() => take('confirm')}>
          {t('action.confirm')}
        </Button>
      )}
      {open && begun && booking.status !== 'pending' && (
        <>
          <Button size="xs" leftSection={<CircleCheckBig size={15} aria-hidden />} loading={busy('complete')} onClick={() => take('complete')}>
            {t('action.complete')}
          </Button>
          <Button size="xs" variant="default" leftSection={<UserX size={15} aria-hidden />} loading={busy('no-show')} onClick={() => take('no-show')}>
            {t('action.noShow')}
          </Button>
        </>
      )}
      {(booking.status === 'completed' || booking.status === 'no_show') && (
        <Button size="xs" variant="default" leftSection={<RotateCcw size={15} aria-hidden />} loading={busy('reopen')} onClick={() => take('reopen')}>
          {t('action.reopen')}
        </Button>
      )}
      {open && (
        <>
          <Button size="xs" variant="default" leftSection={<CalendarSync size={15} aria-hidden />} onClick={() => setDialog('move')}>
            {t('action.move')}
          </Button>
          <Button size="xs" variant="light" color="red" leftSection={<CalendarX2 size={15} aria-hidden />} onClick={() => setDialog('cancel')}>
            {booking.status === 'pending' ? t('action.decline') : t('action.cancel')}
          </Button>
        </>
      )}
      <MoreMenu booking={booking} onEdit={() => setDialog('edit')} />
      {dialog === 'move' && <MoveDialog booking={booking} onClose={close} />}
      {dialog === 'cancel' && <CancelDialog booking={booking} onClose={close} />}
      {dialog === 'edit' && <EditDialog booking={booking} onClose={close} />}
    </Group>
  );
}

function MoreMenu({ booking, onEdit }: { booking: Booking; onEdit: () => void }) {
  const { t } = useTranslation('booking');
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button size="xs" variant="default" aria-label={t('action.more')} px={8}>
          <Ellipsis size={16} aria-hidden />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Pencil size={15} aria-hidden />} onClick={onEdit}>
          {t('edit.action')}
        </Menu.Item>
        <Menu.Item
          leftSection={<Ticket size={15} aria-hidden />}
          onClick={() =>
            void manageLink(booking.id)
              .then(copyText)
              .then(() => notifyDone(t('link.copied')))
              .catch(notifyProblem)
          }
        >
          {t('link.copy')}
        </Menu.Item>
        <Menu.Item
          leftSection={<Download size={15} aria-hidden />}
          onClick={() =>
            void api
              .download(`/bookings/${booking.id}/calendar.ics`)
              .then((file) => save(file, `${booking.reference}.ics`))
              .catch(notifyProblem)
          }
        >
          {t('action.ics')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function save(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function Facts({ booking }: { booking: Booking }) {
  const { t, i18n } = useTranslation('booking');
  const zone = useZone();
  const when = useWhen();
  const format = useFormatTime();
  const staff = useStaff();
  const names = staffNames(booking, staff);
  const where = useWhere(booking);
  return (
    <div className={classes.facts}>
      <Fact icon={CalendarDays}>
        <strong>{when(booking)}</strong>
        <Text size="xs" c="dimmed">
          {booking.type_name} · {durationText(minutesLong(booking), i18n.language)}
        </Text>
        {booking.zone !== zone && (
          <Text size="xs" c="dimmed">
            {t('theirTime', { time: timeRange(booking.start, booking.end, i18n.language, booking.zone), zone: booking.zone.replaceAll('_', ' ') })}
          </Text>
        )}
      </Fact>
      {names !== '' && <Fact icon={UserRound}>{t('with', { names })}</Fact>}
      {where !== '' && <Fact icon={MapPin}>{where}</Fact>}
      {booking.seats > 1 && <Fact icon={Users}>{t('seats', { count: booking.seats })}</Fact>}
      {booking.price !== null && booking.price !== undefined && <Fact icon={Wallet}>{booking.price.minor === 0 ? t('noCharge') : moneyText(booking.price, i18n.language)}</Fact>}
      {typeof booking.email === 'string' && (
        <Fact icon={Mail}>
          <Anchor size="sm" href={`mailto:${booking.email}`}>
            {booking.email}
          </Anchor>
        </Fact>
      )}
      {typeof booking.phone === 'string' && (
        <Fact icon={Phone}>
          <Anchor size="sm" href={`tel:${booking.phone}`}>
            {booking.phone}
          </Anchor>
        </Fact>
      )}
      <Fact icon={Hash}>
        <span className="tabular">{booking.reference}</span>
        <Text size="xs" c="dimmed">
          {t(`source.${booking.source}`)} · {format(booking.created_at, 'datetime')}
        </Text>
      </Fact>
      <Fact icon={MessageCircle}>
        <Group gap="md">
          <Anchor size="sm" renderRoot={(props) => <Link to="/contacts/$contactId" params={{ contactId: booking.contact_id }} {...props} />}>
            {t('openContact')}
          </Anchor>
          {typeof booking.conversation_id === 'string' && <ConversationLink id={booking.conversation_id} />}
        </Group>
      </Fact>
    </div>
  );
}

function ConversationLink({ id }: { id: string }) {
  const { t } = useTranslation('booking');
  return (
    <Anchor size="sm" renderRoot={(props) => <Link to="/inbox/$conversationId" params={{ conversationId: id }} {...props} />}>
      {t('openConversation')}
    </Anchor>
  );
}

function Fact({ icon: Icon, children }: { icon: typeof Mail; children: ReactNode }) {
  return (
    <>
      <Icon size={16} aria-hidden />
      <div className={classes.fact}>{children}</div>
    </>
  );
}

function useWhere({ location }: Booking): string {
  const { t } = useTranslation('booking');
  const workspace = useWorkspace();
  const places = useQuery({ ...placesQuery, enabled: location.kind === 'place' });
  switch (location.kind) {
    case 'business':
      return workspace?.facts.address ?? '';
    case 'place': {
      const place = places.data?.find(({ id }) => id === location.place_id);
      return place === undefined ? '' : [place.name, place.address].filter(Boolean).join(', ');
    }
    case 'address':
      return location.address;
    case 'video':
      return location.url;
    default:
      return t(`where.${location.kind}`);
  }
}

function Answers({ booking }: { booking: Booking }) {
  const { t } = useTranslation('booking');
  const questions = useBookingTypes().get(booking.type_id)?.questions ?? [];
  const answers = Object.entries(booking.answers);
  if (answers.length === 0 && booking.message === '') return null;
  return (
    <section>
      <Title order={2} size="h3" mb="xs">
        {t('answers')}
      </Title>
      <dl className={classes.answers}>
        {answers.map(([key, answer]) => (
          <div key={key}>
            <dt>{questions.find((question) => question.key === key)?.label ?? key}</dt>
            <dd>{answer === 'true' ? t('yes') : answer}</dd>
          </div>
        ))}
        {booking.message !== '' && (
          <div>
            <dt>{t('message')}</dt>
            <dd>{booking.message}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}
