// Putting a file of addresses on a list, as many at a time as the server takes. What it refuses is set aside with its
// line and why, and the others go on.

import { isProblem } from '@frontdesk/api-client';
import { MOST_AT_A_TIME, type Line } from './addresses';

export interface RefusedLine extends Line {
  why: string;
}

export interface Progress {
  done: number;
  added: number;
  refused: RefusedLine[];
}

type Send = (addresses: string[]) => Promise<number>;

/** The lines a problem is about, when it is about single addresses and nothing else. */
function refusedIn(error: unknown, batch: readonly Line[]): RefusedLine[] {
  if (!isProblem(error)) return [];
  const refused = error.errors.flatMap(({ field, message }) => {
    const line = batch[Number(/^\/addresses\/(\d+)$/u.exec(field)?.[1] ?? -1)];
    return line === undefined ? [] : [{ ...line, why: message }];
  });
  return refused.length === error.errors.length ? refused : [];
}

/** Sends all of them; `onProgress` hears of each batch. Stops where the signal says so, and what was added stays. */
export async function putAll(lines: readonly Line[], send: Send, onProgress: (progress: Progress) => void, signal: AbortSignal): Promise<Progress> {
  let progress: Progress = { done: 0, added: 0, refused: [] };
  for (let from = 0; from < lines.length && !signal.aborted; from += MOST_AT_A_TIME) {
    const batch = lines.slice(from, from + MOST_AT_A_TIME);
    const { added, refused } = await putBatch(batch, send);
    progress = { done: from + batch.length, added: progress.added + added, refused: [...progress.refused, ...refused] };
    onProgress(progress);
  }
  return progress;
}

async function putBatch(batch: readonly Line[], send: Send): Promise<Pick<Progress, 'added' | 'refused'>> {
  try {
    return { added: await send(batch.map(({ address }) => address)), refused: [] };
  } catch (error) {
    const refused = refusedIn(error, batch);
    if (refused.length === 0) throw error;
    const gone = new Set(refused.map(({ line }) => line));
    const rest = batch.filter(({ line }) => !gone.has(line));
    return { added: rest.length === 0 ? 0 : await send(rest.map(({ address }) => address)), refused };
  }
}

/** The refused lines as a file. What a spreadsheet would run as a formula gets an apostrophe before it. */
export const refusedFile = (refused: readonly RefusedLine[]): string =>
  ['line,address,why', ...refused.map(({ line, address, why }) => `${String(line)},${cell(address)},${cell(why)}`)].join('\r\n');

const cell = (text: string) => `"${(/^[=@\t\r-]/u.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
