// Where the browser is. The rule lives in scripts/find-chromium, which scripts/bootstrap uses too.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The path of a Chromium that starts; throws with the script's advice when there is none. */
export function findChromium(): string {
  const script = fileURLToPath(new URL('../../../scripts/find-chromium', import.meta.url));
  return execFileSync(script, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
}
