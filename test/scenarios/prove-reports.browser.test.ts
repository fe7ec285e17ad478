import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openBrowser, seriousFindings, setUp, themes, watchedPage } from './browser.ts';
import { type Running, startIronbark } from './running.ts';

/** Reports on the running system: chosen in the page, made, downloaded, checked offline by the command line. */
const root = fileURLToPath(new URL('../..', import.meta.url));
let ironbark: Running;
let browser: Browser;
beforeAll(async () => {
  [ironbark, browser] = await Promise.all([startIronbark(), openBrowser()]);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await ironbark.stop();
});

async function call<Schema extends z.ZodType>(
  method: string,
  path: string,
  body: object | undefined,
  schema: Schema,
): Promise<z.output<Schema>> {
  const { secret } = z
    .object({ secret: z.string() })
    .parse(JSON.parse(readFileSync(`${ironbark.data}/run/local.json`, 'utf8')));
  const answer = await fetch(`${ironbark.origin}/api${path}`, {
    method,
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const json: unknown = await answer.json();
  if (!answer.ok) throw new Error(`${path}: ${JSON.stringify(json)}`);
  return schema.parse(json);
}

test('a pack is looked at before it is made, made, downloaded and checked offline; a changed annex comes back', async () => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 } });
  const { page, foreign, violations, errors } = await watchedPage(context, ironbark.origin);
  const picture = async (name: string) => {
    const folder = process.env['SCREENSHOTS'];
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}.png`) });
  };
  await setUp(page, ironbark.firstLink);
  const { editions } = await call(
    'GET',
    '/frameworks',
    undefined,
    z.object({ editions: z.array(z.object({ id: z.string(), framework: z.string() })) }),
  );
  const own = editions.find(({ framework }) => framework === 'ironbark-baseline') ?? editions[0];
  await call('PUT', '/systems/odce/editions', { edition: own?.id, profile: 'all' }, z.unknown());
  await page.getByRole('link', { name: 'Reports', exact: true }).click();
  await page.getByRole('heading', { name: 'Reports', exact: true }).waitFor();
  await page.getByRole('heading', { name: 'Assessor pack' }).waitFor();
  await page.getByText('not seen').first().waitFor();
  await picture('reports-choose');
  await page.getByRole('button', { name: 'Make the assessor pack' }).click();
  await page.getByRole('link', { name: /^Download/ }).waitFor({ timeout: 60_000 });
  await picture('reports-made');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: /^Download/ }).click(),
  ]);
  const folder = join(ironbark.data, 'downloads');
  mkdirSync(folder);
  const pack = join(folder, download.suggestedFilename());
  await download.saveAs(pack);
  expect(download.suggestedFilename()).toMatch(/^odce-pack-\d{4}-\d\d-\d\d\.zip$/);
  const verify = (file: string): { good: boolean } => {
    try {
      return z.object({ good: z.boolean() }).parse(
        JSON.parse(
          execFileSync(process.execPath, [join(root, 'src/cli/main.ts'), 'verify', file, '--json'], {
            encoding: 'utf8',
          }),
        ),
      );
    } catch {
      return { good: false };
    }
  };
  expect(verify(pack)).toMatchObject({ good: true });
  const bytes = readFileSync(pack);
  const middle = Math.floor(bytes.length / 3);
  bytes.writeUInt8((bytes.readUInt8(middle) + 1) % 256, middle);
  writeFileSync(pack, bytes);
  expect(verify(pack)).toMatchObject({ good: false });

  await page.getByRole('radio', { name: /SSP annex/ }).check();
  await page.getByRole('button', { name: 'Make the SSP annex' }).click();
  await page.getByRole('link', { name: 'Download with its proofs' }).waitFor({ timeout: 60_000 });
  const [annex] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: /^Download \(/ }).click(),
  ]);
  const sheet = join(folder, annex.suggestedFilename());
  await annex.saveAs(sheet);
  await page.getByRole('button', { name: 'Import an annex' }).click();
  await page.locator('input[type=file]').setInputFiles(sheet);
  await page.getByText(/0 would change, \d+ are as they were, 0 can’t be taken/).waitFor();
  await picture('reports-import');
  await page.getByRole('button', { name: 'Cancel' }).click();

  for (const theme of themes) {
    await page.locator('html').evaluate((html, to) => html.setAttribute('data-theme', to), theme);
    await picture(`reports-${theme}`);
    expect(await seriousFindings(page, theme === 'dark' ? 'everything' : 'contrast'), theme).toEqual([]);
  }
  expect({ foreign, violations, errors }).toEqual({ foreign: [], violations: [], errors: [] });
}, 240_000);
