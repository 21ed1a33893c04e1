// A real CalDAV server, Radicale, with one calendar: somebody's own, beside the product. scripts/bootstrap installs it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { python } from './python.js';
import { freePort } from './server.js';

export const USER = 'maria';
export const PASSWORD = 'app password 1';

export interface Radicale {
  /** Its address, without a slash at the end. */
  readonly url: string;
  /** The files of the calendar. */
  files(): string[];
  /** Writes an event, as the owner's own program does; times as in a file: `20261124T150000Z`. */
  put(uid: string, title: string, start: string, end: string): Promise<void>;
  /** The password is no longer good. */
  lockOut(): void;
  close(): Promise<void>;
}

export async function startRadicale(): Promise<Radicale> {
  const folder = mkdtempSync(join(tmpdir(), 'frontdesk-radicale-'));
  const users = join(folder, 'users');
  const calendar = join(folder, 'data/collection-root', USER, 'work');
  writeFileSync(users, `${USER}:${PASSWORD}\n`);
  mkdirSync(calendar, { recursive: true });
  writeFileSync(join(calendar, '.Radicale.props'), JSON.stringify({ tag: 'VCALENDAR', 'D:displayname': 'Work' }));
  const port = await freePort();
  const child = spawn(
    python(),
    [
      ...['-m', 'radicale', '--config', '', '--logging-level', 'info', '--server-hosts', `127.0.0.1:${port}`],
      ...['--storage-filesystem-folder', join(folder, 'data'), '--auth-type', 'htpasswd', '--auth-htpasswd-encryption', 'plain'],
      ...['--auth-delay', '0', '--auth-htpasswd-filename', users],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await untilReady(child);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    files: () => readdirSync(calendar).filter((name) => name.endsWith('.ics')).map((name) => readFileSync(join(calendar, name), 'utf8')),
    put: async (uid, title, start, end) => {
      const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//maria//EN', 'BEGIN:VEVENT', `UID:${uid}`, 'DTSTAMP:20260101T000000Z', `SUMMARY:${title}`, `DTSTART:${start}`, `DTEND:${end}`, 'END:VEVENT', 'END:VCALENDAR', ''];
      const answer = await fetch(`${url}/${USER}/work/${uid}.ics`, {
        method: 'PUT',
        headers: { authorization: `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`, 'content-type': 'text/calendar' },
        body: lines.join('\r\n'),
      });
      if (!answer.ok) throw new Error(`the calendar refused the event: ${answer.status} ${await answer.text()}`);
    },
    lockOut: () => writeFileSync(users, `${USER}:another\n`),
    close: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit');
        child.kill();
        await exited;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until it takes requests, and goes on reading what it says: a full pipe would stop it. */
async function untilReady(child: ChildProcess): Promise<void> {
  const said: string[] = [];
  if (child.stderr === null) throw new Error('no pipe');
  const lines = createInterface(child.stderr);
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      said.push(line);
      if (line.includes('server ready')) resolve();
    });
    child.once('error', (error) => reject(error));
    child.once('exit', () => reject(new Error(`Radicale ended before it was ready; scripts/bootstrap installs it\n${said.slice(-15).join('\n')}`)));
  });
}
