import { expect, test } from '../harness/fixtures.js';

test('a started server says that it is ready', async ({ server, request }) => {
  const answer = await request.get(`${server.url}/health/ready`);
  expect(answer.status()).toBe(200);
});

test('the root is the dashboard, and so is every page address inside it', async ({ server, request }) => {
  for (const path of ['/', '/inbox', '/settings/team']) {
    const answer = await request.get(`${server.url}${path}`);
    expect(answer.status(), path).toBe(200);
    expect(answer.headers()['content-type'], path).toContain('text/html');
    expect((await answer.text()).toLowerCase(), path).toContain('<!doctype html>');
  }
});

test('an address that the API does not know is not the dashboard', async ({ server, request }) => {
  const answer = await request.get(`${server.url}/api/v1/nowhere`);
  expect(answer.status()).toBe(404);
  expect(answer.headers()['content-type']).toContain('application/problem+json');
});

test('the browser shows a page without errors', async ({ server, page }) => {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(server.url);
  await expect(page).toHaveTitle(/Frontdesk/i);
  expect(errors).toEqual([]);
});
