import type { Booking } from '@frontdesk/api-client';
import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormError } from '../../ui/FormError';
import { notifyDone } from '../../ui/toast';
import { useWhen } from './BookingTime';
import { NoticeToggle } from './MailPreview';
import { NotifyField } from './NotifyField';
import { cancelBooking } from './queries';

interface CancelDialogProps {
  booking: Booking;
  onClose: () => void;
}

/** Calls a booking off: cannot be undone, so it asks, and shows what the customer will read. */
export function CancelDialog({ booking, onClose }: CancelDialogProps) {
  const { t } = useTranslation('booking');
  const when = useWhen();
  // What was only asked for is not accepted rather than called off.
  const declines = booking.status === 'pending';
  const [reason, setReason] = useState('');
  const [settled] = useDebouncedValue(reason.trim(), 400);
  const [notify, setNotify] = useState(true);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);

  async function run() {
    setPending(true);
    setError(null);
    try {
      await cancelBooking(booking.id, reason.trim(), notify);
      notifyDone(t('cancel.done', { name: booking.name }));
      onClose();
    } catch (failure) {
      setError(failure);
      setPending(false);
    }
  }

  return (
    <Modal opened onClose={onClose} title={<Text fw={650}>{t(declines ? 'cancel.titleDecline' : 'cancel.title', { name: booking.name })}</Text>}>
      <Stack>
        <Text size="sm">
          {booking.type_name}, {when(booking)}. {t('cancel.text')}
        </Text>
        <Textarea
          label={t('cancel.reason')}
          description={t('cancel.reasonHint')}
          autosize
          minRows={2}
          maxRows={6}
          maxLength={1000}
          data-autofocus
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <NotifyField email={booking.email} value={notify} onChange={setNotify} text={t('mail.cancelled', { to: booking.email })}>
          <NoticeToggle bookingId={booking.id} kind={declines ? 'booking_declined' : 'booking_cancelled'} reason={settled} />
        </NotifyField>
        <FormError error={error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('cancel.keep')}
          </Button>
          <Button color="red" loading={pending} onClick={() => void run()}>
            {t(declines ? 'cancel.confirmDecline' : 'cancel.confirm')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
