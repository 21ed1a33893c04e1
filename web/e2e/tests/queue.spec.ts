// The queue as the business sees it: what waits, and what was given up.
import { expect, test } from '../harness/fixtures.js';
import { collectErrors, inspect } from '../harness/inspect.js';
import { settled } from '../harness/settled.js';

test('what waits is seen in the settings with when it is due, and nothing was given up', async ({ browser, server, owner, ownerPage: page }) => {
  const errors = collectErrors(page);
  const connection = await owner.api.post('/api/v1/connections', {
    data: { vendor: 'twilio', name: 'Texts', settings: { account_sid: `AC${'0'.repeat(32)}`, numbers: ['+19735550142'], base_url: 'http://127.0.0.1:9' }, secret: 'kept under lock' },
  });
  expect(connection.status(), await connection.text()).toBe(201);
  const sent = await owner.api.post('/api/v1/messages', {
    data: { to: '+12015550123', channel: 'sms', text: 'See you tomorrow at 3!', send_at: new Date(Date.now() + 3_600_000).toISOString(), client_id: 'one' },
  });
  expect(sent.status(), await sent.text()).toBe(201);
  await page.goto('/settings/jobs');
  await expect(page.getByRole('heading', { name: 'Nothing was given up' })).toBeVisible();
  await page.getByRole('navigation', { name: 'Which work' }).getByRole('link', { name: /^Waiting/ }).click();
  const row = page.getByRole('row').filter({ hasText: 'Send a message' });
  await expect(row).toBeVisible();
  await row.getByRole('link', { name: 'Message' }).click();
  await expect(page.getByRole('dialog')).toContainText('See you tomorrow at 3!');
  expect(errors).toEqual([]);
  for (const [name, path] of [
    ['jobs-given-up', '/settings/jobs'],
    ['jobs-waiting', '/settings/jobs?job=waiting'],
  ] as const) {
    await inspect(browser, server.url, {
      name,
      open: async (other) => {
        await other.goto(path);
        await settled(other);
      },
      signedIn: owner.signedIn,
    });
  }
});
