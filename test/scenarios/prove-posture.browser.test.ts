import { mkdirSync, readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openBrowser, seriousFindings, setUp, themes, watchedPage } from './browser.ts';
import { type Running, startIronbark } from './running.ts';

/** The posture on the running system: evidence arrives over HTTP, controls turn, and the page says so. */
let ironbark: Running;
let browser: Browser;
beforeAll(async () => {
  ironbark = await startIronbark();
  browser = await openBrowser();
}, 120_000);
afterAll(async () => {
  await browser.close();
  await ironbark.stop();
});

const secretOf = (): string =>
  z.object({ secret: z.string() }).parse(JSON.parse(readFileSync(`${ironbark.data}/run/local.json`, 'utf8')))
    .secret;

/** As a collector sends a file. */
async function send(name: string, content: string, environment = 'odce'): Promise<void> {
  const answer = await fetch(
    `${ironbark.origin}/api/evidence?environment=${environment}&kind=auto&name=${encodeURIComponent(name)}`,
    {
      method: 'POST',
      headers: { authorization: `Bearer ${secretOf()}`, 'content-type': 'application/octet-stream' },
      body: content,
    },
  );
  if (!answer.ok) throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
}

/** How a control stands now, over HTTP. */
async function verdictOf(control: string): Promise<string | undefined> {
  const answer = await fetch(`${ironbark.origin}/api/essential-eight/odce`, {
    headers: { authorization: `Bearer ${secretOf()}` },
  });
  const { controls } = z
    .object({ controls: z.array(z.object({ control: z.string(), verdict: z.string() })) })
    .parse(await answer.json());
  return controls.find((one) => one.control === control)?.verdict;
}

const hosts =
  'host,role,internet facing,os,support ends,office\nPC1,workstation,no,Windows 11,2099-01-01,yes\nPC2,workstation,no,Windows 11,2099-01-01,yes\n';
const rules = [
  'd4f940ab-401b-4efc-aadc-ad5f3c50688a',
  '92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b',
  '3b576869-a4ec-4529-8536-b80a7769e899',
  '75668c1f-73b5-4cf0-bb93-3ecf5cb7cc84',
  '7674ba52-37eb-4a4f-a9a1-f0f9a1619a2c',
];
/** Of two hosts; every rule blocks but, perhaps, the first on the second. */
const preferences = (second: number) =>
  JSON.stringify(
    [1, second].map((action, at) => ({
      PSComputerName: `PC${at + 1}`,
      AttackSurfaceReductionRules_Ids: rules,
      AttackSurfaceReductionRules_Actions: [action, 1, 1, 1, 1],
    })),
  );

async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  for (const theme of themes) {
    await page.locator('html').evaluate((element, set) => element.setAttribute('data-theme', set), theme);
    await page.screenshot({ path: `${folder}/${name}-${theme}.png` });
  }
  await page.locator('html').evaluate((element) => element.setAttribute('data-theme', 'dark'));
}

test('evidence arrives, a control turns, is mended, and the page shows each with what is still unknown', async () => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const { page, foreign, violations, errors } = await watchedPage(context, ironbark.origin);
  await setUp(page, ironbark.firstLink);
  await page.getByRole('link', { name: 'Posture' }).click();
  await page.getByRole('heading', { name: /^Essential Eight: ML0, up to ML3/ }).waitFor();
  // Nobody assessed anything: all of ML2 is unknown, and none of it counts as met.
  await page.getByText('0 controls not met, 87 unknown').waitFor();
  await shot(page, 'posture-nothing');

  await send('hosts.csv', hosts);
  await send('preferences.json', preferences(2));
  await expect.poll(() => verdictOf('ism-1667'), { timeout: 60_000 }).toBe('not-met');
  await page.reload();
  await page.getByText('1 control not met').waitFor();
  await page
    .getByRole('button', { name: /ism-1667/ })
    .first()
    .click();
  // Which host, and why.
  await page.getByRole('table', { name: 'Who or what fails' }).getByText('PC2').waitFor();
  await page.getByText('it is only audited').first().waitFor();
  expect(new URL(page.url()).searchParams.get('at')).toBe('ism-1667');
  await shot(page, 'posture-gap');

  await send('preferences.json', preferences(1));
  await expect.poll(() => verdictOf('ism-1667'), { timeout: 60_000 }).toBe('met');
  expect(await verdictOf('ism-1501')).toBe('met');
  await page.goto(`${ironbark.origin}/posture?strategy=user-application-hardening`);
  await page.getByRole('heading', { name: 'User application hardening' }).waitFor();
  const row = page.getByRole('row').filter({ hasText: 'ism-1667' });
  await row.getByText('Met', { exact: true }).waitFor();
  await row.getByText('seen directly').waitFor();

  await page.getByLabel('Target').selectOption('3');
  await page.getByRole('heading', { name: 'What stands between here and ML3' }).waitFor();
  await page.getByRole('region', { name: 'Essential Eight' }).getByRole('button', { name: 'Table' }).click();
  await page.getByRole('columnheader', { name: 'ML3: met of asked' }).waitFor();
  await shot(page, 'posture-table');

  const findings = [...(await seriousFindings(page))];
  for (const theme of themes) {
    await page.locator('html').evaluate((element, set) => element.setAttribute('data-theme', set), theme);
    findings.push(...(await seriousFindings(page, 'contrast')));
  }
  expect({ findings, foreign, violations, errors }).toEqual({
    findings: [],
    foreign: [],
    violations: [],
    errors: [],
  });
  await context.close();
}, 240_000);
