import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, seriousFindings, setUp, themes, type Watched, watchedPage } from './browser.ts';
import { type Running, startIronbark } from './running.ts';

/** Other systems on this machine may have the usual ones. */
const noDoors = {
  IRONBARK_BULK_LISTEN: '127.0.0.1:0',
  IRONBARK_SYSLOG_LISTEN: 'off',
  IRONBARK_SYSLOG_TLS_LISTEN: 'off',
};
let ironbark: Running;
let browser: Browser;
let context: BrowserContext;
let watched: Watched;
let page: Page;
beforeAll(async () => {
  [ironbark, browser] = await Promise.all([startIronbark(noDoors), openBrowser()]);
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  watched = await watchedPage(context, ironbark.origin);
  page = watched.page;
  await setUp(page, ironbark.firstLink);
}, 240_000);
afterAll(async () => {
  await browser.close();
  await ironbark.stop();
});

async function sound(where: string): Promise<void> {
  for (const theme of themes) {
    await page.locator('html').evaluate((html, name) => html.setAttribute('data-theme', name), theme);
    expect([where, theme, await seriousFindings(page)]).toEqual([where, theme, []]);
  }
}

async function choose(name: string, option: RegExp): Promise<void> {
  await page.getByRole('combobox', { name, exact: true }).click();
  await page.getByRole('option', { name: option }).first().click();
}

async function pick(name: string, text: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  const chosen = page.waitForEvent('filechooser');
  await dialog.getByRole('button', { name: 'File', exact: true }).click();
  await (await chosen).setFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  await dialog.getByRole('button', { name: 'Check' }).click();
}

const head = 'kind,name,hostname,owner,classification,depends on\n';
const good = `${head}information,Payroll,,Ann,PROTECTED,application:Pay portal=0.9/0.9/1\napplication,Pay portal,,Ben,,host:web1=1/1/0.5\nhost,web1,web1.harbour.example,Ben,,site:Canberra=0/0/0.9\nsite,Canberra,,,,\n`;

test('a file is checked row by row before anything is written, and then taken whole', async () => {
  await page.goto(`${ironbark.origin}/assets`);
  await page.getByText('Nothing is in the inventory').waitFor();
  await page.getByRole('button', { name: 'Import a file' }).first().click();
  await choose('Tenancy', /OFFICIAL/);
  await pick('bad.csv', `${good}spaceship,Enterprise,,,,\n`);
  await page.getByText(/4 new, 0 merged, 0 unchanged, 0 ambiguous, 1 refused/).waitFor();
  expect(await page.getByRole('row', { name: /Enterprise/ }).textContent()).toContain('Refused');
  expect(await page.getByRole('button', { name: 'Import 4 rows' }).isDisabled()).toBe(true);
  await sound('import');
  await pick('good.csv', good);
  await page.getByRole('button', { name: 'Import 4 rows' }).click();
  await page.getByRole('region', { name: 'Notices' }).getByText('4 new').waitFor();
  await page.getByRole('link', { name: 'Payroll', exact: true }).waitFor();
  await sound('list');
}, 180_000);

test('the list is narrowed by kind and text, and the address says how', async () => {
  await page.getByRole('button', { name: /^Host 1/ }).click();
  await page.getByText('1 asset shown').waitFor({ state: 'attached' });
  expect(page.url()).toContain('kind=host');
  await page.getByRole('button', { name: /^Host 1/ }).click();
  await page.getByLabel(/^Filter by name/).fill('pay');
  await page.getByText('2 assets shown').waitFor({ state: 'attached' });
}, 60_000);

test('an asset’s page says who says what, and a person’s word holds', async () => {
  await page.getByRole('link', { name: 'Payroll', exact: true }).click();
  await page.getByRole('heading', { name: 'Payroll' }).waitFor();
  await page.getByRole('link', { name: 'Pay portal' }).waitFor();
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await page.getByRole('dialog').getByLabel('Owner').fill('Cleo');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('csv says Ann').waitFor();
  await sound('asset');
}, 120_000);

test('the graph is walked with the keyboard, focused, and read as a table', async () => {
  await page.goto(`${ironbark.origin}/assets?view=graph`);
  const graph = page.getByRole('application', { name: /^Graph of 4 assets/ });
  await graph.waitFor();
  await graph.focus();
  const chosen = page.getByRole('link', { name: 'Payroll', exact: true });
  await page.keyboard.press('ArrowDown');
  await chosen.waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/at=/);
  // What is at most two steps from it: its portal and the host, and not the site.
  await page.getByRole('application', { name: /^Graph of 3 assets/ }).waitFor();
  await page.getByRole('button', { name: 'As a table' }).click();
  const table = page.getByRole('region', { name: 'The graph as a table' });
  expect(await table.getByRole('row', { name: /^Payroll/ }).textContent()).toContain('Pay portal');
  await sound('graph');
  await page.getByRole('button', { name: 'Whole graph' }).click();
  await table.getByRole('button', { name: 'Canberra' }).waitFor();
}, 120_000);

test('no page asked for anything elsewhere, broke a rule of its own or failed', () => {
  expect({ foreign: watched.foreign, violations: watched.violations, errors: watched.errors }).toEqual({
    foreign: [],
    violations: [],
    errors: [],
  });
});
