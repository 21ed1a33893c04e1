// A workflow while it is edited here and, perhaps, by somebody else: what was typed is kept until it is saved or given up.

import { isProblem, type FieldProblem, type Workflow, type WorkflowSettings } from '@frontdesk/api-client';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { faultsIn, missingIn, refusedOf, same, type Refused } from './draft';
import { homelessIn } from './editor/place';
import { useSaveWorkflow } from './queries';

export interface WorkflowDraft {
  settings: WorkflowSettings;
  change: (change: (settings: WorkflowSettings) => WorkflowSettings) => void;
  dirty: boolean;
  saving: boolean;
  faults: ReadonlyMap<string, string>;
  /** What kept it from being saved and no field shows. */
  error: unknown;
  /** Somebody saved another version since this one was read. */
  outrun: boolean;
  /** Saves it; `onSaved` is called when that worked. `over` says that another version is to be replaced. */
  save: (onSaved?: (workflow: Workflow) => void, over?: boolean) => void;
  /** Shows what the server said of settings at their fields. */
  refuse: (settings: WorkflowSettings, error: unknown) => void;
  discard: () => void;
  open: ReadonlySet<string>;
  setOpen: (open: ReadonlySet<string>) => void;
}

export function useWorkflowDraft(workflow: Workflow, onSaved: (workflow: Workflow) => void): WorkflowDraft {
  const { t } = useTranslation('workflows');
  const [base, setBase] = useState(workflow);
  const [settings, setSettings] = useState(workflow.settings);
  const [refused, setRefused] = useState<Refused | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const mutation = useSaveWorkflow(workflow.id);
  const dirty = !same(settings, base.settings);

  function show(newest: Workflow) {
    setBase(newest);
    setSettings(newest.settings);
    setRefused(null);
    setError(null);
  }

  // Somebody else's change shows at once, unless it would take away what is being typed here.
  if (workflow.version > base.version && !dirty) show(workflow);
  const outrun = workflow.version > base.version && dirty;

  function refuse(asked: WorkflowSettings, failure: unknown) {
    if (isProblem(failure) && failure.errors.length > 0) point(asked, failure.errors);
    else setError(failure);
  }

  /** Opens the steps with something wrong and goes to the first. */
  function point(asked: WorkflowSettings, errors: readonly FieldProblem[]) {
    const found = refusedOf(asked, errors);
    setRefused(found);
    const places = faultsIn(found, asked);
    const homeless = homelessIn(places);
    const shown = places.size - homeless.length;
    setError([...(shown > 0 ? [t('fix', { count: shown })] : []), ...homeless].join(' '));
    const faulty = asked.steps.filter(({ id }) => [...places.keys()].some((place) => place.startsWith(`/steps/${id}/`)));
    if (faulty.length > 0) setOpen((before) => new Set([...before, ...faulty.map(({ id }) => id)]));
    // Once the cards are open.
    setTimeout(() => document.querySelector<HTMLElement>('[aria-invalid="true"], [data-fault] input')?.focus());
  }

  function save(then?: (workflow: Workflow) => void, over = false) {
    if (mutation.isPending) return;
    setError(null);
    const missing = missingIn(settings, {
      name: t('missing.name'),
      words: t('missing.words'),
      title: t('missing.title'),
      url: t('missing.url'),
      steps: t('missing.steps'),
      criterion: t('missing.criterion'),
      moments: t('missing.moments'),
      field: t('missing.field'),
    });
    if (missing.length > 0) {
      point(settings, missing);
      return;
    }
    mutation.mutate(
      { settings, version: over ? workflow.version : base.version },
      {
        onSuccess: (saved) => {
          show(saved);
          (then ?? onSaved)(saved);
        },
        onError: (failure) => refuse(settings, failure),
      },
    );
  }

  return {
    settings,
    change: setSettings,
    dirty,
    saving: mutation.isPending,
    faults: faultsIn(refused, settings),
    error: outrun ? null : error,
    outrun,
    save,
    refuse,
    discard: () => show(workflow),
    open,
    setOpen,
  };
}
