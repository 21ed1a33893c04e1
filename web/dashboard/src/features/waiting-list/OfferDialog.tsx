import type { Slot, WaitingEntry } from '@frontdesk/api-client';
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { civilOf } from '../../ui/civil';
import { FormError } from '../../ui/FormError';
import { useNow, useZone } from '../../ui/time';
import { notifyDone } from '../../ui/toast';
import { SlotPicker } from '../booking/SlotPicker';
import { useOffer } from './queries';
import { useSpan } from './span';

/** Offers somebody a time by hand, out of turn. */
export function OfferDialog({ entry, onClose }: { entry: WaitingEntry; onClose: () => void }) {
  const { t } = useTranslation('waiting-list');
  const zone = useZone();
  const now = useNow();
  const span = useSpan();
  const offer = useOffer(entry.id);
  const [slot, setSlot] = useState<Slot | null>(null);
  return (
    <Modal opened onClose={onClose} size="lg" title={<Text fw={650}>{t('offer.title', { name: entry.name })}</Text>}>
      <Stack>
        <Text size="sm" c="dimmed">
          {t('offer.text', { span: span(entry) })}
        </Text>
        <SlotPicker
          typeId={entry.type_id}
          staffId={entry.staff_id ?? undefined}
          value={slot}
          onPick={setSlot}
          day={civilOf(Math.max(now, Date.parse(entry.from)), zone).day}
          suggested
        />
        <FormError error={offer.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button
            disabled={slot === null}
            loading={offer.isPending}
            onClick={() =>
              slot !== null &&
              offer.mutate(slot.slot, {
                onSuccess: () => {
                  notifyDone(t('offer.done', { name: entry.name }));
                  onClose();
                },
              })
            }
          >
            {t('offer.send')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
