// Builds `dist/index.html` (the page with its script and styles inside, so that one answer shows the first times),
// `dist/policy.txt` (the Content-Security-Policy that lets exactly those through) and `dist/book.js` (the embed script).
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));
/** gzip -9 bytes of all that is loaded for the page, and of what another site loads to embed it. */
const BUDGETS = { 'index.html': 36_864, 'book.js': 4_096 };

const escapeAscii = (code) =>
  code.replace(/[^\x20-\x7e\n\t]/g, (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));

/** Options shared with the widget, which bundles the same picker. */
async function bundle(entry) {
  const output = await build({
    root: here,
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      target: ['es2022', 'chrome105', 'firefox110', 'safari16.4'],
      cssTarget: ['chrome105', 'firefox110', 'safari16.4'],
      minify: 'oxc',
      lib: { entry: here + 'src/' + entry, name: 'f', formats: ['iife'] },
    },
  });
  return [output].flat()[0].output.find((part) => part.type === 'chunk').code.trim();
}

async function minifyCss(...names) {
  const output = await build({
    root: here,
    configFile: false,
    logLevel: 'warn',
    plugins: [
      {
        name: 'styles',
        resolveId: (id) => (id === 'virtual:styles' ? id : null),
        load: (id) => (id === 'virtual:styles' ? names.map((name) => `import ${JSON.stringify(here + 'src/' + name)};`).join('\n') : null),
      },
    ],
    build: { write: false, cssTarget: ['chrome105', 'firefox110', 'safari16.4'], rollupOptions: { input: 'virtual:styles' } },
  });
  return [output].flat()[0].output.find((part) => part.fileName.endsWith('.css')).source.trim();
}

const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

// `</script>` inside the script would end it; a script without it stays as it is.
const script = (await bundle('main.ts')).replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
const style = await minifyCss('flow.css', 'page.css');
const page = (await readFile(here + 'index.html', 'utf8'))
  .replace(/\n(?=<)/g, '')
  .replace('<style></style>', () => `<style>${style}</style>`)
  .replace('<script></script>', () => `<script>${script}</script>`);
const policy = [
  `default-src 'none'`, `script-src ${hash(script)}`, `style-src ${hash(style)}`, `connect-src 'self'`, `img-src 'self' data:`,
  `base-uri 'none'`, `form-action 'self'`, `frame-ancestors *`,
].join('; ');

await rm(here + 'dist', { recursive: true, force: true });
await mkdir(here + 'dist', { recursive: true });
const files = { 'index.html': page, 'book.js': escapeAscii(await bundle('embed.ts')) + '\n' };
await writeFile(here + 'dist/policy.txt', policy);
let over = false;
for (const [name, code] of Object.entries(files)) {
  await writeFile(here + 'dist/' + name, code);
  const zipped = gzipSync(code, { level: 9 }).length;
  console.log(`${name}: ${code.length} B, ${zipped} B gzip (budget ${BUDGETS[name]})`);
  over ||= zipped > BUDGETS[name];
  // The policy refuses these; so does this build.
  const refused = /\beval\(|new Function|\bstyle=|\bon(click|load|error)="/.exec(code);
  if (refused) {
    console.error(`${name} holds ${JSON.stringify(refused[0])}, which the page's own policy refuses.`);
    process.exit(1);
  }
}
if (over) {
  console.error('The booking page is over its size budget: make it smaller before shipping it.');
  process.exit(1);
}
