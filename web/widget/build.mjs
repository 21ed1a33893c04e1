// Builds `dist/widget.js`, `dist/widget-panel.js` and `dist/widget-booking.js`: three scripts without imports, minified, ASCII only, and within their
// size budgets. ASCII, because pages without a declared charset would turn anything else into mojibake.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));
/** gzip -9 bytes. What a page loads before the first open is `widget.js` alone. */
const BUDGETS = { 'widget.js': 10_240, 'widget-panel.js': 20_480, 'widget-booking.js': 30_720 };

const escapeAscii = (code) =>
  code.replace(/[^\x20-\x7e\n\t]/g, (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));

/** Indentation inside templates is not worth sending. */
const tightTemplates = {
  name: 'tight-templates',
  enforce: 'pre',
  transform: (code, id) => (/\/src\/view\.ts$/.test(id) ? { code: code.replace(/\n\s+/g, '\n'), map: null } : null),
};

/** The picker uses the panel's lit-html: a page may allow its Trusted Types policy to be made once only. */
const LENT = /^lit-html$|\/lit-html\/lit-html\.js$/;

async function bundle(entry, define, external = []) {
  const output = await build({
    root: here,
    configFile: false,
    logLevel: 'warn',
    define,
    plugins: [tightTemplates],
    build: {
      write: false,
      target: ['es2022', 'chrome105', 'firefox110', 'safari16.4'],
      cssTarget: ['chrome105', 'firefox110', 'safari16.4'],
      minify: 'oxc',
      lib: { entry: here + entry, name: 'f', formats: ['iife'] },
      rollupOptions: { external, output: { globals: () => 'Frontdesk.lit' } },
    },
  });
  const chunk = [output].flat()[0].output.find((part) => part.type === 'chunk');
  return escapeAscii(chunk.code.trim()) + '\n';
}

// Addresses change with the content, so that a cached file never meets another version's.
const versioned = (name, code) => JSON.stringify(`${name}?v=${createHash('sha256').update(code).digest('hex').slice(0, 10)}`);
const booking = await bundle('../booking/src/widget.ts', {}, [LENT]);
const panel = await bundle('src/panel.ts', { BOOKING_FILE: versioned('widget-booking.js', booking) });
const loader = await bundle('src/main.ts', { PANEL_FILE: versioned('widget-panel.js', panel) });

await rm(here + 'dist', { recursive: true, force: true });
await mkdir(here + 'dist', { recursive: true });
let over = false;
for (const [name, code] of Object.entries({ 'widget.js': loader, 'widget-panel.js': panel, 'widget-booking.js': booking })) {
  await writeFile(here + 'dist/' + name, code);
  const zipped = gzipSync(await readFile(here + 'dist/' + name), { level: 9 }).length;
  console.log(`${name}: ${code.length} B, ${zipped} B gzip (budget ${BUDGETS[name]})`);
  over ||= zipped > BUDGETS[name];
  // A strict Content-Security-Policy refuses these; so does this build.
  const refused = /\beval\(|new Function|\bstyle=|\bon(click|load|error)="|[^\t\n\x20-\x7e]/.exec(code);
  if (refused) {
    console.error(`${name} holds ${JSON.stringify(refused[0])}, which pages with a strict policy or without a charset do not take.`);
    process.exit(1);
  }
}
if (over) {
  console.error('The widget is over its size budget: make it smaller before shipping it.');
  process.exit(1);
}
