import { NumberInput, Select, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useMembers } from '../../app/session';
import { ColorField } from '../../ui/ColorField';
import { Panel } from '../../ui/Panel';
import { placesQuery } from '../booking/queries';
import type { PartProps } from './ItemEditor';

export function Profile({ kind, form, readOnly }: PartProps) {
  const { t } = useTranslation('availability');
  const places = useQuery(placesQuery);
  const members = useMembers();
  const { values, errors } = form;
  return (
    <>
      <Panel title={t(`${kind}.profile`)} text={t(`${kind}.profileText`)}>
        <Stack>
          <TextInput label={t('field.name')} maxLength={120} readOnly={readOnly} {...form.getInputProps('name')} />
          {kind === 'staff' && (
            <>
              <TextInput label={t('field.title')} placeholder={t('field.titleExample')} maxLength={120} readOnly={readOnly} {...form.getInputProps('title')} />
              <SimpleGrid cols={{ base: 1, sm: 2 }}>
                <TextInput label={t('field.email')} description={t('field.emailHint')} type="email" maxLength={254} readOnly={readOnly} {...form.getInputProps('email')} />
                <Select
                  label={t('field.user')}
                  description={t('field.userHint')}
                  placeholder={t('field.nobody')}
                  clearable
                  disabled={readOnly}
                  data={[...members.values()].map((member) => ({ value: member.user_id, label: member.name }))}
                  {...form.getInputProps('user_id')}
                />
              </SimpleGrid>
              <ColorField
                label={t('field.color')}
                description={t('field.colorHint')}
                readOnly={readOnly}
                value={values.color}
                onChange={(color) => form.setFieldValue('color', color)}
                error={errors['color']}
              />
            </>
          )}
          {kind === 'places' && <TextInput label={t('field.address')} maxLength={500} readOnly={readOnly} {...form.getInputProps('address')} />}
          {kind === 'resources' && (
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <NumberInput label={t('field.units')} description={t('field.unitsHint')} min={1} max={100} allowDecimal={false} readOnly={readOnly} {...form.getInputProps('units')} />
              {(places.data?.length ?? 0) > 0 && (
                <Select
                  label={t('field.at')}
                  description={t('field.atHint')}
                  placeholder={t('field.anywhere')}
                  clearable
                  disabled={readOnly}
                  data={(places.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
                  {...form.getInputProps('place_id')}
                />
              )}
            </SimpleGrid>
          )}
          {kind !== 'places' && (
            <Switch
              label={t(`${kind}.active`)}
              description={t(`${kind}.activeHint`)}
              disabled={readOnly}
              checked={values.active}
              onChange={(event) => form.setFieldValue('active', event.currentTarget.checked)}
            />
          )}
        </Stack>
      </Panel>
      {kind === 'staff' && (
        <Panel title={t('limits.title')} text={t('limits.text')}>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            {(['per_day', 'per_week'] as const).map((name) => (
              <NumberInput
                key={name}
                label={t(`field.${name}`)}
                placeholder={t('limits.none')}
                min={1}
                max={name === 'per_day' ? 1000 : 5000}
                allowDecimal={false}
                allowNegative={false}
                readOnly={readOnly}
                value={values[name] ?? ''}
                onChange={(value) => form.setFieldValue(name, value === '' ? null : Number(value))}
                error={errors[name]}
              />
            ))}
          </SimpleGrid>
        </Panel>
      )}
    </>
  );
}
