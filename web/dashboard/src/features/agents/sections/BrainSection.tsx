import type { Connection } from '@frontdesk/api-client';
import { ActionIcon, Alert, Anchor, Badge, Group, NativeSelect, NumberInput, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowDown, ArrowUp, Cpu, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../../app/session';
import { Panel } from '../../../ui/Panel';
import type { SectionProps } from '../AgentForm';
import classes from '../Agents.module.css';
import { modelsQuery } from '../queries';

const MOST = 4;

export function BrainSection({ form, readOnly }: SectionProps) {
  const { t } = useTranslation('agents');
  const mayRead = useCan('connections:read');
  const connections = useQuery({ ...modelsQuery, enabled: mayRead }).data;
  const { brain } = form.values.draft;
  const set = (models: string[]) => form.setFieldValue('draft.brain.models', models);
  const free = (connections ?? []).filter((each) => !brain.models.includes(each.id));
  const fault = Object.entries(form.errors).find(([path]) => path.startsWith('draft.brain.models'))?.[1];
  return (
    <>
      <Panel title={t('brain.models')} text={t('brain.text')}>
        <ol className={classes.rows}>
          {brain.models.map((id, index) => (
            <li key={id} className={classes.row}>
              <Model
                connection={connections?.find((each) => each.id === id)}
                known={connections !== undefined}
                number={index + 1}
                readOnly={readOnly}
                onUp={index === 0 ? null : () => set(swapped(brain.models, index, index - 1))}
                onDown={index === brain.models.length - 1 ? null : () => set(swapped(brain.models, index, index + 1))}
                onRemove={() => set(brain.models.filter((each) => each !== id))}
              />
            </li>
          ))}
          <li className={classes.row}>
            <span className={classes.face} style={{ width: 32, height: 32, borderRadius: 8 }}>
              <Cpu size={16} aria-hidden />
            </span>
            <div>
              <Text size="sm" fw={600}>
                {t('brain.builtIn')}
              </Text>
              <Text size="sm" c="dimmed">
                {t(brain.models.length === 0 ? 'brain.builtInAlone' : 'brain.builtInBehind')}
              </Text>
            </div>
          </li>
        </ol>
        {fault !== undefined && (
          <Text size="sm" c="var(--mantine-color-error)" mt="xs">
            {fault}
          </Text>
        )}
        {!readOnly && mayRead && free.length > 0 && brain.models.length < MOST && (
          <NativeSelect
            mt="md"
            maw={360}
            label={t('brain.add')}
            value=""
            onChange={(event) => {
              if (event.currentTarget.value !== '') set([...brain.models, event.currentTarget.value]);
            }}
            data={[{ value: '', label: t('brain.choose') }, ...free.map((each) => ({ value: each.id, label: each.name }))]}
          />
        )}
        {mayRead && connections?.length === 0 && (
          <Alert mt="md" color="blue">
            {t('brain.noConnections')}{' '}
            <Anchor size="sm" underline="always" renderRoot={(props) => <Link to="/settings/$section" params={{ section: 'models' }} {...props} />}>
              {t('brain.connect')}
            </Anchor>
          </Alert>
        )}
        {!mayRead && (
          <Text size="sm" c="dimmed" mt="md">
            {t('brain.notYours')}
          </Text>
        )}
      </Panel>
      <Panel title={t('brain.limits')} text={t('brain.limitsText')}>
        <Stack>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <NumberInput
              label={t('field.temperature')}
              description={t('field.temperatureHint')}
              placeholder={t('field.temperatureEmpty')}
              min={0}
              max={2}
              step={0.1}
              decimalScale={2}
              readOnly={readOnly}
              value={brain.temperature ?? ''}
              onChange={(value) => form.setFieldValue('draft.brain.temperature', value === '' ? null : Number(value))}
              error={form.errors['draft.brain.temperature']}
            />
            <NumberInput
              label={t('field.maxTokens')}
              description={t('field.maxTokensHint')}
              min={64}
              max={8192}
              allowDecimal={false}
              readOnly={readOnly}
              value={brain.max_tokens}
              onChange={(value) => form.setFieldValue('draft.brain.max_tokens', Number(value))}
              error={form.errors['draft.brain.max_tokens']}
            />
            <NumberInput
              label={t('field.ceiling')}
              description={t('field.ceilingHint')}
              placeholder={t('field.ceilingEmpty')}
              prefix="$"
              min={0}
              step={0.05}
              decimalScale={6}
              readOnly={readOnly}
              value={typeof brain.cost_ceiling_micros === 'number' ? brain.cost_ceiling_micros / 1_000_000 : ''}
              onChange={(value) => form.setFieldValue('draft.brain.cost_ceiling_micros', value === '' ? null : Math.round(Number(value) * 1_000_000))}
              error={form.errors['draft.brain.cost_ceiling_micros']}
            />
          </SimpleGrid>
        </Stack>
      </Panel>
    </>
  );
}

interface ModelProps {
  connection: Connection | undefined;
  known: boolean;
  number: number;
  readOnly: boolean;
  onUp: (() => void) | null;
  onDown: (() => void) | null;
  onRemove: () => void;
}

function Model({ connection, known, number, readOnly, onUp, onDown, onRemove }: ModelProps) {
  const { t } = useTranslation('agents');
  const name = connection?.name ?? (known ? t('brain.gone') : t('brain.unnamed', { number }));
  const model = connection?.settings['model'];
  return (
    <>
      <Text fw={650} c="dimmed" w={32} ta="center" lh="32px" className="tabular">
        {number}
      </Text>
      <div style={{ flex: 1, minWidth: 0 }}>
        <Group gap={6}>
          <Text size="sm" fw={600}>
            {name}
          </Text>
          {connection?.enabled === false && <Badge color="orange">{t('brain.off')}</Badge>}
          {connection?.last_test?.ok === false && <Badge color="red">{t('brain.failing')}</Badge>}
        </Group>
        {typeof model === 'string' && (
          <Text size="xs" c="dimmed">
            {model}
          </Text>
        )}
      </div>
      {!readOnly && (
        <Group gap={2} wrap="nowrap">
          <ActionIcon size={30} disabled={onUp === null} onClick={() => onUp?.()} aria-label={t('brain.up', { name })}>
            <ArrowUp size={15} aria-hidden />
          </ActionIcon>
          <ActionIcon size={30} disabled={onDown === null} onClick={() => onDown?.()} aria-label={t('brain.down', { name })}>
            <ArrowDown size={15} aria-hidden />
          </ActionIcon>
          <ActionIcon size={30} onClick={onRemove} aria-label={t('brain.remove', { name })}>
            <X size={15} aria-hidden />
          </ActionIcon>
        </Group>
      )}
    </>
  );
}

function swapped(list: readonly string[], a: number, b: number): string[] {
  const next = [...list];
  const [first, second] = [next[a], next[b]];
  if (first === undefined || second === undefined) return next;
  next[a] = second;
  next[b] = first;
  return next;
}
