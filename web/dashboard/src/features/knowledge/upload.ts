// Sending files. `fetch` cannot say how far an upload is, so this is the one place that uses the older way.

import { Problem, problemOf, type Source } from '@frontdesk/api-client';
import { api } from '../../app/api';
import { currentWorkspace } from '../../app/workspace';

/** What the server reads. */
export const FILE_TYPES = ['.pdf', '.docx', '.md', '.markdown', '.html', '.htm', '.csv', '.txt'] as const;
/** The server's own limit for one file, in bytes. */
export const MAX_FILE_BYTES = 20 * 1024 * 1024;

export type FileFault = 'type' | 'size' | 'empty';

/** What can be said about a file before it is sent; null when nothing. */
export function faultOf(file: Pick<File, 'name' | 'size'>): FileFault | null {
  const name = file.name.toLowerCase();
  if (!FILE_TYPES.some((ending) => name.endsWith(ending))) return 'type';
  if (file.size === 0) return 'empty';
  return file.size > MAX_FILE_BYTES ? 'size' : null;
}

/** Sends one file; `onProgress` gets 0 to 100. A lapsed sign-in is renewed once. */
export function uploadFile(file: File, onProgress: (percent: number) => void, signal: AbortSignal): Promise<Source> {
  return sendFile<Source>('/knowledge/files', file, onProgress, signal);
}

/** Sends one file to a path of the server, as `uploadFile` does. */
export async function sendFile<Answer>(path: string, file: File, onProgress: (percent: number) => void, signal: AbortSignal): Promise<Answer> {
  let response = await send(path, file, onProgress, signal);
  if (response.status === 401 && (await api.refresh())) response = await send(path, file, onProgress, signal);
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as Answer;
}

function send(path: string, file: File, onProgress: (percent: number) => void, signal: AbortSignal): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', api.url(path));
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('X-Frontdesk-Request', '1');
    const workspace = currentWorkspace();
    if (workspace !== null) request.setRequestHeader('X-Workspace', workspace);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(Math.round((event.loaded / event.total) * 100));
    };
    request.onload = () => {
      const headers = new Headers();
      for (const name of ['content-type', 'retry-after']) {
        const value = request.getResponseHeader(name);
        if (value !== null) headers.set(name, value);
      }
      resolve(new Response(request.responseText, { status: request.status, headers }));
    };
    request.onerror = () => reject(new Problem('offline', 0));
    request.onabort = () => reject(new DOMException('cancelled', 'AbortError'));
    if (signal.aborted) request.abort();
    signal.addEventListener('abort', () => request.abort(), { once: true });
    const form = new FormData();
    form.append('file', file, file.name);
    request.send(form);
  });
}
