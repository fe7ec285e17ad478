import { mkdirSync, readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openBrowser, seriousFindings, setUp, themes, watchedPage } from './browser.ts';
import { member } from './member.ts';
import { type Running, startIronbark } from './running.ts';

/** Risk on the running system: an inventory and a scan arrive over HTTP, the page says what may happen and why. */
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

async function call(
  method: string,
  path: string,
  body: unknown,
  type = 'application/json',
): Promise<unknown> {
  const { secret } = z
    .object({ secret: z.string() })
    .parse(JSON.parse(readFileSync(`${ironbark.data}/run/local.json`, 'utf8')));
  const answer = await fetch(`${ironbark.origin}/api${path}`, {
    method,
    headers: { authorization: `Bearer ${secret}`, ...(body !== undefined && { 'content-type': type }) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? undefined : answer.json();
}
const tenancy = async (): Promise<string> =>
  z
    .object({ systems: z.array(z.object({ environment: z.string(), tenancy: z.string() })) })
    .parse(await call('GET', '/systems', undefined))
    .systems.find(({ environment }) => environment === 'odce')?.tenancy ?? '';
const add = async (name: string, kind: string, more: object = {}): Promise<string> =>
  z
    .object({ id: z.string() })
    .parse(await call('POST', '/assets', { tenancy: await tenancy(), kind, name, ...more })).id;
const runs = async (): Promise<number> =>
  z.object({ trend: z.array(z.unknown()) }).parse(await call('GET', '/risk/odce', undefined)).trend.length;

const withId = z.looseObject({ id: z.string() });
/** Mira, who set the system up, becomes the provider's CISO: two of the staff read the letter. */
async function appointMira(): Promise<void> {
  const { organisations } = z
    .object({ organisations: z.array(withId) })
    .parse(await call('GET', '/organisations', undefined));
  const organisation = organisations[0]?.id ?? '';
  const mira = { organisation, name: 'Mira Kaplan', email: 'mira@harbour.example' };
  const { id: person } = withId.parse(await call('POST', '/persons', mira));
  const office = { person, office: 'ciso', evidenceKind: 'letter', evidence: 'F-1' };
  const { id } = withId.parse(await call('POST', '/appointments', office));
  for (const name of ['second', 'third']) {
    const { headers } = await member(ironbark, { name, organisation, roles: ['administrator'] });
    const answer = await fetch(`${ironbark.origin}/api/appointments/${id}/verifications`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ note: 'read it' }),
    });
    expect(answer.ok).toBe(true);
  }
}

async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  for (const theme of themes) {
    await page.locator('html').evaluate((element, set) => element.setAttribute('data-theme', set), theme);
    await page.screenshot({ path: `${folder}/${name}-${theme}.png`, fullPage: true });
  }
  await page.locator('html').evaluate((element) => element.setAttribute('data-theme', 'dark'));
}

test('an inventory and a scan become outcomes, causes, a what-if and an accepted risk', async () => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const { page, foreign, violations, errors } = await watchedPage(context, ironbark.origin);
  await setUp(page, ironbark.firstLink);
  await page.getByRole('link', { name: 'Risk', exact: true }).click();
  await page.getByRole('heading', { name: 'Nothing was worked out yet' }).waitFor();

  const records = await add('Water records', 'information', {
    confidentiality: 'extreme',
    integrity: 'high',
    availability: 'moderate',
  });
  const web = await add('web-1', 'host', { exposure: 'internet' });
  const database = await add('db-1', 'host', { exposure: 'management-zone' });
  await call('PUT', `/assets/${records}/dependencies`, { on: database, c: 1, i: 0.9, a: 1 });
  await call('PUT', `/assets/${web}/reach`, { to: database, via: 'network', probability: 0.4 });
  const scan = 'asset,cve,cvss,epss,kev\nweb-1,CVE-2026-1000,9.8,0.4,yes\ndb-1,CVE-2026-2000,7.5,0.02,no\n';
  const report = await call('POST', '/risk/odce/findings/import', scan, 'application/octet-stream');
  expect(report).toMatchObject({ fresh: 2, unmatched: [] });
  // Nobody asked for it: the change itself has it worked out.
  await expect.poll(runs, { timeout: 60_000 }).toBeGreaterThan(0);
  await call('POST', '/risk/odce/runs', {});

  await page.reload();
  const outcomes = page.getByRole('region', { name: 'What may happen' });
  await outcomes.getByRole('button', { name: /Water records disclosed/ }).click();
  const why = page.getByRole('region', { name: 'Why' });
  await why.getByText('CVE-2026-1000 on web-1').first().click();
  await why
    .getByText(/in KEV: at least 0.5/)
    .first()
    .waitFor();
  await why.getByRole('button', { name: 'What if it were gone?' }).first().click();
  await why.getByText(/Water records disclosed: .* to/).waitFor();
  await page.getByRole('region', { name: 'What helps most' }).getByText('CVE-2026-1000').waitFor();

  const due = page.getByRole('region', { name: 'Due first' });
  const first = due.getByRole('row').nth(1);
  await first.getByText('CVE-2026-1000').waitFor();
  await first.getByText('Attend', { exact: true }).waitFor();
  await first.getByText('yes, known').waitFor();
  const declared = page.getByRole('region', { name: 'What we declare' });
  await declared.getByRole('button', { name: 'Change' }).click();
  await page.getByRole('dialog').getByLabel('Stolen credentials, for:against').fill('2:98');
  await page.getByRole('dialog').getByLabel('Why').fill('Phished twice last year.');
  await page.getByRole('button', { name: 'Set it' }).click();
  await declared.getByText(/version 1 by Mira Kaplan/).waitFor();
  await declared.getByText('2:98').waitFor();

  const register = page.getByRole('region', { name: 'Register' });
  await register.getByRole('button', { name: 'Write a risk down' }).click();
  await page.getByRole('textbox', { name: 'Owner' }).fill('Rae Oduya');
  await page.getByRole('button', { name: 'Add it' }).click();
  await register.getByRole('button', { name: 'Accept', exact: true }).click();
  await page.getByRole('dialog').getByLabel('Until').fill('2099-01-01');
  await page.getByRole('dialog').getByLabel('Why').fill('Until the new front end.');
  await page.getByRole('button', { name: 'Accept it' }).click();
  // The permission alone bears no risk: an office does.
  await page
    .getByRole('dialog')
    .getByText(/CISO, CIO, COO or risk owner/)
    .waitFor();
  await appointMira();
  await page.getByRole('button', { name: 'Accept it' }).click();
  await register.getByText(/^up to/).waitFor();
  await page.locator('main').evaluate((element) => element.scrollTo(0, 0));
  await shot(page, 'risk');

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
