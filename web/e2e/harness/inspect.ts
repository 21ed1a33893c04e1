// Looks at a page the way people with different screens and abilities meet it: light and dark, desk and phone.
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContextOptions, type Page, expect } from '@playwright/test';
import { fileURLToPath } from 'node:url';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const COLOURS = ['color-contrast', 'link-in-text-block'];
const SCREENS = fileURLToPath(new URL('../../../target/e2e/screens/', import.meta.url));

/** The screens every page is looked at on, in light and in dark. */
const SCREEN_SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const;

export interface Inspection {
  /** Names the screenshots: `target/e2e/screens/NAME-light-1440.png`. */
  name: string;
  /** Brings a fresh page to the state that is looked at: go somewhere, wait for what must be there. */
  open: (page: Page) => Promise<void>;
  /** Signs the pages in; none for public pages. */
  signedIn?: BrowserContextOptions['storageState'];
  /** CSS selectors that axe leaves out, such as the content of a sandboxed preview. */
  exclude?: readonly string[];
}

/**
 * Opens the page on both screens and looks at it in light and in dark; fails on an axe finding, a page error, or a page
 * wider than the screen.
 */
export async function inspect(browser: Browser, baseURL: string, inspection: Inspection): Promise<void> {
  for (const viewport of SCREEN_SIZES) {
    const context = await browser.newContext({
      baseURL,
      ...(inspection.signedIn ? { storageState: inspection.signedIn } : {}),
      viewport,
      hasTouch: viewport.width < 500,
      colorScheme: 'light',
    });
    const page = await context.newPage();
    const errors = collectErrors(page);
    await inspection.open(page);
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      const mode = `${scheme}-${viewport.width}`;
      await screenshot(page, `${inspection.name}-${mode}`);
      // Only colours differ in the dark.
      await expectAccessible(page, `${inspection.name} ${mode}`, inspection.exclude, scheme === 'dark');
    }
    await expectNoSidewaysScroll(page, `${inspection.name} ${viewport.width}`);
    expect(errors, `${inspection.name} ${viewport.width}: errors on the page`).toEqual([]);
    await context.close();
  }
}

/** Fails when axe finds anything, naming rule and elements. */
export async function expectAccessible(
  page: Page,
  where: string,
  exclude: readonly string[] = [],
  coloursOnly = false,
): Promise<void> {
  let axe = new AxeBuilder({ page });
  axe = coloursOnly ? axe.withRules(COLOURS) : axe.withTags(RULES);
  for (const selector of exclude) axe = axe.exclude(selector);
  const { violations } = await axe.analyze();
  const findings = violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id} (${violation.impact ?? 'minor'}) at ${node.target.join(' ')}: ${violation.help}`),
  );
  expect(findings, `${where}: axe`).toEqual([]);
}

/** Fails when the page is wider than the window. */
export async function expectNoSidewaysScroll(page: Page, where: string): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, `${where}: pixels wider than the screen`).toBeLessThanOrEqual(0);
}

/** Saves what the page looks like, to be looked at. */
export async function screenshot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${SCREENS}${name}.png` });
}

/** What the browser says when a tool of these tests is loaded into the preview of a mail, in which nothing may run. */
const SANDBOX_HELD = "Blocked script execution in 'about:srcdoc'";

/** Uncaught exceptions and console errors from now on. A failed request is its own test's business, not an error here. */
export function collectErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    if (['Failed to load resource', SANDBOX_HELD].some((start) => message.text().startsWith(start))) return;
    errors.push(message.text());
  });
  return errors;
}
