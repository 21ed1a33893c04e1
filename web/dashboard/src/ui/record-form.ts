// The form of one stored record: it shows the record, and what somebody else saved meanwhile, until something is typed.

import type { UseFormReturnType } from '@mantine/form';
import { useState } from 'react';

interface Stored {
  updated_at: string;
}

export interface RecordForm<Item> {
  dirty: boolean;
  /** Puts a record into the form in place of what stands there: after it was saved, or to take back what was typed. */
  show: (newest: Item) => void;
  /** `updated_at` of the record the form was last filled from. */
  shownAt: string;
  /** What kept the form from being saved and no field could take; `null` when nothing did. */
  error: unknown;
  setError: (error: unknown) => void;
}

export function useRecordForm<Item extends Stored, Values extends Record<string, unknown>>(
  item: Item,
  valuesOf: (item: Item) => Values,
  form: UseFormReturnType<Values>,
): RecordForm<Item> {
  const [shownAt, setShownAt] = useState(item.updated_at);
  const [seenAt, setSeenAt] = useState(item.updated_at);
  const [error, setError] = useState<unknown>(null);
  const dirty = form.isDirty();

  function show(newest: Item) {
    const values = valuesOf(newest);
    form.setInitialValues(values);
    form.setValues(values);
    form.resetDirty(values);
    form.clearErrors();
    setShownAt(newest.updated_at);
    setError(null);
  }

  // Somebody else's change shows at once, unless it would take away what is being typed here.
  if (item.updated_at !== seenAt) {
    setSeenAt(item.updated_at);
    if (!dirty) show(item);
  }

  return { dirty, show, shownAt, error, setError };
}

/** The message of the first field with a fault. The field may stand in another section: it is then also shown at the bottom. */
export function firstFault(errors: Record<string, unknown>): string | null {
  const first = Object.values(errors).find((error) => typeof error === 'string');
  return typeof first === 'string' ? first : null;
}
