// The real binary, started for a test on its own data folder and port, without rate limits.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 15_000;

/** A `frontdesk serve` process. */
export interface Server {
  /** Where it answers, without a slash at the end. */
  readonly url: string;
  /** Its data folder; gone after `close`. */
  readonly dataDir: string;
  /** What it has written to its log so far. */
  log(): string;
  /** Stops the process as an operator would (SIGTERM), keeping data and port, so that `start` brings it back. */
  stop(): Promise<void>;
  /** Ends the process at once, as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again after `stop` or `kill`. */
  start(): Promise<void>;
  /** Stops it and removes its data. */
  close(): Promise<void>;
}

/** Starts a server on a fresh data folder; `options` follow `frontdesk serve`, `settings` are `FRONTDESK_*` without that. */
export async function startServer(options: readonly string[] = [], settings: Readonly<Record<string, string>> = {}): Promise<Server> {
  const binary = findBinary();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const dataDir = mkdtempSync(join(tmpdir(), 'frontdesk-e2e-'));
  const logFile = join(dataDir, 'e2e.log');
  const log = () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '');
  let running: ChildProcess | null = null;

  const end = async (signal: NodeJS.Signals) => {
    const child = running;
    running = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    const patience = new AbortController();
    const late = pause(STOP_WITHIN_MS, 'late' as const, { signal: patience.signal }).catch(() => 'stopped' as const);
    const outcome = await Promise.race([exited.then(() => 'stopped' as const), late]);
    patience.abort();
    if (outcome === 'late') {
      child.kill('SIGKILL');
      await exited;
      throw new Error(`the server did not stop within ${STOP_WITHIN_MS} ms\n${tail(log())}`);
    }
  };

  const server: Server = {
    url,
    dataDir,
    log,
    start: async () => {
      const child = spawn(binary, ['serve', '--listen', `127.0.0.1:${port}`, '--data-dir', dataDir, ...options], {
        cwd: dataDir,
        env: {
          ...environmentWithoutSettings(),
          FRONTDESK_RATE_LIMITS: 'off',
          FRONTDESK_PUBLIC_URL: url,
          // Simulated models and calendars listen on this machine.
          FRONTDESK_ALLOW_PRIVATE_HOSTS: '["127.0.0.1"]',
          ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [`FRONTDESK_${name}`, value])),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      running = child;
      const sink = createWriteStream(logFile, { flags: 'a' });
      child.stdout.pipe(sink, { end: false });
      child.stderr.pipe(sink, { end: false });
      child.once('exit', () => sink.end());
      try {
        await untilReady(child, url, log);
      } catch (error) {
        await end('SIGKILL');
        throw error;
      }
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    close: async () => {
      try {
        await end('SIGTERM');
      } finally {
        rmSync(dataDir, { recursive: true, force: true });
      }
    },
  };
  try {
    await server.start();
  } catch (error) {
    rmSync(dataDir, { recursive: true, force: true });
    throw error;
  }
  return server;
}

/** The program under test. */
export function findBinary(): string {
  const binary = process.env['FRONTDESK_BIN'] ?? fileURLToPath(new URL('../../../target/debug/frontdesk', import.meta.url));
  if (!existsSync(binary)) {
    throw new Error(`${binary} does not exist: build it (cargo build -p frontdesk) or set FRONTDESK_BIN`);
  }
  return binary;
}

async function untilReady(child: ChildProcess, url: string, log: () => string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`the server ended (${child.exitCode ?? child.signalCode}) before it was ready\n${tail(log())}`);
    }
    const answer = await fetch(`${url}/health/ready`).catch(() => null);
    if (answer?.ok) return;
    await pause(25);
  }
  throw new Error(`the server was not ready within ${READY_WITHIN_MS} ms\n${tail(log())}`);
}

/** The runner's environment without FRONTDESK_* settings, so that a developer's own do not leak into tests. */
function environmentWithoutSettings(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('FRONTDESK_')));
}

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

function tail(log: string): string {
  return log.split('\n').slice(-15).join('\n');
}
