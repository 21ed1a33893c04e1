import type { StaffMode } from '@frontdesk/api-client';
import { Badge, Checkbox, Group, NumberInput, Radio, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { DoorOpen, UsersRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../../ui/EmptyState';
import { ErrorState } from '../../../ui/ErrorState';
import { Panel } from '../../../ui/Panel';
import { Person } from '../../../ui/Person';
import { resourcesQuery, staffQuery } from '../../booking/queries';
import classes from '../BookingTypes.module.css';
import type { SectionProps } from '../TypeEditor';

const MODES: readonly StaffMode[] = ['choose', 'round_robin', 'collective'];

/** Who does it, and what it needs. */
export function Team(props: SectionProps) {
  return (
    <>
      <StaffPanel {...props} />
      <ResourcesPanel {...props} />
    </>
  );
}

function StaffPanel({ form, readOnly }: SectionProps) {
  const { t } = useTranslation('booking-types');
  const staff = useQuery(staffQuery);
  const { mode, members } = form.values.staff;
  const weights = members.reduce((sum, member) => sum + member.weight, 0);
  const setMembers = (next: typeof members) => {
    form.clearFieldError('staff.members');
    form.setFieldValue('staff.members', next);
  };
  return (
    <Panel title={t('team.title')} text={t('team.text')}>
      {staff.data === undefined ? (
        staff.isError ? (
          <ErrorState compact error={staff.error} onRetry={() => void staff.refetch()} />
        ) : (
          <Skeleton height={160} />
        )
      ) : staff.data.length === 0 ? (
        <EmptyState
          compact
          icon={UsersRound}
          title={t('team.none')}
          text={t('team.noneText')}
          action={<Link to="/availability/$section" params={{ section: 'staff' }}>{t('team.add')}</Link>}
        />
      ) : (
        <Stack gap="lg">
          <Radio.Group label={t('field.mode')} value={mode} onChange={(next) => form.setFieldValue('staff.mode', next as StaffMode)}>
            <div className={classes.modes}>
              {MODES.map((each) => (
                <Radio.Card key={each} value={each} className={classes.mode} disabled={readOnly}>
                  <Group wrap="nowrap" align="flex-start" gap="sm">
                    <Radio.Indicator />
                    <div>
                      <Text size="sm" fw={600}>
                        {t(`mode.${each}`)}
                      </Text>
                      <Text size="xs" c="dimmed">
                        {t(`mode.${each}Text`)}
                      </Text>
                    </div>
                  </Group>
                </Radio.Card>
              ))}
            </div>
          </Radio.Group>
          <div role="group" aria-label={t('team.members')}>
            <ul className={classes.rows}>
              {staff.data.map((person) => {
                const at = members.findIndex((member) => member.staff_id === person.id);
                const member = members[at];
                return (
                  <li key={person.id} className={classes.person}>
                    <Checkbox
                      className={classes.personCheck}
                      checked={member !== undefined}
                      disabled={readOnly}
                      label={<Person name={person.name} detail={person.title} />}
                      onChange={(event) =>
                        setMembers(event.currentTarget.checked ? [...members, { staff_id: person.id, weight: 1 }] : members.filter((each) => each.staff_id !== person.id))
                      }
                    />
                    {!person.active && <Badge color="gray">{t('team.inactive')}</Badge>}
                    {member !== undefined && mode === 'round_robin' && (
                      <Group gap={8} wrap="nowrap">
                        <Text size="xs" c="dimmed" w={92} ta="end">
                          {t('team.share', { percent: Math.round((100 * member.weight) / weights) })}
                        </Text>
                        <NumberInput
                          aria-label={t('team.weightOf', { name: person.name })}
                          w={76}
                          min={1}
                          max={100}
                          allowDecimal={false}
                          allowNegative={false}
                          readOnly={readOnly}
                          value={member.weight}
                          onChange={(weight) => form.setFieldValue(`staff.members.${String(at)}.weight`, Number(weight))}
                          error={form.errors[`staff.members.${String(at)}.weight`]}
                        />
                      </Group>
                    )}
                  </li>
                );
              })}
            </ul>
            {members.length === 0 && (
              <Text size="sm" c="dimmed" mt="sm">
                {t('team.nobody')}
              </Text>
            )}
            {typeof form.errors['staff.members'] === 'string' && (
              <Text size="sm" c="var(--mantine-color-error)" role="alert" mt="xs">
                {form.errors['staff.members']}
              </Text>
            )}
          </div>
        </Stack>
      )}
    </Panel>
  );
}

function ResourcesPanel({ form, readOnly }: SectionProps) {
  const { t } = useTranslation('booking-types');
  const resources = useQuery(resourcesQuery);
  const needs = form.values.resources;
  return (
    <Panel title={t('resources.title')} text={t('resources.text')}>
      {resources.data === undefined ? (
        resources.isError ? (
          <ErrorState compact error={resources.error} onRetry={() => void resources.refetch()} />
        ) : (
          <Skeleton height={80} />
        )
      ) : resources.data.length === 0 ? (
        <EmptyState
          compact
          icon={DoorOpen}
          title={t('resources.none')}
          text={t('resources.noneText')}
          action={<Link to="/availability/$section" params={{ section: 'resources' }}>{t('resources.add')}</Link>}
        />
      ) : (
        <ul className={classes.rows}>
          {resources.data.map((resource) => {
            const at = needs.findIndex((need) => need.resource_id === resource.id);
            const need = needs[at];
            return (
              <li key={resource.id} className={classes.person}>
                <Checkbox
                  className={classes.personCheck}
                  checked={need !== undefined}
                  disabled={readOnly}
                  label={resource.name}
                  description={t('resources.units', { count: resource.units })}
                  onChange={(event) =>
                    form.setFieldValue('resources', event.currentTarget.checked ? [...needs, { resource_id: resource.id, units: 1 }] : needs.filter((each) => each.resource_id !== resource.id))
                  }
                />
                {!resource.active && <Badge color="gray">{t('team.inactive')}</Badge>}
                {need !== undefined && resource.units > 1 && (
                  <NumberInput
                    aria-label={t('resources.unitsOf', { name: resource.name })}
                    w={76}
                    min={1}
                    max={resource.units}
                    allowDecimal={false}
                    allowNegative={false}
                    readOnly={readOnly}
                    value={need.units}
                    onChange={(units) => form.setFieldValue(`resources.${String(at)}.units`, Number(units))}
                    error={form.errors[`resources.${String(at)}.units`]}
                  />
                )}
              </li>
            );
          })}
        </ul>
      )}
    </Panel>
  );
}
