import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { comeWithPasskey, openBrowser, seriousFindings, setUp, themes, watchedPage } from './browser.ts';
import { type Headers, must, operator } from './member.ts';
import { type Running, startIronbark } from './running.ts';

/*
 * What the provider's people do in the pages of the gate: a version with the day it takes effect, an agreement on paper by two of
 * them, its suspension; where people may work from, and on what; services, and whom to call.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
let ironbark: Running;
let browser: Browser;
let local: Headers;
let mira: Awaited<ReturnType<typeof watchedPage>>;
let theo: Awaited<ReturnType<typeof watchedPage>>;
let page: Page;

const post = (path: string, body: unknown) => must(ironbark, local, 'POST', `/api${path}`, body);

beforeAll(async () => {
  [ironbark, browser] = await Promise.all([
    startIronbark({
      IRONBARK_BULK_LISTEN: 'off',
    }),
    openBrowser(),
  ]);
  local = operator(ironbark);
  const open = async () =>
    watchedPage(await browser.newContext({ viewport: { width: 1440, height: 900 } }), ironbark.origin);
  [mira, theo] = [await open(), await open()];
  page = mira.page;
  await setUp(page, ironbark.firstLink);
  const colleague = { name: 'Theo Brandt', email: 'theo@harbour.example' };
  const { link } = await post('/users', {
    ...colleague,
    roles: ['administrator'],
    organisation: 'harbour-cloud',
  });
  await comeWithPasskey(theo.page, String(link), colleague);
  await post('/community/organisations', { id: 'acme', name: 'Acme Water', kind: 'customer' });
  await post('/community/tenancies', { organisation: 'acme', environment: 'odce' });
  await post('/persons', { organisation: 'acme', name: 'Pat Lee', email: 'pat@acme.example' });
}, 300_000);
afterAll(async () => {
  await browser.close();
  await ironbark.stop();
});

async function looked(name: string): Promise<void> {
  for (const theme of themes) {
    await page.locator('html').evaluate((html, to) => html.setAttribute('data-theme', to), theme);
    const shots = process.env['SCREENSHOTS'];
    if (shots !== undefined) await page.screenshot({ path: join(shots, `${name}-${theme}.png`) });
    const found = await seriousFindings(page, theme === 'dark' ? 'everything' : 'contrast');
    expect([name, theme, found]).toEqual([name, theme, []]);
  }
  await page.locator('html').evaluate((html) => html.setAttribute('data-theme', 'dark'));
}

const goTo = async (path: string, who: Page = page): Promise<void> => {
  await who.goto(`${ironbark.origin}${path}`);
  await who.locator('h1').first().waitFor();
};
const choose = async (label: string, option: RegExp): Promise<void> => {
  await page.getByRole('combobox', { name: label }).click();
  await page.getByRole('option', { name: option }).click();
};
const scan = (text: string) => ({ name: 'scan.pdf', mimeType: 'application/pdf', buffer: Buffer.from(text) });
const day = (ahead: number): string => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);

test('a version is published for a day, signed on paper before two people, suspended, and lifted', async () => {
  const publish = async (version: number): Promise<void> => {
    const source = readFileSync(join(root, `content/agreements/community-${version}.md`), 'utf8');
    await post('/agreements/versions', { source, changeClass: 'material', summary: `version ${version}` });
    await goTo('/agreements?view=versions');
    await page.getByRole('button', { name: 'Approve this text' }).click();
    await page.getByRole('button', { name: 'Publish it for good' }).waitFor();
  };
  await publish(1);
  await page.getByRole('button', { name: 'Publish it for good' }).click();
  await page.getByText(/material change, published/i).waitFor();

  await goTo('/agreements');
  await page.getByRole('button', { name: 'More about Acme Water in odce' }).click();
  await page.getByRole('menuitem', { name: 'It was signed on paper…' }).click();
  await page.getByLabel('Who signed').fill('Rae Oduya');
  await page.getByLabel('Signed on').fill(day(0));
  await page.locator('input[type="file"]').setInputFiles(scan('the paper'));
  await looked('paper');
  await page.getByRole('button', { name: 'Record it' }).click();
  await page.getByRole('heading', { name: 'Signed on paper, waiting for a second person' }).waitFor();

  await goTo('/agreements', theo.page);
  await theo.page.getByRole('button', { name: 'Confirm', exact: true }).click();
  await theo.page.locator('input[type="file"]').setInputFiles(scan('another paper'));
  await theo.page.getByRole('button', { name: 'It is the same paper' }).click();
  await theo.page.getByText(/their SHA-256 differ/).waitFor();
  await theo.page.locator('input[type="file"]').setInputFiles(scan('the paper'));
  await theo.page.getByRole('button', { name: 'It is the same paper' }).click();
  await theo.page.getByText('Agreed, version 1', { exact: true }).waitFor();

  // The day of version 2 can't be earlier than the notice agreed to, and is said on the page when it is late enough.
  await publish(2);
  await page.getByLabel('Takes effect').fill(`${day(1)}T09:00`);
  await page.getByRole('button', { name: 'Publish it for good' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Takes effect').fill(`${day(60)}T09:00`);
  await page.getByRole('button', { name: 'Publish it for good' }).click();
  await page.getByText(/material change, published/i).waitFor();
  await page.getByLabel('Mandatory on').fill(day(200));
  await page.getByText('1 agreement would lapse.').waitFor();
  await looked('what-if');

  await goTo('/agreements');
  await page.getByText('Agreed, version 1', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'More about Acme Water in odce' }).click();
  await page.getByRole('menuitem', { name: 'Suspend…' }).click();
  await page.getByLabel(/^Why; the customer reads it/).fill('The contacts are stale.');
  await page.getByRole('button', { name: 'Suspend', exact: true }).click();
  await page.getByRole('cell', { name: /The contacts are stale\./ }).waitFor();
  await looked('suspended');
  await page.getByRole('button', { name: 'More about Acme Water in odce' }).click();
  await page.getByRole('menuitem', { name: 'Lift the suspension…' }).click();
  await page.getByRole('button', { name: 'Lift it' }).click();
  await page.getByText('Agreed, version 1', { exact: true }).waitFor();
}, 300_000);

test('an exception takes a second person; remote work, a device and a list of networks are recorded', async () => {
  await goTo('/places');
  await page.getByRole('button', { name: 'Propose an exception' }).click();
  await choose('Person', /Pat Lee/);
  await page.getByLabel('From which countries').fill('nz');
  await page.getByLabel('Risk assessment').fill('RA-12');
  await page.getByLabel('Why', { exact: false }).last().fill('A conference.');
  await page.getByLabel('Until the end of').fill(day(20));
  await page.getByRole('button', { name: 'Propose it' }).click();
  await page.getByText('Waits for a second person', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Agree', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Agree', exact: true }).click();
  await page.getByText(/You proposed it/).waitFor();
  await goTo('/places', theo.page);
  await theo.page.getByRole('button', { name: 'Agree', exact: true }).click();
  await theo.page.getByRole('dialog').getByRole('button', { name: 'Agree', exact: true }).click();
  await theo.page.getByText('In force', { exact: true }).waitFor();
  await goTo('/places');
  await page.getByText('In force', { exact: true }).waitFor();
  await looked('exceptions');
  await page.getByRole('button', { name: 'End', exact: true }).click();
  await page.getByRole('button', { name: 'End it now' }).click();
  await page.getByText('Ended', { exact: true }).waitFor();

  await goTo('/places?view=remote');
  await page.getByRole('button', { name: 'Grant remote work' }).click();
  await choose('Person', /Pat Lee/);
  await page.getByLabel('Under which policy').fill('Remote work 3');
  await page.getByLabel('Until the end of').fill(day(90));
  await page.getByRole('button', { name: 'Grant it' }).click();
  await page.getByText('In force', { exact: true }).waitFor();

  await goTo('/places?view=devices');
  await page.getByRole('button', { name: 'Register a device' }).click();
  await page.getByLabel('Id', { exact: false }).first().fill('SN-4711');
  await page.getByLabel('Name', { exact: false }).first().fill('Pat’s notebook');
  await choose('Whose it is', /Pat Lee/);
  await choose('Its posture', /^Meets the standard/);
  await page.getByRole('button', { name: 'Register it' }).click();
  await page.getByText('SN-4711').waitFor();
  await looked('devices');

  await goTo('/places?view=networks');
  await page.getByRole('button', { name: 'Import a list' }).click();
  await page.getByLabel('Name of the list').fill('australia');
  await page.getByLabel('Where it was got from').fill('the registry, by hand');
  const file = (text: string) => ({ name: 'au.txt', mimeType: 'text/plain', buffer: Buffer.from(text) });
  await page.locator('input[type="file"]').setInputFiles(file('203.0.113.0/24\nnonsense\n'));
  await page.getByRole('button', { name: 'Import it' }).click();
  await page.getByText(/Nothing was imported/).waitFor();
  await page.locator('input[type="file"]').setInputFiles(file('203.0.113.0/24\n# ours\n198.51.100.0/24\n'));
  await page.getByRole('button', { name: 'Import it' }).click();
  await page.getByRole('cell', { name: 'australia' }).waitFor();
  await looked('networks');
}, 300_000);

test('a change is asked for, approved by somebody else, and closed with what came of it', async () => {
  await goTo('/changes');
  await page.getByRole('button', { name: 'Ask for a change' }).click();
  await page.getByLabel('What changes').fill('New firewall rules');
  await choose('Environment', /OFFICIAL/);
  await page.getByLabel('Step by step').fill('Load the rules, then look at the counters.');
  await page.getByLabel('How it is undone when it goes wrong').fill('Load the old rules.');
  await page.getByLabel('From').fill(`${day(-1)}T09:00`);
  await page.getByLabel('Until').fill(`${day(1)}T09:00`);
  await page.getByRole('button', { name: 'Ask for it' }).click();
  await page.getByText('Waits for an approval', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'New firewall rules' }).click();
  await page.getByText('You asked for it: somebody else decides.').waitFor();
  await looked('change');
  await goTo('/changes', theo.page);
  await theo.page.getByRole('button', { name: 'New firewall rules' }).click();
  await theo.page.getByLabel('What you checked').fill('Read the rules.');
  await theo.page.getByRole('button', { name: 'Approve', exact: true }).click();
  await theo.page.getByText('Approved, open now').first().waitFor();
  await theo.page.getByLabel('In a sentence').fill('Loaded; the counters are as before.');
  await theo.page.getByRole('button', { name: 'Close the change' }).click();
  await theo.page.getByText('Done', { exact: true }).first().waitFor();
}, 180_000);

test('services of a tenancy and whom to call are changed where they stand', async () => {
  await goTo('/community/acme');
  await page.getByRole('button', { name: 'Services', exact: true }).click();
  await page.getByRole('dialog').getByRole('checkbox').first().check();
  await page.getByRole('button', { name: 'These are consumed' }).click();
  await page
    .getByRole('region', { name: 'Notices' })
    .getByText('The services of acme-odce are recorded.')
    .waitFor();
  await page.getByRole('button', { name: 'Name a contact' }).click();
  await page.getByRole('textbox', { name: /^Name/ }).fill('Sol Duty');
  await page.getByRole('textbox', { name: /^Phone/ }).fill('+61 2 5550 1234');
  await page.getByRole('textbox', { name: /^Email/ }).fill('sol@acme.example');
  await page.getByRole('button', { name: 'Name them' }).click();
  await page.getByRole('cell', { name: 'Sol Duty' }).waitFor();
  await looked('organisation');
  await page.getByRole('button', { name: 'Change', exact: true }).first().click();
  await page.getByLabel('Nobody is to be called here any more').check();
  await page.getByRole('button', { name: 'Remove the contact' }).click();
  await page.getByRole('heading', { name: 'Nobody to call' }).waitFor();
  for (const { foreign, violations, errors } of [mira, theo])
    expect({ foreign, violations, errors }).toEqual({ foreign: [], violations: [], errors: [] });
}, 180_000);
