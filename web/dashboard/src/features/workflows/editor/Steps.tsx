// What a workflow does, in order: cards that are opened, added between others, moved by handle or buttons, taken out.

import type { Action, Step, WorkflowSettings } from '@frontdesk/api-client';
import { ActionIcon, Button, Collapse, Group, Menu, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { ArrowDown, ArrowUp, ChevronDown, CircleAlert, GripVertical, Plus, Trash2 } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { notifyUndo } from '../../../ui/toast';
import { DEEDS, faultUnder, inserted, MOST_STEPS, moved, newStep, redirected, same, without, type Deed } from '../draft';
import { DEED_ICONS, useSay } from '../say';
import classes from '../Workflows.module.css';
import { ActionForm } from './ActionForm';
import { elsewhereIn, faultsAt } from './place';

interface StepsProps {
  settings: WorkflowSettings;
  /** Changes the settings as they are then. */
  onChange: (change: (settings: WorkflowSettings) => WorkflowSettings) => void;
  faults: ReadonlyMap<string, string>;
  readOnly: boolean;
  /** Which cards are open, by step. */
  open: ReadonlySet<string>;
  onOpen: (open: ReadonlySet<string>) => void;
}

export function Steps({ settings, onChange, faults, readOnly, open, onOpen }: StepsProps) {
  const { t } = useTranslation('workflows');
  const say = useSay();
  const { steps } = settings;
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const setSteps = (change: (steps: Step[]) => Step[]) => onChange((now) => ({ ...now, steps: change(now.steps) }));
  const full = steps.length >= MOST_STEPS;

  const toggle = (id: string) => {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    onOpen(next);
  };
  const add = (at: number, deed: Deed) => {
    const step = newStep(deed);
    setSteps((now) => inserted(now, at, step));
    onOpen(new Set([...open, step.id]));
    setSaid(t('step.added', { what: t(`deed.${deed}.name`), number: at + 1 }));
    // Once its card is there.
    requestAnimationFrame(() => document.getElementById(headOf(step.id))?.focus());
  };
  const move = (id: string, target: string | undefined) => {
    if (target === undefined) return;
    const after = moved(steps, id, target);
    const focused = document.activeElement;
    setSteps((now) => moved(now, id, target));
    // A card that is put elsewhere loses the focus within it.
    requestAnimationFrame(() => focused instanceof HTMLElement && focused.focus());
    const lost = redirected(steps, after);
    const place = t('step.moved', { number: after.findIndex((step) => step.id === id) + 1, count: after.length });
    setSaid(lost === 0 ? place : `${place} ${t('step.redirected', { count: lost })}`);
  };
  const remove = (step: Step, at: number) => {
    const before = steps;
    const after = without(steps, step.id);
    setSteps((now) => without(now, step.id));
    const next = after[Math.min(at, after.length - 1)];
    requestAnimationFrame(() => next !== undefined && document.getElementById(headOf(next.id))?.focus());
    const lost = redirected(before, after);
    const message = t('step.removed', { what: say.place(before, step.id) });
    notifyUndo(lost === 0 ? message : `${message} ${t('step.redirected', { count: lost })}`, () =>
      setSteps((now) => (same(now, after) ? before : now.some(({ id }) => id === step.id) ? now : inserted(now, Math.min(at, now.length), step))),
    );
  };

  return (
    <>
      <ol className={classes.steps}>
        {steps.map((step, at) => (
          <li
            key={step.id}
            className={classes.step}
            data-dragged={dragged === step.id || undefined}
            data-over={(over === step.id && dragged !== step.id) || undefined}
            onDragOver={(event) => {
              if (dragged === null) return;
              event.preventDefault();
              setOver(step.id);
            }}
            onDrop={(event) => {
              event.preventDefault();
              if (dragged !== null && dragged !== step.id) move(dragged, step.id);
              setDragged(null);
              setOver(null);
            }}
          >
            {!readOnly && <AddStep between label={t('step.addBefore', { number: at + 1 })} disabled={full} onAdd={(deed) => add(at, deed)} />}
            <StepCard
              step={step}
              number={at + 1}
              steps={steps}
              later={steps.slice(at + 1)}
              judged={settings.criteria.length > 0}
              faults={faults}
              readOnly={readOnly}
              opened={open.has(step.id)}
              onToggle={() => toggle(step.id)}
              onChange={(action) => setSteps((now) => now.map((each) => (each.id === step.id ? { ...each, action } : each)))}
              onUp={at > 0 ? () => move(step.id, steps[at - 1]?.id) : null}
              onDown={at < steps.length - 1 ? () => move(step.id, steps[at + 1]?.id) : null}
              onRemove={() => remove(step, at)}
              onDragStart={() => setDragged(step.id)}
              onDragEnd={() => {
                setDragged(null);
                setOver(null);
              }}
            />
          </li>
        ))}
      </ol>
      {!readOnly && (
        <AddStep
          label={t('step.add')}
          disabled={full}
          onAdd={(deed) => add(steps.length, deed)}
        />
      )}
      {full && (
        <Text size="xs" c="dimmed" mt={6}>
          {t('step.full', { most: MOST_STEPS })}
        </Text>
      )}
      {faults.has('/steps') && (
        <Text size="sm" c="var(--text-danger)" mt="xs" role="alert">
          {faultsAt(faults).at('/steps')}
        </Text>
      )}
      <span className="visually-hidden" role="status">
        {said}
      </span>
    </>
  );
}

const headOf = (id: string) => `step-${id}`;

interface AddStepProps {
  label: string;
  /** A small button on the line between two cards. */
  between?: boolean;
  disabled: boolean;
  onAdd: (deed: Deed) => void;
}

function AddStep({ label, between = false, disabled, onAdd }: AddStepProps) {
  const { t } = useTranslation('workflows');
  return (
    <Menu position={between ? 'bottom' : 'bottom-start'} width={300} withinPortal>
      <Menu.Target>
        {between ? (
          <ActionIcon className={classes.between} variant="default" radius="xl" size={26} aria-label={label} title={label} disabled={disabled}>
            <Plus size={15} aria-hidden />
          </ActionIcon>
        ) : (
          <Button mt="md" variant="light" leftSection={<Plus size={16} aria-hidden />} disabled={disabled}>
            {label}
          </Button>
        )}
      </Menu.Target>
      <Menu.Dropdown>
        {DEEDS.map((deed) => {
          const Icon = DEED_ICONS[deed];
          return (
            <Menu.Item key={deed} leftSection={<Icon size={16} aria-hidden />} onClick={() => onAdd(deed)}>
              {t(`deed.${deed}.name`)}
              <Text size="xs" c="dimmed">
                {t(`deed.${deed}.hint`)}
              </Text>
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}

interface StepCardProps {
  step: Step;
  /** From 1. */
  number: number;
  steps: readonly Step[];
  later: readonly Step[];
  judged: boolean;
  faults: ReadonlyMap<string, string>;
  readOnly: boolean;
  opened: boolean;
  onToggle: () => void;
  onChange: (action: Action) => void;
  onUp: (() => void) | null;
  onDown: (() => void) | null;
  onRemove: () => void;
  onDragStart: () => void;
  onDragEnd: () => void;
}

function StepCard({ step, number, steps, later, judged, faults, readOnly, opened, onToggle, onChange, onUp, onDown, onRemove, onDragStart, onDragEnd }: StepCardProps) {
  const { t } = useTranslation('workflows');
  const say = useSay();
  const body = useId();
  const Icon = DEED_ICONS[step.action.do];
  const name = t(`deed.${step.action.do}.name`);
  const at = `/steps/${step.id}`;
  const fault = faultUnder(faults, at);
  const elsewhere = elsewhereIn(faults, step.id);
  return (
    <article className={classes.card} data-fault={fault !== undefined || undefined} aria-label={t('step.place', { number, what: name })}>
      <div className={classes.cardHead}>
        {!readOnly && (
          // The same by keyboard is in the buttons.
          <span
            className={classes.grip}
            draggable
            aria-hidden
            title={t('step.drag')}
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = 'move';
              event.dataTransfer.setData('text/plain', name);
              onDragStart();
            }}
            onDragEnd={onDragEnd}
          >
            <GripVertical size={16} />
          </span>
        )}
        <UnstyledButton id={headOf(step.id)} className={classes.cardOpen} aria-expanded={opened} aria-controls={body} onClick={onToggle}>
          <span className={classes.cardIcon}>
            <Icon size={16} aria-hidden />
          </span>
          <span className={classes.cardWords}>
            <span className={classes.cardName}>
              {t('step.place', { number, what: name })}
              {fault !== undefined && <CircleAlert size={15} role="img" aria-label={t('step.faulty')} />}
            </span>
            <span className={classes.cardSaid}>{say.action(step.action, steps)}</span>
          </span>
          <ChevronDown className={classes.chevron} data-open={opened || undefined} size={16} aria-hidden />
        </UnstyledButton>
        {!readOnly && (
          <Group gap={2} wrap="nowrap" className={classes.cardActions}>
            <Mover label={t('step.up', { number })} icon={ArrowUp} run={onUp} />
            <Mover label={t('step.down', { number })} icon={ArrowDown} run={onDown} />
            <Mover label={t('step.remove', { number })} icon={Trash2} run={onRemove} />
          </Group>
        )}
      </div>
      {elsewhere.map((message) => (
        <Text key={message} size="sm" c="var(--text-danger)" px="md" pb="xs" role="alert">
          {message}
        </Text>
      ))}
      <Collapse expanded={opened} id={body}>
        <fieldset disabled={readOnly} className={classes.cardBody} aria-label={name}>
          {opened && (
            <ActionForm value={step.action} onChange={onChange} faults={faultsAt(faults, `${at}/action`)} steps={steps} later={later} judged={judged} readOnly={readOnly} />
          )}
        </fieldset>
      </Collapse>
    </article>
  );
}

function Mover({ label, icon: Icon, run }: { label: string; icon: typeof ArrowUp; run: (() => void) | null }) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        size={30}
        aria-label={label}
        // Stays in reach of the keyboard at the ends, so that the focus is not lost by moving there.
        aria-disabled={run === null || undefined}
        className={classes.mover}
        onClick={() => run?.()}
      >
        <Icon size={15} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
