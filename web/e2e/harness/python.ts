// Python tools that scripts/bootstrap installs into .venv.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The interpreter that has them. */
export function python(): string {
  const path = fileURLToPath(new URL('../../../.venv/bin/python', import.meta.url));
  if (!existsSync(path)) throw new Error(`${path} does not exist; run scripts/bootstrap`);
  return path;
}
