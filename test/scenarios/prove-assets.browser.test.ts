import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, seriousFindings, setUp, themes, type Watched, watchedPage } from './browser.ts';
import { type Running, startIronbark } from './running.ts';

let ironbark: Running;
let browser: Browser;
let context: BrowserContext;
let watched: Watched;
let page: Page;
beforeAll(async () => {
  [ironbark, browser] = await Promise.all([startIronbark(), openBrowser()]);
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

async function choose(name: string, option: RegExp, typed?: string): Promise<void> {
  const box = page.getByRole('combobox', { name, exact: true });
  await box.click();
  if (typed !== undefined) await box.fill(typed);
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

test('a dependency goes through a gate, is changed and taken away, and the notice puts it back', async () => {
  await page.getByRole('button', { name: 'Add a dependency' }).click();
  await choose('Asset', /^web1, host/, 'web');
  await choose('Availability', /^90 %/);
  await choose('Gate', /^A new gate/);
  await page.getByRole('dialog').getByLabel('Its name').fill('Front');
  await choose('Is felt when', /^fewer than so many/);
  await page.getByRole('dialog').getByLabel('Needed').fill('1');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const depends = page.getByRole('table', { name: 'Depends on' });
  const edge = depends.getByRole('row', { name: /web1/ });
  await edge.getByText('Front: 1 needed').waitFor();
  await edge.getByRole('button', { name: /^Change/ }).click();
  await choose('Confidentiality', /^10 %/);
  await choose('Is felt when', /^all of them/);
  await sound('dependency');
  await page.getByRole('button', { name: 'Save' }).click();
  await edge.getByText('Front: all').waitFor();
  expect(await edge.textContent()).toContain('0.1');
  await edge.getByRole('button', { name: /^Remove/ }).click();
  await edge.waitFor({ state: 'detached' });
  await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Undo' }).click();
  await edge.getByText('Front: all').waitFor();
  await edge.getByRole('button', { name: /^Remove/ }).click();
  await edge.waitFor({ state: 'detached' });
}, 120_000);

test('a step of reach is drawn, with its way and probability', async () => {
  await page.getByRole('button', { name: 'Add a step' }).click();
  await choose('Asset', /^web1, host/, 'web');
  await choose('By', /^Administration/);
  await page.getByRole('dialog').getByLabel('Probability, %').fill('12.5');
  await sound('step');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const step = page.getByRole('table', { name: 'One step from here' }).getByRole('row', { name: /web1/ });
  await step.getByText('12.5 %').waitFor();
  await step.getByRole('button', { name: /^Change/ }).click();
  await page.getByRole('dialog').getByLabel('Probability, %').fill('40');
  await page.getByRole('button', { name: 'Save' }).click();
  await step.getByText('40 %').waitFor();
  await step.getByRole('button', { name: /^Remove/ }).click();
  await step.waitFor({ state: 'detached' });
}, 120_000);

test('two that are one are compared, merged, and taken apart again', async () => {
  await page.goto(`${ironbark.origin}/assets`);
  await page.getByRole('button', { name: 'Import a file' }).first().click();
  await choose('Tenancy', /OFFICIAL/);
  await pick(
    'twin.csv',
    'kind,name,hostname,owner,serial\nhost,web1-old,web1-old.harbour.example,Dora,SER-90211\n',
  );
  await page.getByRole('button', { name: 'Import 1 row' }).click();
  await page.getByRole('link', { name: 'web1', exact: true }).click();
  await page.getByRole('heading', { name: 'web1' }).waitFor();
  await page.getByRole('button', { name: 'Merge', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await choose('The other', /^web1-old/, 'web1-old');
  const differ = dialog.getByRole('region', { name: 'Fields that differ' });
  const owner = differ.getByRole('row', { name: /^Owner/ });
  await owner.waitFor();
  expect(await owner.textContent()).toMatch(/Ben.*Dora/);
  // Each has a full host name of its own: that is to be looked at twice.
  await dialog.getByText(/an asset has one of these only/).waitFor();
  await sound('merge');
  expect(await dialog.getByRole('button', { name: 'Merge', exact: true }).isDisabled()).toBe(true);
  await dialog.getByLabel('Why they are one').fill('The old name of the same machine');
  await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
  await page.getByText(/web1-old was merged into it/).waitFor();
  await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Undo' }).click();
  await page.getByText(/web1-old was merged into it/).waitFor({ state: 'detached' });
}, 120_000);

test('the graph is walked with the keyboard, focused, and read as a table', async () => {
  await page.goto(`${ironbark.origin}/assets?view=graph`);
  const graph = page.getByRole('application', { name: /^Graph of 5 assets/ });
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
