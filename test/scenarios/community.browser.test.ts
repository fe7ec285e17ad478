import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { codeNow, openBrowser, seriousFindings, setUp, watchedPage } from './browser.ts';
import { type Running, startIronbark } from './running.ts';

/** People of the provider and their pages: an appointment from proposal to force, and a spreadsheet of clearances. */
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

async function asMachine(method: string, path: string, body: object): Promise<unknown> {
  const file = readFileSync(`${ironbark.data}/run/local.json`, 'utf8');
  const { secret } = z.object({ secret: z.string() }).parse(JSON.parse(file));
  const answer = await fetch(`${ironbark.origin}/api${path}`, {
    method,
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** A colleague, signed in by the link they were handed. */
async function enrol(page: Page, email: string): Promise<void> {
  const made = z.object({ link: z.string() }).parse(
    await asMachine('POST', '/users', {
      name: 'Theo Brandt',
      email,
      roles: ['administrator'],
      organisation: 'harbour-cloud',
    }),
  );
  await page.goto(made.link);
  await page.getByLabel('Your name').fill('Theo Brandt');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill('paper bark by the creek');
  await page.getByRole('button', { name: 'Continue' }).click();
  const shown = await page.getByText(/^([A-Z2-7]{4} )+[A-Z2-7]{1,4}$/).textContent();
  await page.getByRole('textbox', { name: 'Code' }).fill(codeNow((shown ?? '').replaceAll(' ', '')));
  await page.getByRole('button', { name: 'Confirm the code' }).click();
  await page.getByRole('heading', { name: 'Alerts', exact: true }).waitFor();
}

async function verify(page: Page, note: string): Promise<void> {
  await page.goto(`${ironbark.origin}/community/acme`);
  await page.getByRole('button', { name: 'Verify', exact: true }).click();
  await page.getByLabel('What you checked, and how').fill(note);
  await page.getByRole('button', { name: 'I checked it' }).click();
}

test('an appointment takes two, and a spreadsheet with a bad row changes nothing until it is mended', async () => {
  const [first, second] = [await browser.newContext(), await browser.newContext()];
  const mira = await watchedPage(first, ironbark.origin);
  await setUp(mira.page, ironbark.firstLink);
  const theo = await watchedPage(second, ironbark.origin);
  await enrol(theo.page, 'theo@harbour.example');
  await asMachine('POST', '/community/organisations', { id: 'acme', name: 'Acme Water', kind: 'customer' });
  await asMachine('POST', '/community/tenancies', { organisation: 'acme', environment: 'odce' });

  // A person, and an office for them.
  const { page } = mira;
  await page.goto(`${ironbark.origin}/community/acme`);
  await page.getByRole('button', { name: 'Add a person' }).click();
  await page.getByLabel('Name').fill('Pat Lee');
  await page.getByLabel('Email').fill('pat@acme.example');
  await page.getByRole('button', { name: 'Add the person' }).click();
  await page.getByRole('button', { name: 'Propose an appointment' }).click();
  await page.getByRole('combobox', { name: 'Person' }).click();
  await page.getByRole('option', { name: /Pat Lee/ }).click();
  await page.getByRole('combobox', { name: 'Office' }).click();
  await page.getByRole('option', { name: 'CIO' }).click();
  await page.getByLabel('Where it lies').fill('letter of 3 May, file 12');
  await page.getByRole('button', { name: 'Propose it' }).click();
  await page.getByText('2 to verify').waitFor();
  expect(await seriousFindings(page)).toEqual([]);

  await verify(page, 'saw the letter');
  await page.getByText('1 to verify').waitFor();
  // The same word twice is not two.
  await page.getByRole('button', { name: 'Verify', exact: true }).click();
  await page.getByLabel('What you checked, and how').fill('saw it again');
  await page.getByRole('button', { name: 'I checked it' }).click();
  await page.getByText(/Somebody else has to be the second/).waitFor();
  await verify(theo.page, 'called the agency head');
  await theo.page.getByText('In force').waitFor();

  // The clearances: first with a bad row.
  await page.goto(`${ironbark.origin}/clearances`);
  await page.getByRole('button', { name: 'Import a spreadsheet' }).click();
  const head = 'email,level,sponsor,sponsor active,citizenship,confirmed,evidence\n';
  const good = 'pat@acme.example,NV1,Harbour Cloud,yes,AU,2026-01-31,register 7\n';
  const choose = (text: string) =>
    page.locator('input[type="file"]').setInputFiles({
      name: 'clearances.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(text),
    });
  await choose(`${head}${good}nobody@acme.example,TOP SECRET,Harbour Cloud,yes,AU,,\n`);
  await page.getByText(/1 row of 2 can’t be taken/).waitFor();
  await page.getByText(/level: "TOP SECRET"/).waitFor();
  expect(await page.getByRole('button', { name: /^Import 1 row/ }).isDisabled()).toBe(true);
  await choose(head + good);
  await page.getByText(/1 row, all good/).waitFor();
  await page.getByRole('button', { name: 'Import 1 row' }).click();
  await page.getByRole('button', { name: 'Pat Lee' }).click();
  await page.getByText('Every state it was in').waitFor();
  await page.getByRole('cell', { name: 'Imported' }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  for (const { foreign, violations, errors } of [mira, theo])
    expect({ foreign, violations, errors }).toEqual({ foreign: [], violations: [], errors: [] });
}, 180_000);
