// Mail of a server that has no mail server: every letter is a file in its data folder.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { Server } from './server.js';

/** Waits for a letter to the address that holds what is looked for, and gives the first match. */
export async function mailed({ dataDir }: Pick<Server, 'dataDir'>, to: string, wanted: RegExp): Promise<string> {
  const folder = join(dataDir, 'outbox');
  const look = () => {
    const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.eml')) : [];
    const letters = files.map((name) => plain(readFileSync(join(folder, name), 'utf8')));
    return letters.filter((letter) => letter.startsWith(`To: ${to}`)).flatMap((letter) => wanted.exec(letter)?.[0] ?? [])[0];
  };
  await expect.poll(look, { message: `a letter to ${to} with ${String(wanted)}` }).toBeDefined();
  return look() ?? '';
}

/** Quoted-printable (RFC 2045, 6.7) as text; enough for addresses. */
function plain(letter: string): string {
  return letter.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
