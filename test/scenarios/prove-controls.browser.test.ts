import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openBrowser, seriousFindings, setUp, themes, watchedPage } from './browser.ts';
import { type Running, startIronbark } from './running.ts';

/** Controls as a governance officer meets them: an edition is activated, controls are answered, a new edition comes. */
let ironbark: Running;
let browser: Browser;
beforeAll(async () => {
  ironbark = await startIronbark({
    IRONBARK_BULK_LISTEN: 'off',
  });
  browser = await openBrowser();
}, 120_000);
afterAll(async () => {
  await browser.close();
  await ironbark.stop();
});

/** The baseline that ships, as a later edition with other words for one control. */
function laterEdition(): Buffer {
  const path = fileURLToPath(new URL('../../content/frameworks/ironbark-baseline.json', import.meta.url));
  const shape = z.looseObject({
    catalog: z.looseObject({ metadata: z.looseObject({ version: z.string() }) }),
  });
  const text = readFileSync(path, 'utf8');
  const { catalog } = shape.parse(JSON.parse(text));
  catalog.metadata.version = '1.1.0';
  return Buffer.from(
    JSON.stringify({ catalog }).replace(
      'Online services get ordinary fixes within two weeks of release.',
      'Online services get ordinary fixes within ten days of release.',
    ),
  );
}

async function importLater(): Promise<void> {
  const file = readFileSync(`${ironbark.data}/run/local.json`, 'utf8');
  const { secret } = z.object({ secret: z.string() }).parse(JSON.parse(file));
  const query = new URLSearchParams({ name: 'later.json', framework: 'ironbark-baseline' });
  const answer = await fetch(`${ironbark.origin}/api/frameworks/editions?${query.toString()}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(laterEdition()),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

test('an edition is activated, a control answered, and a new edition puts what it reworded up to be affirmed', async () => {
  const watched = await watchedPage(await browser.newContext(), ironbark.origin);
  const { page } = watched;
  const notice = (text: string): Promise<void> =>
    page.getByRole('region', { name: 'Notices' }).getByText(text).waitFor();
  await setUp(page, ironbark.firstLink);

  await page.getByRole('link', { name: 'Controls', exact: true }).click();
  await page.getByText('It is not assessed against anything yet').waitFor();
  await page.getByRole('link', { name: 'Choose an edition' }).click();
  await page
    .getByRole('row', { name: /ironbark-baseline/ })
    .getByRole('button')
    .click();
  await page.getByRole('button', { name: 'Assess odce against it' }).click();
  await notice('odce is assessed against ironbark-baseline 1.0.0 now.');

  await page.getByRole('link', { name: 'All controls' }).click();
  const grid = page.getByRole('grid', { name: 'Controls' });
  await grid.getByRole('row').nth(5).waitFor();
  await page.getByText('133 of 133 shown').waitFor();
  await page.getByLabel('Find controls').fill('ism-1690');
  await page.getByText('1 of 133 shown').waitFor();
  for (const theme of themes) {
    await page.locator('html').evaluate((element, name) => element.setAttribute('data-theme', name), theme);
    expect(await seriousFindings(page, 'contrast')).toEqual([]);
  }
  expect(await seriousFindings(page)).toEqual([]);

  // By the keyboard: to the row, into the control, and its answer.
  await page.getByRole('heading', { name: 'Controls', exact: true }).click();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'ISM-1690' }).waitFor();
  await page.keyboard.press('e');
  await page.getByRole('combobox', { name: 'Status' }).click();
  await page.getByRole('option', { name: 'Effective', exact: true }).click();
  await page.getByLabel('How it is met, or why not').fill('Patched every Tuesday.');
  await page.getByRole('button', { name: 'Record the answer' }).click();
  await notice('ISM-1690 stands as “Effective”.');
  await page.getByRole('cell', { name: 'Patched every Tuesday.' }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);

  await importLater();
  await page.goto(`${ironbark.origin}/controls/editions?system=odce`);
  await page
    .getByRole('row', { name: /1\.1\.0/ })
    .getByRole('button')
    .click();
  await page.getByText(/1 answer would wait to be affirmed again/).waitFor();
  await page.getByText('Control by control').click();
  await page.locator('ins', { hasText: 'ten' }).first().waitFor();
  await page.getByRole('button', { name: 'Assess odce against it' }).click();
  await page.getByRole('heading', { name: 'To be affirmed again: 1' }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await page.getByRole('checkbox', { name: 'Select ism-1690' }).check();
  await page.getByRole('button', { name: 'Affirm 1 answer as they were' }).click();
  await page.getByRole('heading', { name: 'To be affirmed again: 0' }).waitFor();

  // Nobody approves what they asked for.
  await page.goto(`${ironbark.origin}/controls/odce/ism-1690`);
  await page.getByRole('button', { name: 'Ask for an exception' }).click();
  await page.getByLabel('Why').fill('The vendor is late.');
  const until = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel('Until the end of').fill(until);
  await page.getByRole('button', { name: 'Ask for it' }).click();
  await page.goto(`${ironbark.origin}/controls/exceptions?system=odce`);
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByText('Nobody approves what they asked for.').waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  expect(watched).toMatchObject({ foreign: [], violations: [], errors: [] });
});
