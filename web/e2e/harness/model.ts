// A simulated language model that says what a test wants, as slowly as it wants: `frontdesk sim` with a script.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@playwright/test';
import type { Account } from './account.js';
import { findBinary, freePort } from './server.js';

/** One thing the model does. */
export type Step = { do: 'say'; pieces: string[] } | { do: 'slow'; ms: number } | { do: 'stall' };

export interface Model {
  /** What every further request is answered with. */
  plays(...steps: Step[]): Promise<void>;
  /** How many requests it received. */
  requests(): Promise<number>;
  /** Makes it speak for the account's agent. */
  speaksFor(account: Account): Promise<void>;
  close(): Promise<void>;
}

export async function startModel(): Promise<Model> {
  const ports = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const [openai, anthropic, smtp, mail] = ports.map((port) => `127.0.0.1:${port}`);
  const args = ['--openai', openai ?? '', '--anthropic', anthropic ?? '', '--smtp', smtp ?? '', '--mail', mail ?? ''];
  const child = spawn(findBinary(), ['sim', ...args], { cwd: tmpdir(), stdio: 'ignore' });
  const url = `http://${openai}`;
  await untilThere(child, `${url}/__sim/requests`);
  return {
    plays: async (...steps) => {
      const answer = await fetch(`${url}/__sim/script`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ turns: [{ steps }], repeat_last: true }),
      });
      expect(answer.ok, await answer.text()).toBe(true);
    },
    requests: async () => ((await (await fetch(`${url}/__sim/requests`)).json()) as unknown[]).length,
    speaksFor: async ({ api }) => {
      const made = await api.post('/api/v1/connections', {
        data: { vendor: 'openai', name: 'Model', enabled: true, settings: { model: 'sim', base_url: `${url}/v1` } },
      });
      expect(made.status(), await made.text()).toBe(201);
      const { id } = (await made.json()) as { id: string };
      const [agent] = (await (await api.get('/api/v1/agents')).json()) as [{ id: string; draft: { brain: object } }];
      const draft = { ...agent.draft, brain: { ...agent.draft.brain, models: [id] } };
      const changed = await api.patch(`/api/v1/agents/${agent.id}`, { data: { draft } });
      expect(changed.status(), await changed.text()).toBe(200);
      const published = await api.post(`/api/v1/agents/${agent.id}/publish`, { data: { note: 'A model speaks' } });
      expect(published.ok(), await published.text()).toBe(true);
    },
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function untilThere(child: ChildProcess, url: string): Promise<void> {
  for (let look = 0; look < 400; look += 1) {
    if (child.exitCode !== null) throw new Error(`the simulator ended (${child.exitCode})`);
    if ((await fetch(url).catch(() => null))?.ok) return;
    await pause(25);
  }
  child.kill('SIGKILL');
  throw new Error('the simulator did not start');
}
