// When a page of the dashboard has everything it wants to show.
import { type Page, expect } from '@playwright/test';

/** The page's own code is there, nothing is being fetched and no skeleton stands in for it. */
export async function settled(page: Page): Promise<void> {
  await expect(page.locator('main, [role=main]').first()).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeAttached();
  await expect(page.locator('.mantine-Skeleton-root, .mantine-Loader-root, [aria-busy=true]')).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready);
}
