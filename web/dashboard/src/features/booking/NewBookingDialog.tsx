// A booking made by the team: what, for whom, when. A person may book outside of hours and limits, never over somebody.

import type { Booking, BookingType, Slot } from '@frontdesk/api-client';
import { isProblem } from '@frontdesk/api-client';
import { Alert, Button, Collapse, Group, List, Modal, NumberInput, SegmentedControl, Select, SimpleGrid, Stack, Text, Textarea } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck, ListChecks, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { civilOf, instantOf, isoOf } from '../../ui/civil';
import { EmptyState } from '../../ui/EmptyState';
import { FormError } from '../../ui/FormError';
import { sentence } from '../../ui/text';
import { useNow, useZone } from '../../ui/time';
import { notifyDone } from '../../ui/toast';
import { Alternatives } from './Alternatives';
import classes from './Booking.module.css';
import { useWhen } from './BookingTime';
import { CustomerField, type Customer } from './CustomerField';
import { DayField, TimeField } from './fields';
import { NotifyField } from './NotifyField';
import { durationText } from './looks';
import { useObstacleText } from './obstacles';
import { QuestionFields } from './QuestionFields';
import { bookingTypesQuery, obstaclesQuery, useCreateBooking, useStaff } from './queries';
import { SlotPicker } from './SlotPicker';
import { isHopeless } from './taken';

/** What is known beforehand, as from a range that was drawn. */
export interface Drafted {
  start?: string;
  minutes?: number;
  staffId?: string;
  typeId?: string;
  customer?: Customer;
}

interface NewBookingDialogProps {
  drafted?: Drafted;
  onClose: () => void;
  onMade?: (booking: Booking) => void;
}

export function NewBookingDialog(props: NewBookingDialogProps) {
  const { t } = useTranslation('booking');
  const types = useQuery(bookingTypesQuery);
  const phone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const active = types.data?.filter((type) => type.active);
  return (
    <Modal opened onClose={props.onClose} size="lg" fullScreen={phone} title={<Text fw={650}>{t('new.title')}</Text>}>
      {active === undefined ? null : active.length === 0 ? (
        <EmptyState
          compact
          icon={ListChecks}
          title={t('new.noTypes')}
          text={t('new.noTypesText')}
          action={<Button renderRoot={(button) => <Link to="/booking-types" {...button} />}>{t('new.makeType')}</Button>}
        />
      ) : (
        <NewBookingForm {...props} types={active} />
      )}
    </Modal>
  );
}

/** The type that fits a drawn range best: done by those staff, and as long. */
function guess(types: readonly BookingType[], { typeId, staffId, minutes }: Drafted): BookingType | undefined {
  const named = types.find((type) => type.id === typeId);
  if (named !== undefined) return named;
  const able = types.filter((type) => staffId === undefined || type.staff.members.some((member) => member.staff_id === staffId));
  const pool = able.length > 0 ? able : types;
  return pool.find((type) => minutes !== undefined && type.durations.includes(minutes)) ?? pool[0];
}

function NewBookingForm({ drafted = {}, onClose, onMade, types }: NewBookingDialogProps & { types: readonly BookingType[] }) {
  const { t, i18n } = useTranslation('booking');
  const zone = useZone();
  const when = useWhen();
  const staff = useStaff();
  const create = useCreateBooking();
  const first = guess(types, drafted);
  const now = useNow();
  const begun = civilOf(drafted.start ?? now, zone);
  const [type, setType] = useState(first);
  const [customer, setCustomer] = useState<Customer>(drafted.customer ?? { kind: 'none' });
  const [staffId, setStaffId] = useState<string | null>(first?.staff.members.some((member) => member.staff_id === drafted.staffId) === true ? (drafted.staffId ?? null) : null);
  const [duration, setDuration] = useState(drafted.minutes !== undefined && drafted.start !== undefined ? drafted.minutes : (first?.durations[0] ?? 30));
  const [way, setWay] = useState<'free' | 'any'>(drafted.start === undefined ? 'free' : 'any');
  const [day, setDay] = useState(begun.day);
  const [minutes, setMinutes] = useState<number | null>(drafted.start === undefined ? null : begun.minutes);
  const [slot, setSlot] = useState<Slot | null>(null);
  const [seats, setSeats] = useState(1);
  const [answers, setAnswers] = useState<Record<string, string>>({});
  const [message, setMessage] = useState('');
  const [details, setDetails] = useState(false);
  const [missing, setMissing] = useState(false);
  const [notify, setNotify] = useState(true);
  const email = customer.kind === 'known' ? customer.contact.email : customer.kind === 'new' ? customer.email.trim() : undefined;

  const start = way === 'free' ? slot?.start : minutes === null ? undefined : isoOf(instantOf(day, minutes, zone));
  const question = { type: type?.id ?? '', start: start ?? '', duration, staff: staffId ?? undefined };
  const obstacles = useQuery({ ...obstaclesQuery(question), enabled: way === 'any' && start !== undefined && type !== undefined });
  const inTheWay = way === 'any' ? (obstacles.data ?? []) : [];
  const say = useObstacleText();
  const pool = type?.staff.members.map((member) => staff.get(member.staff_id)).filter((member) => member !== undefined) ?? [];
  const hopeless = isHopeless(inTheWay, staffId === null ? pool.map(({ id }) => id) : [staffId]);
  const durations = [...new Set([...(type?.durations ?? []), duration])].sort((a, b) => a - b);
  const problems = isProblem(create.error) ? create.error.errors : [];
  const errors: Record<string, string> = Object.fromEntries(problems.map(({ field, message: text }) => [field.slice(1), sentence(text)]));
  if (missing && customer.kind === 'none') errors['contact_id'] = t('customer.missing');
  if (missing && customer.kind === 'new' && customer.name.trim() === '') errors['name'] = t('customer.nameMissing');
  const shownAtField = problems.length > 0 && problems.every(({ field }) => /^\/(name|email|phone|contact_id|answers\/.+)$/u.test(field));

  function choose(id: string | null) {
    const next = types.find((each) => each.id === id);
    if (next === undefined) return;
    setType(next);
    setSlot(null);
    setAnswers({});
    if (drafted.start === undefined || drafted.minutes === undefined) setDuration(next.durations[0] ?? 30);
    if (!next.staff.members.some((member) => member.staff_id === staffId)) setStaffId(null);
  }

  function book(at: string, outside: boolean) {
    if (type === undefined) return;
    if (customer.kind === 'none' || (customer.kind === 'new' && customer.name.trim() === '')) {
      setMissing(true);
      return;
    }
    const person =
      customer.kind === 'known'
        ? { contact_id: customer.contact.id }
        : {
            name: customer.name.trim(),
            ...(customer.email.trim() === '' ? {} : { email: customer.email.trim() }),
            ...(customer.phone.trim() === '' ? {} : { phone: customer.phone.trim() }),
          };
    create.mutate(
      {
        type_id: type.id,
        start: at,
        duration,
        ...(staffId === null ? {} : { staff_id: staffId }),
        ...(seats > 1 ? { seats } : {}),
        ...person,
        ...(Object.keys(answers).length > 0 ? { answers } : {}),
        ...(message.trim() === '' ? {} : { message: message.trim() }),
        ...(outside ? { outside_hours: true } : {}),
        ...(notify ? {} : { notify: false as const }),
      },
      {
        onSuccess: (booking) => {
          notifyDone(t('new.done', { name: booking.name, when: when(booking) }));
          onClose();
          onMade?.(booking);
        },
        onError: (error) => {
          if (isProblem(error) && error.errors.some(({ field }) => field.startsWith('/answers'))) setDetails(true);
        },
      },
    );
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (start !== undefined) book(start, way === 'any');
      }}
    >
      <Stack>
        <CustomerField value={customer} onChange={setCustomer} errors={errors} />
        <SimpleGrid cols={{ base: 2, sm: 3 }} spacing="sm">
          <Select className={classes.whole ?? ''} label={t('field.type')} allowDeselect={false} searchable={types.length > 8} data={types.map(({ id, name }) => ({ value: id, label: name }))} value={type?.id ?? null} onChange={choose} />
          <Select
            label={t('field.duration')}
            allowDeselect={false}
            data={durations.map((each) => ({ value: String(each), label: durationText(each, i18n.language) }))}
            value={String(duration)}
            onChange={(value) => {
              setDuration(Number(value ?? duration));
              setSlot(null);
            }}
          />
          {type?.staff.mode !== 'collective' && pool.length > 0 && (
            <Select
              label={t('field.staff')}
              placeholder={t('field.anyone')}
              clearable
              data={pool.map((member) => ({ value: member.id, label: member.name }))}
              value={staffId}
              onChange={(value) => {
                setStaffId(value);
                setSlot(null);
              }}
            />
          )}
          {(type?.capacity ?? 1) > 1 && <NumberInput label={t('field.seats')} min={1} max={type?.capacity ?? 1} value={seats} onChange={(value) => setSeats(Math.max(1, Number(value) || 1))} />}
        </SimpleGrid>
        <SegmentedControl
          aria-label={t('move.way')}
          data={[
            { value: 'free', label: t('move.free') },
            { value: 'any', label: t('move.any') },
          ]}
          value={way}
          onChange={(value) => setWay(value as 'free' | 'any')}
        />
        {way === 'free' ? (
          type !== undefined && (
            <SlotPicker
              key={`${type.id} ${staffId ?? ''} ${String(duration)}`}
              typeId={type.id}
              duration={duration}
              staffId={staffId ?? undefined}
              seats={seats}
              value={slot}
              onPick={setSlot}
              day={begun.day}
              suggested={drafted.start === undefined}
            />
          )
        ) : (
          <>
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <DayField label={t('field.day')} value={day} onChange={setDay} />
              <TimeField label={t('field.time')} value={minutes} onChange={setMinutes} error={minutes === null && missing ? t('field.timeMissing') : undefined} />
            </SimpleGrid>
            {inTheWay.length > 0 && (
              <Alert color={hopeless ? 'red' : 'orange'} icon={<TriangleAlert size={18} aria-hidden />} title={t(hopeless ? 'taken.title' : 'outside.title')}>
                <List size="sm" listStyleType={inTheWay.length === 1 ? 'none' : 'disc'}>
                  {inTheWay.map((obstacle, index) => (
                    <List.Item key={index}>{say(obstacle)}</List.Item>
                  ))}
                </List>
                <Text size="sm" mt="xs">
                  {t(hopeless ? 'taken.text' : 'outside.text')}
                </Text>
              </Alert>
            )}
            {obstacles.data?.length === 0 && (
              <Alert color="teal" icon={<CircleCheck size={18} aria-hidden />} p="xs">
                {t('free')}
              </Alert>
            )}
          </>
        )}
        <div>
          <Button variant="subtle" size="compact-sm" aria-expanded={details} onClick={() => setDetails(!details)}>
            {details ? t('new.less') : t('new.more')}
          </Button>
          <Collapse expanded={details}>
            <Stack gap="sm" pt="xs">
              <QuestionFields questions={type?.questions ?? []} answers={answers} onChange={setAnswers} errors={errors} />
              <Textarea label={t('message')} autosize minRows={2} maxLength={2000} value={message} onChange={(event) => setMessage(event.currentTarget.value)} />
            </Stack>
          </Collapse>
        </div>
        {customer.kind !== 'none' && <NotifyField email={email} value={notify} onChange={setNotify} text={t('mail.booked', { to: email })} />}
        {!shownAtField && <FormError error={create.error} />}
        {isProblem(create.error) && <Alternatives slots={create.error.alternatives} onPick={(found) => book(found.start, false)} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" disabled={start === undefined || hopeless} loading={create.isPending}>
            {start === undefined ? t('new.pick') : t(inTheWay.length > 0 && !hopeless ? 'new.bookAnyway' : 'new.book')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
