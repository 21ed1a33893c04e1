// Fails the build when what every page needs before it shows anything grows past its budget.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const BUDGET = 220 * 1024;
const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'));
const seen = new Set();

function collect(key) {
  if (seen.has(key)) return;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) collect(next);
}
// The entry and the frame around every page.
collect('index.html');
collect('src/app/shell/Shell.tsx');

const size = [...seen]
  .map((key) => manifest[key].file)
  .filter((file) => file.endsWith('.js'))
  .reduce((sum, file) => sum + gzipSync(readFileSync(`dist/${file}`)).length, 0);
const kilobytes = (size / 1024).toFixed(1);
if (size > BUDGET) {
  console.error(`the shell is ${kilobytes} kB of JavaScript (gzip), more than its budget of ${BUDGET / 1024} kB`);
  process.exit(1);
}
console.log(`the shell is ${kilobytes} kB of JavaScript (gzip) of ${BUDGET / 1024} kB`);
