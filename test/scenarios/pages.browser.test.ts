import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, seriousFindings, themes, watchedPage } from './browser.ts';
import { buildPage } from './running.ts';

/**
 * The built page alone, with invented data that fits the contracts (web/dev): what it does with ten thousand alerts and
 * how every room reads. The policy is the server's own. The journeys on the running system are in the other files.
 */
const alert = '019a0000-0000-7000-8000-000000000003';
const rooms = [
  '/alerts',
  `/alerts?at=${alert}`,
  `/alerts/${alert}`,
  '/search',
  '/search?at=6ef9853e-4d0e-4a70-846f-000000000001',
  '/search?live=1',
  '/sources?at=edge-zeek',
  '/sources?add=1',
  '/detections?at=5ef9853e-4d0e-4a70-846f-000000000001',
  '/detections?view=faults',
  '/detections?view=packs',
  '/community',
  '/community/agri',
  '/appointments?of=agri',
  '/clearances',
  '/clearances?at=p-7',
  '/people',
  '/people?view=tokens',
  '/ledger',
  '/health',
  '/first-sign-in?token=x',
];

let server: PreviewServer;
let browser: Browser;
let origin: string;
beforeAll(async () => {
  buildPage();
  process.env['IRONBARK_FIXTURE'] = '1';
  process.env['IRONBARK_FIXTURE_ALERTS'] = '10000';
  const root = fileURLToPath(new URL('../../web', import.meta.url));
  server = await preview({
    root,
    configFile: `${root}/vite.config.ts`,
    logLevel: 'error',
    preview: { port: 0, host: '127.0.0.1' },
  });
  origin = (server.resolvedUrls?.local[0] ?? '').replace(/\/$/, '');
  browser = await openBrowser();
}, 120_000);
afterAll(async () => {
  await browser.close();
  await server.close();
});

test('every room reads well in three themes, and asks nothing of other origins or of the policy', async () => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const { page, foreign, violations, errors } = await watchedPage(context, origin);
  const findings: Record<string, string[]> = {};
  for (const path of rooms) {
    await page.goto(origin + path);
    await page.locator('h1').first().waitFor({ state: 'attached' });
    // Until nothing is being loaded any more.
    await expect.poll(() => page.locator('.progress').count()).toBe(0);
    // What is there is the same in every theme; what can be told apart is not.
    for (const theme of themes) {
      await page.locator('html').evaluate((element, name) => element.setAttribute('data-theme', name), theme);
      const found = await seriousFindings(page, theme === 'dark' ? 'everything' : 'contrast');
      if (found.length > 0) findings[`${path} in ${theme}`] = found;
    }
  }
  expect({ findings, foreign, violations, errors }).toEqual({
    findings: {},
    foreign: [],
    violations: [],
    errors: [],
  });
  await context.close();
}, 300_000);

test('ten thousand alerts scroll with a bounded document', async () => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const { page, errors } = await watchedPage(context, origin);
  await page.goto(`${origin}/alerts`);
  const grid = page.getByRole('grid', { name: 'Alerts' });
  await grid.waitFor();
  expect(Number(await grid.getAttribute('aria-rowcount'))).toBeGreaterThanOrEqual(10_000);
  const rows = grid.getByRole('rowgroup');
  const scrolledTo = async (): Promise<number> => {
    await rows.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    return rows.evaluate((element) => Math.round(element.scrollHeight / 32));
  };
  // Each time the end comes near, the next page is asked for.
  await expect.poll(scrolledTo, { timeout: 120_000, interval: 50 }).toBeGreaterThanOrEqual(10_000);
  const lastRow = async () => {
    await scrolledTo();
    return Number(await rows.getByRole('row').last().getAttribute('aria-rowindex'));
  };
  await expect.poll(lastRow).toBeGreaterThan(9_990);
  expect(await page.locator('*').count()).toBeLessThan(2_500);
  expect(await rows.getByRole('row').count()).toBeLessThan(80);
  expect(errors).toEqual([]);
  await context.close();
}, 180_000);
