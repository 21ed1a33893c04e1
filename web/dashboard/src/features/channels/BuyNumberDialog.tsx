// Getting a number: looked for, chosen, and bought once its price has been seen.

import type { NumberPrice, OfferedPhoneNumber, PhoneNumberKind, PhoneNumberOffers } from '@frontdesk/api-client';
import { Alert, Button, Checkbox, Group, Modal, NativeSelect, Select, SimpleGrid, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Info, Search, SearchX } from 'lucide-react';
import { useMemo, useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../../app/session';
import { formatPhone } from '../../ui/address';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { FormError } from '../../ui/FormError';
import { notifyDone } from '../../ui/toast';
import { countries } from '../settings/places';
import { hasAreas, offersQuery, priceText, useBuyNumber, type NumberSearch } from './phone-numbers';
import classes from './Numbers.module.css';

const KINDS: readonly PhoneNumberKind[] = ['local', 'toll_free', 'mobile'];

interface BuyNumberDialogProps {
  connection: string;
  onClose: () => void;
}

/** A number that is about to be bought. */
interface Chosen {
  offer: OfferedPhoneNumber;
  offers: PhoneNumberOffers;
}

export function BuyNumberDialog({ connection, onClose }: BuyNumberDialogProps) {
  const { t } = useTranslation('channels');
  const phone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const country = useWorkspace()?.country ?? 'US';
  const [typed, setTyped] = useState<NumberSearch>({ country, kind: 'local', area_code: '', contains: '', mms: false, voice: false });
  const [asked, setAsked] = useState<NumberSearch | null>(null);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const title = chosen === null ? t('numbers.buyTitle') : t('numbers.buyQuestion', { number: formatPhone(chosen.offer.number) });
  return (
    <Modal opened onClose={onClose} size="lg" fullScreen={phone} closeOnClickOutside={false} title={<Text fw={650}>{title}</Text>}>
      {chosen === null ? (
        <Stack>
          <SearchForm typed={typed} onType={setTyped} onSearch={() => setAsked(typed)} />
          {asked !== null && <Offers connection={connection} search={asked} onChoose={setChosen} />}
        </Stack>
      ) : (
        <Confirm connection={connection} chosen={chosen} onBack={() => setChosen(null)} onDone={onClose} />
      )}
    </Modal>
  );
}

interface SearchFormProps {
  typed: NumberSearch;
  onType: (typed: NumberSearch) => void;
  onSearch: () => void;
}

function SearchForm({ typed, onType, onSearch }: SearchFormProps) {
  const { t, i18n } = useTranslation('channels');
  const choices = useMemo(() => countries(i18n.language), [i18n.language]);
  const areas = typed.kind === 'local' && hasAreas(typed.country);
  return (
    <form
      onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
        event.preventDefault();
        onSearch();
      }}
    >
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <Select label={t('numbers.country')} data={choices} searchable allowDeselect={false} value={typed.country} onChange={(country) => country !== null && onType({ ...typed, country })} />
        <NativeSelect
          label={t('numbers.kind')}
          data={KINDS.map((value) => ({ value, label: t(`numbers.kinds.${value}`) }))}
          value={typed.kind}
          onChange={(event) => onType({ ...typed, kind: KINDS.find((kind) => kind === event.currentTarget.value) ?? 'local' })}
        />
        {areas && (
          <TextInput label={t('numbers.area')} description={t('numbers.areaHint')} inputMode="numeric" maxLength={3} value={typed.area_code} onChange={(event) => onType({ ...typed, area_code: event.currentTarget.value })} />
        )}
        <TextInput label={t('numbers.contains')} description={t('numbers.containsHint')} maxLength={16} value={typed.contains} onChange={(event) => onType({ ...typed, contains: event.currentTarget.value })} />
      </SimpleGrid>
      <Group justify="space-between" mt="sm" gap="sm">
        <Group gap="md">
          <Checkbox label={t('numbers.mms')} checked={typed.mms} onChange={(event) => onType({ ...typed, mms: event.currentTarget.checked })} />
          <Checkbox label={t('numbers.voice')} checked={typed.voice} onChange={(event) => onType({ ...typed, voice: event.currentTarget.checked })} />
        </Group>
        <Button type="submit" leftSection={<Search size={15} aria-hidden />}>
          {t('numbers.search')}
        </Button>
      </Group>
    </form>
  );
}

interface OffersProps {
  connection: string;
  search: NumberSearch;
  onChoose: (chosen: Chosen) => void;
}

function Offers({ connection, search, onChoose }: OffersProps) {
  const { t, i18n } = useTranslation('channels');
  const found = useQuery(offersQuery(connection, search));
  const offers = found.data;
  if (found.isError) return <ErrorState compact error={found.error} onRetry={() => void found.refetch()} />;
  if (offers === undefined) return <Skeleton height={180} />;
  if (offers.items.length === 0) return <EmptyState compact icon={SearchX} title={t('numbers.noOffers')} text={t('numbers.noOffersText')} />;
  return (
    <div>
      <Text size="sm" fw={600} mb={4} aria-live="polite">
        {offers.price === null || offers.price === undefined ? t('numbers.priceUnknown') : t('numbers.perMonth', { price: priceText(offers.price, i18n.language) })}
      </Text>
      {offers.items.some((offer) => offer.needs_address) && (
        <Alert color="orange" mb="xs" icon={<Info size={18} aria-hidden />}>
          {t('numbers.needsAddress')}
        </Alert>
      )}
      <ul className={classes.offers}>
        {offers.items.map((offer) => (
          <li key={offer.number}>
            <Offer offer={offer} onChoose={() => onChoose({ offer, offers })} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Offer({ offer, onChoose }: { offer: OfferedPhoneNumber; onChoose: () => void }) {
  const { t } = useTranslation('channels');
  const shown = formatPhone(offer.number);
  const place = [offer.locality ?? '', offer.region ?? ''].filter((part) => part !== '').join(', ');
  const can = (['sms', 'mms', 'voice'] as const).filter((each) => offer[each]).map((each) => t(`numbers.can.${each}`));
  return (
    <div className={classes.offer}>
      <div className={classes.body}>
        <Text size="sm" fw={600} className="tabular">
          {shown}
        </Text>
        <Text size="xs" c="dimmed">
          {[place, ...can].filter((part) => part !== '').join(' · ')}
        </Text>
      </div>
      <Button size="xs" variant="light" aria-label={t('numbers.buyOne', { number: shown })} onClick={onChoose}>
        {t('numbers.buy')}
      </Button>
    </div>
  );
}

interface ConfirmProps {
  connection: string;
  chosen: Chosen;
  onBack: () => void;
  onDone: () => void;
}

function Confirm({ connection, chosen, onBack, onDone }: ConfirmProps) {
  const { t, i18n } = useTranslation('channels');
  const buy = useBuyNumber(connection);
  const { offer, offers } = chosen;
  const known: NumberPrice | null = offers.price ?? null;
  const price = known === null ? null : priceText(known, i18n.language);
  return (
    <Stack>
      <Text size="sm">{price === null ? t('numbers.buyTextUnknown') : t('numbers.buyText', { price })}</Text>
      <Text size="sm">{t('numbers.buyAfter')}</Text>
      {offers.country === 'US' && (
        <Text size="sm" c="dimmed">
          {t('numbers.us')}
        </Text>
      )}
      {offer.needs_address && (
        <Alert color="orange" icon={<Info size={18} aria-hidden />}>
          {t('numbers.needsAddress')}
        </Alert>
      )}
      <FormError error={buy.error} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" disabled={buy.isPending} onClick={onBack}>
          {t('numbers.back')}
        </Button>
        <Button
          data-autofocus
          loading={buy.isPending}
          onClick={() =>
            buy.mutate(offer.number, {
              onSuccess: () => {
                notifyDone(t('numbers.bought', { number: formatPhone(offer.number) }));
                onDone();
              },
            })
          }
        >
          {price === null ? t('numbers.buyConfirmUnknown') : t('numbers.buyConfirm', { price })}
        </Button>
      </Group>
    </Stack>
  );
}
