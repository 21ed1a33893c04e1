import { isProblem } from '@frontdesk/api-client';
import { Alert, type AlertProps } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { CircleAlert } from 'lucide-react';
import { sentence } from './text';
import { problemText } from './toast';

interface FormErrorProps extends Omit<AlertProps, 'children'> {
  error: unknown;
}

/** What kept a form from being saved, above its buttons. Nothing when there is no error. */
export function FormError({ error, ...alert }: FormErrorProps) {
  if (error === null || error === undefined) return null;
  return (
    <Alert color="red" role="alert" icon={<CircleAlert size={18} aria-hidden />} {...alert}>
      {problemText(error)}
    </Alert>
  );
}

/**
 * Puts a problem's `errors[]` at the fields they name and moves the focus to the first of them. Returns what no field
 * could take, for `FormError`; null when every message found its field. What was typed stays.
 */
export function applyProblem<Values extends Record<string, unknown>>(
  form: UseFormReturnType<Values>,
  error: unknown,
): unknown {
  if (!isProblem(error) || error.errors.length === 0) return error;
  const values = form.getValues();
  const homeless = error.errors.filter(({ field }) => !hasPath(values, pathOf(field)));
  const atFields = Object.fromEntries(
    error.errors.filter((entry) => !homeless.includes(entry)).map(({ field, message }) => [pathOf(field), sentence(message)]),
  );
  form.setErrors(atFields);
  const first = Object.keys(atFields)[0];
  if (first !== undefined) form.getInputNode(first)?.focus();
  return homeless.length === 0 ? null : error;
}

/** `/facts/phone` as a form path: `facts.phone`. */
export function pathOf(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.');
}

function hasPath(values: unknown, path: string): boolean {
  if (path === '') return false;
  let at = values;
  for (const part of path.split('.')) {
    if (typeof at !== 'object' || at === null || !(part in at)) return false;
    at = (at as Record<string, unknown>)[part];
  }
  return true;
}
