// How long a customer waits on the public page: from the navigation until the first time that can be booked is painted.
import type { Browser } from '@playwright/test';
import { offer } from '../harness/diary.js';
import { expect, test } from '../harness/fixtures.js';

const LOADS = 100;
/** Loads before those that count: the server's and the browser's own first time. */
const FIRST = 5;
const ZONE = 'America/New_York';

declare global {
  interface Window {
    /** Milliseconds from the start of the navigation to the frame with the first time in it. */
    firstSlot?: Promise<number>;
  }
}

/** Runs in the page before anything of its own. */
function watch(): void {
  window.firstSlot = new Promise((resolve) => {
    const look = () => {
      const slot = document.querySelector('.times .slot');
      if (slot === null || slot.getClientRects().length === 0) return;
      observer.disconnect();
      // The callback of a frame runs before it is painted, the next one's after.
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())));
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true, subtree: true, attributes: true });
  });
}

/** One load with nothing in the browser's cache. */
async function load(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ timezoneId: ZONE });
  const page = await context.newPage();
  await page.addInitScript(watch);
  await page.goto(url, { waitUntil: 'commit' });
  const took = await page.evaluate(() => window.firstSlot);
  await context.close();
  if (took === undefined) throw new Error('the page was not watched');
  return took;
}

test('from the navigation to the first time', async ({ server, owner, browser }) => {
  const visit = await offer(owner, { name: 'First visit' });
  const url = `${server.url}${visit.path}`;
  const times: number[] = [];
  for (let at = 0; at < FIRST + LOADS; at += 1) {
    const took = await load(browser, url);
    if (at >= FIRST) times.push(took);
  }
  times.sort((a, b) => a - b);
  expect(times).toHaveLength(LOADS);
  const note = `booking page in Chromium, from the navigation to the first free time painted, empty cache, loopback, ${LOADS} loads`;
  for (const share of [50, 99]) {
    const value = times[Math.ceil((share / 100) * LOADS) - 1] ?? 0;
    process.stdout.write(`\n${JSON.stringify({ name: `page.first_slot.p${share}`, value: Math.round(value * 10) / 10, unit: 'ms', better: 'lower', note })}\n`);
  }
});
