import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, seriousFindings, setUp, themes, watchedPage } from './browser.ts';
import { type Running, startIronbark } from './running.ts';

let ironbark: Running;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const watched: Awaited<ReturnType<typeof watchedPage>>[] = [];
beforeAll(async () => {
  [ironbark, browser] = await Promise.all([startIronbark(), openBrowser()]);
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  watched.push(await watchedPage(context, ironbark.origin));
  page = watched[0]?.page as Page; // pushed in the line before
  await setUp(page, ironbark.firstLink);
}, 180_000);
afterAll(async () => {
  await browser.close();
  await ironbark.stop();
});

const file = (name: string, text: string): string => {
  const path = join(ironbark.data, name);
  writeFileSync(path, text);
  return path;
};
const dialog = () => page.getByRole('dialog');

test('a file is checked row by row, recorded, and shown with its age, population and facts', async () => {
  await page.getByRole('link', { name: 'Evidence' }).click();
  await page.getByRole('heading', { name: 'Evidence', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Send files' }).click();
  const bad = file('hosts.csv', 'subject,patched\nweb-1,yes\n"web-2');
  await dialog().locator('input[type=file]').setInputFiles(bad);
  await dialog().getByRole('combobox', { name: 'What it is' }).click();
  // A list of forty scrolls inside the window, not the window with it.
  const list = await page.getByRole('listbox', { name: 'What it is' }).boundingBox();
  expect((list?.y ?? 900) + (list?.height ?? 900)).toBeLessThanOrEqual(900);
  await page.getByRole('option', { name: 'A kind of our own' }).click();
  await dialog().getByLabel('Name of the kind').fill('harbour.hosts');
  await dialog().getByLabel('Covers').fill('2/3');
  await dialog().getByRole('button', { name: 'Check' }).click();
  await dialog()
    .getByText(/1 of 2 rows can't be read/)
    .waitFor();
  await dialog()
    .getByText(/never closed: the file stops there/)
    .waitFor();
  expect(await dialog().getByRole('button', { name: 'Record' }).isDisabled()).toBe(true);

  const good = file('hosts.csv', 'subject,patched\nweb-1,yes\nweb-2,=1+1\n');
  await dialog().locator('input[type=file]').setInputFiles(good);
  await dialog().getByRole('button', { name: 'Check' }).click();
  await dialog().getByText('harbour.hosts: 2 facts would be recorded.').waitFor();
  await dialog().getByRole('button', { name: 'Record' }).click();
  await page
    .getByRole('region', { name: 'Notices' })
    .getByText('harbour.hosts is recorded: 2 facts.')
    .waitFor();
  await page
    .getByRole('row', { name: /harbour\.hosts/ })
    .getByText('2 of 3')
    .waitFor();
  await page.getByRole('button', { name: 'harbour.hosts' }).click();
  await dialog().getByText('patched =1+1').waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog()
      .getByRole('link', { name: /Download the file/ })
      .click(),
  ]);
  expect(await download.failure()).toBe(null);
  await page.keyboard.press('Escape');
}, 120_000);

test('what the system knows of itself arrives by itself, turns controls, and the rest is unknown with what would settle it', async () => {
  await page.getByRole('button', { name: 'Accounts of this system' }).waitFor({ timeout: 90_000 });
  await page.getByRole('button', { name: /^Unknown/ }).click();
  await page.getByRole('heading', { name: 'What would settle the most' }).waitFor();
  await page.getByText('ism-1815').first().waitFor();
}, 120_000);

test('a finding is given to somebody; there is no way to close it by hand', async () => {
  // A system without a source that speaks detects nothing: that is known, and it is a gap.
  await page.getByRole('button', { name: /^Findings/ }).click();
  await page.getByRole('button', { name: 'ism-0120' }).waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'ism-0120' }).click();
  await dialog().getByRole('combobox', { name: 'Owner' }).click();
  await page.getByRole('option', { name: 'Mira Kaplan' }).click();
  await dialog().getByLabel('Note').fill('Sources are connected this week.');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().getByRole('cell', { name: 'Sources are connected this week.' }).waitFor();
  expect(
    await dialog()
      .getByRole('button', { name: /close as|resolve/i })
      .count(),
  ).toBe(0);
  await page.keyboard.press('Escape');
  await page
    .getByRole('row', { name: /ism-0120/ })
    .getByText('Mira Kaplan')
    .waitFor();
}, 120_000);

test('every view is without serious findings, in each theme, and keeps to the system', async () => {
  for (const view of ['inbox', 'unknown', 'findings']) {
    await page.goto(`${ironbark.origin}/evidence?view=${view}`);
    await page.getByRole('table').first().waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    for (const theme of themes) {
      await page.locator('html').evaluate((html, name) => html.setAttribute('data-theme', name), theme);
      expect({ view, theme, found: await seriousFindings(page, 'contrast') }).toEqual({
        view,
        theme,
        found: [],
      });
    }
  }
  for (const { foreign, violations, errors } of watched)
    expect({ foreign, violations, errors }).toEqual({ foreign: [], violations: [], errors: [] });
}, 120_000);
