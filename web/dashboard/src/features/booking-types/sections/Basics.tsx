import type { BookingLocation } from '@frontdesk/api-client';
import { Group, NumberInput, Select, SimpleGrid, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../../../app/session';
import { ColorField } from '../../../ui/ColorField';
import { Panel } from '../../../ui/Panel';
import { placesQuery } from '../../booking/queries';
import { locationOf } from '../defaults';
import { DurationsField } from '../DurationsField';
import { amountOf, currencies, currencyOf, digitsOf, inCurrency, minorOf } from '../money';
import type { SectionProps } from '../TypeEditor';

const LOCATIONS: readonly BookingLocation['kind'][] = ['business', 'place', 'address', 'phone', 'video', 'customer'];

export function Basics({ form, readOnly }: SectionProps) {
  const { t } = useTranslation('booking-types');
  return (
    <>
      <Panel title={t('basics.title')} text={t('basics.text')}>
        <Stack>
          <TextInput label={t('field.name')} maxLength={120} readOnly={readOnly} {...form.getInputProps('name')} />
          <Textarea
            label={t('field.description')}
            description={t('field.descriptionHint')}
            placeholder={t('field.descriptionExample')}
            autosize
            minRows={3}
            maxRows={10}
            maxLength={2000}
            readOnly={readOnly}
            {...form.getInputProps('description')}
          />
          <DurationsField
            value={form.values.durations}
            readOnly={readOnly}
            onChange={(durations) => form.setFieldValue('durations', durations)}
            error={form.errors['durations']}
          />
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <NumberInput
              label={t('field.capacity')}
              description={t('field.capacityHint')}
              min={1}
              max={500}
              allowDecimal={false}
              readOnly={readOnly}
              value={form.values.capacity}
              onChange={(value) => form.setFieldValue('capacity', Number(value))}
              error={form.errors['capacity']}
            />
            <ColorField
              label={t('field.color')}
              description={t('field.colorHint')}
              readOnly={readOnly}
              value={form.values.color}
              onChange={(color) => form.setFieldValue('color', color)}
              error={form.errors['color']}
            />
          </SimpleGrid>
        </Stack>
      </Panel>
      <Where form={form} readOnly={readOnly} />
      <PricePanel form={form} readOnly={readOnly} />
    </>
  );
}

function Where({ form, readOnly }: SectionProps) {
  const { t } = useTranslation('booking-types');
  const places = useQuery(placesQuery);
  const workspace = useWorkspace();
  const location = form.values.location;
  return (
    <Panel title={t('where.title')} text={t('where.text')}>
      <Stack>
        <Select
          label={t('field.location')}
          maw={420}
          disabled={readOnly}
          allowDeselect={false}
          data={LOCATIONS.filter((kind) => kind !== 'place' || location.kind === 'place' || (places.data?.length ?? 0) > 0).map((value) => ({ value, label: t(`location.${value}`) }))}
          value={location.kind}
          onChange={(kind) => {
            if (kind !== null) form.setFieldValue('location', locationOf(kind as BookingLocation['kind'], location, places.data?.[0]?.id));
          }}
          error={form.errors['location']}
        />
        {location.kind === 'business' && (
          <Text size="sm" c="dimmed">
            {workspace === undefined || workspace.facts.address === '' ? (
              <>
                {t('where.noAddress')} <Link to="/settings/$section" params={{ section: 'business' }}>{t('where.setAddress')}</Link>
              </>
            ) : (
              workspace.facts.address
            )}
          </Text>
        )}
        {location.kind === 'place' && (
          <Select
            label={t('field.place')}
            maw={420}
            disabled={readOnly}
            allowDeselect={false}
            data={(places.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            value={location.place_id}
            onChange={(id) => {
              if (id !== null) form.setFieldValue('location', { kind: 'place', place_id: id });
            }}
            error={form.errors['location.place_id']}
          />
        )}
        {location.kind === 'address' && <TextInput label={t('field.address')} maxLength={500} readOnly={readOnly} {...form.getInputProps('location.address')} />}
        {location.kind === 'video' && (
          <TextInput
            label={t('field.url')}
            description={t('field.urlHint')}
            type="url"
            placeholder="https://"
            maxLength={500}
            readOnly={readOnly}
            {...form.getInputProps('location.url')}
          />
        )}
        {(location.kind === 'phone' || location.kind === 'customer') && (
          <Text size="sm" c="dimmed">
            {t(`where.${location.kind}`)}
          </Text>
        )}
      </Stack>
    </Panel>
  );
}

function PricePanel({ form, readOnly }: SectionProps) {
  const { t, i18n } = useTranslation('booking-types');
  const workspace = useWorkspace();
  const price = form.values.price;
  const usual = currencyOf(workspace?.country ?? '');
  const choices = useMemo(() => currencies(i18n.language, usual), [i18n.language, usual]);
  return (
    <Panel
      title={t('price.title')}
      text={t('price.text')}
      action={
        <Switch
          aria-label={t('price.switch')}
          checked={price !== null}
          disabled={readOnly}
          onChange={(event) => form.setFieldValue('price', event.currentTarget.checked ? { minor: 0, currency: usual } : null)}
        />
      }
    >
      {price === null ? (
        <Text size="sm" c="dimmed">
          {t('price.none')}
        </Text>
      ) : (
        <Group align="flex-start">
          <NumberInput
            label={t('field.amount')}
            w={160}
            min={0}
            decimalScale={digitsOf(price.currency)}
            fixedDecimalScale
            thousandSeparator=" "
            allowNegative={false}
            readOnly={readOnly}
            value={amountOf(price)}
            onChange={(value) => form.setFieldValue('price', { ...price, minor: minorOf(Number(value), price.currency) })}
            error={form.errors['price.minor']}
          />
          <Select
            label={t('field.currency')}
            w={240}
            searchable
            allowDeselect={false}
            disabled={readOnly}
            data={choices}
            value={price.currency}
            onChange={(currency) => {
              if (currency !== null) form.setFieldValue('price', inCurrency(price, currency));
            }}
            error={form.errors['price.currency']}
          />
        </Group>
      )}
    </Panel>
  );
}
