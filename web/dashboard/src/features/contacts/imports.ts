// What the import wizard asks the server for.

import type { Import, ImportPlan } from '@frontdesk/api-client';
import { queryOptions } from '@tanstack/react-query';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';
import { saveBlob } from '../../ui/save-file';
import { sendFile } from '../knowledge/upload';

/** The server's own limit for one file, in bytes. */
export const MAX_IMPORT_BYTES = 512 * 1024 * 1024;

const WORKING = new Set(['running', 'undoing']);

export function importsQuery() {
  return queryOptions({ queryKey: keys.imports, queryFn: ({ signal }) => api.get<Import[]>('/contact-imports', { signal }) });
}

/** An import; asked for again while it works, should no event arrive. */
export function importQuery(id: string) {
  return queryOptions({
    queryKey: keys.import(id),
    queryFn: ({ signal }) => api.get<Import>(`/contact-imports/${id}`, { signal }),
    refetchInterval: (query) => (query.state.data !== undefined && WORKING.has(query.state.data.state) ? 1500 : false),
  });
}

export const uploadImport = (file: File, onProgress: (percent: number) => void, signal: AbortSignal) =>
  sendFile<Import>('/contact-imports', file, onProgress, signal);

async function change(path: string, body?: ImportPlan): Promise<Import> {
  const changed = await api.post<Import>(path, body);
  queryClient.setQueryData(keys.import(changed.id), changed);
  void queryClient.invalidateQueries({ queryKey: keys.contactFields });
  return changed;
}

export const startImport = (id: string, plan: ImportPlan) => change(`/contact-imports/${id}/start`, plan);
export const cancelImport = (id: string) => change(`/contact-imports/${id}/cancel`);
export const undoImport = (id: string) => change(`/contact-imports/${id}/undo`);

/** Saves a file of the server under a name. */
export async function saveFile(path: string, name: string): Promise<void> {
  saveBlob(await api.download(path), name);
}
