import type { WorkflowPreviewItem } from '@frontdesk/api-client';

/** The messages by who gets them, in the order contacts come up. */
export function byContact(items: readonly WorkflowPreviewItem[]): WorkflowPreviewItem[][] {
  const groups = new Map<string, WorkflowPreviewItem[]>();
  for (const item of items) groups.set(item.contact_id, [...(groups.get(item.contact_id) ?? []), item]);
  return [...groups.values()];
}
