import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openBrowser, seriousFindings, themes, watchedPage } from './browser.ts';
import { type Running, startIronbark } from './running.ts';

/*
 * An organisation from its invitation to the signature, in a browser with its own authenticator; then a material new version,
 * grace, and the signature again. The receipt that comes out is checked by the command line.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
let ironbark: Running;
let browser: Browser;
let page: Page;
let watched: Awaited<ReturnType<typeof watchedPage>>;
let local: Record<string, string>;

async function call(headers: Record<string, string>, path: string, body: object): Promise<unknown> {
  const answer = await fetch(`${ironbark.origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path} gave ${answer.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
const withId = z.looseObject({ id: z.string() });
const made = z.object({ user: withId, link: z.string() });

/** Somebody of the provider, signed in as a browser is. */
async function enrolled(link: string, email: string): Promise<Record<string, string>> {
  const post = async (path: string, body: object, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${ironbark.origin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    const shown = z.looseObject({ csrfToken: z.string(), secret: z.string().optional() });
    return {
      cookie: answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '',
      body: shown.parse(await answer.json()),
    };
  };
  const token = new URL(link, ironbark.origin).searchParams.get('token');
  const first = await post('/api/first-sign-in', {
    token,
    name: 'Second',
    email,
    password: 'gum leaves after rain',
  });
  const code = new TOTP({ secret: first.body.secret ?? '' }).generate();
  const full = await post(
    '/api/totp/confirm',
    { code },
    { cookie: first.cookie, 'x-csrf-token': first.body.csrfToken },
  );
  return { cookie: full.cookie || first.cookie, 'x-csrf-token': full.body.csrfToken };
}

const policy = (version: number): string =>
  readFileSync(join(root, `content/agreements/community-${version}.md`), 'utf8').replace(
    // No notice, so that grace begins at once: nobody waits 30 days in a test.
    'material: { noticeHours: 720',
    'material: { noticeHours: 0',
  );

async function publish(version: number): Promise<void> {
  await call(local, '/api/agreements/versions', {
    source: policy(version),
    changeClass: 'material',
    summary: `version ${version}`,
  });
  await call(local, `/api/agreements/versions/${version}/approval`, {});
  await call(local, `/api/agreements/versions/${version}/publication`, {});
}

beforeAll(async () => {
  [ironbark, browser] = await Promise.all([startIronbark(), openBrowser()]);
  const { secret } = z
    .object({ secret: z.string() })
    .parse(JSON.parse(readFileSync(`${ironbark.data}/run/local.json`, 'utf8')));
  local = { authorization: `Bearer ${secret}` };
  await call(local, '/api/setup/provider', { id: 'harbour', name: 'Harbour Cloud' });
  await call(local, '/api/community/organisations', { id: 'acme', name: 'Acme Water', kind: 'customer' });
  await call(local, '/api/community/tenancies', { organisation: 'acme', environment: 'pdce' });
  const staff: Record<string, string>[] = [];
  for (const name of ['second', 'third']) {
    const email = `${name}@harbour.example`;
    const body = { name, email, roles: ['administrator'], organisation: 'harbour' };
    staff.push(await enrolled(made.parse(await call(local, '/api/users', body)).link, email));
  }
  const ciso = made.parse(
    await call(local, '/api/users', {
      name: 'Rae Oduya',
      email: 'rae@acme.example',
      roles: ['officer'],
      organisation: 'acme',
    }),
  );
  const person = withId.parse(
    await call(local, '/api/persons', { organisation: 'acme', name: 'Rae Oduya', email: 'rae@acme.example' }),
  );
  const appointment = withId.parse(
    await call(local, '/api/appointments', {
      person: person.id,
      office: 'ciso',
      evidenceKind: 'letter',
      evidence: 'F-12',
    }),
  );
  for (const who of staff)
    await call(who, `/api/appointments/${appointment.id}/verifications`, { note: 'read the letter' });
  await publish(1);
  await call(local, '/api/agreements/steps', { organisation: 'acme', environment: 'pdce', do: 'invite' });

  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  watched = await watchedPage(context, ironbark.origin);
  page = watched.page;
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const link = new URL(ciso.link, ironbark.origin);
  await page.goto(`${ironbark.origin}${link.pathname}${link.search}`);
  await page.getByLabel('Your name').fill('Rae Oduya');
  await page.getByLabel('Email').fill('rae@acme.example');
  await page.getByLabel('Password', { exact: true }).fill('gum leaves after rain');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Use a passkey or security key' }).click();
  await page.getByRole('navigation', { name: 'Rooms' }).waitFor();
}, 300_000);
afterAll(async () => {
  await browser.close();
  await ironbark.stop();
});

async function looked(name: string): Promise<void> {
  for (const theme of themes) {
    await page.locator('html').evaluate((html, to) => html.setAttribute('data-theme', to), theme);
    const folder = process.env['SCREENSHOTS'];
    if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
    expect([name, theme, await seriousFindings(page)]).toEqual([name, theme, []]);
  }
  await page.locator('html').evaluate((html) => html.setAttribute('data-theme', 'dark'));
}

async function readAndSign(): Promise<void> {
  await page.getByRole('link', { name: /Read and sign/ }).click();
  await page.getByText(/0 of \d+ sections agreed to/).waitFor();
  for (let agreed = 1; agreed <= 11; agreed++) {
    await page.getByRole('button', { name: 'Agree to this section' }).click();
    await page.getByText(`${agreed} of 11 sections agreed to`).waitFor();
  }
  await page.getByRole('button', { name: 'Sign with your passkey' }).click();
  await page
    .getByRole('region', { name: 'Notices' })
    .getByText(/is agreed to for pdce/)
    .waitFor();
}

test('an invited organisation reads section by section, signs with a passkey, and holds a receipt that proves itself', async () => {
  await page.getByRole('link', { name: 'Agreements' }).click();
  await page.getByText('Invited').waitFor();
  await readAndSign();
  await page.getByText('Agreed, version 1').waitFor();
  await looked('agreed');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'PDF' }).first().click(),
  ]);
  const file = join(ironbark.data, 'receipt.pdf');
  await download.saveAs(file);
  const said = execFileSync(process.execPath, [join(root, 'src/cli/main.ts'), 'verify', file, '--json'], {
    encoding: 'utf8',
  });
  const shape = z.object({
    good: z.boolean(),
    checks: z.array(z.object({ what: z.string(), outcome: z.string() })),
  });
  const { good, checks } = shape.parse(JSON.parse(said));
  expect(good).toBe(true);
  expect(checks.filter(({ outcome }) => outcome === 'good').map(({ what }) => what)).toEqual(
    expect.arrayContaining(['record', 'text', 'passkey', 'counter-signature', 'pages']),
  );
}, 180_000);

test('a material new version puts it in grace, shows what changed, and is signed again', async () => {
  await publish(2);
  await page.goto(`${ironbark.origin}/agreements`);
  await page.getByText('Agreed, in grace, version 1').waitFor();
  await page.getByRole('link', { name: 'Read and sign version 2' }).click();
  await page.getByRole('button', { name: 'What changed since version 1' }).click();
  await page.getByText('Customer data teaches no model').first().waitFor();
  await looked('reading');
  await page.goto(`${ironbark.origin}/agreements`);
  await readAndSign();
  await page.getByText('Agreed, version 2').waitFor();
  await page.getByRole('button', { name: 'Who owes what' }).click();
  await page.getByText('Confirm the incident contacts.').waitFor();
  await looked('owed');
  await page
    .getByRole('row', { name: /Confirm the incident contacts\./ })
    .getByRole('button', { name: 'Done' })
    .click();
  await page.getByLabel('What was done').fill('All three answered the phone.');
  await page.getByRole('button', { name: 'It is done' }).click();
  await page.getByText(/Last done .* by Rae Oduya: All three answered the phone\./).waitFor();
}, 180_000);

test('a withdrawal takes its reason, the way out for the data, and the name typed', async () => {
  await page.goto(`${ironbark.origin}/agreements`);
  await page.getByRole('button', { name: 'More about Acme Water in pdce' }).click();
  await page.getByRole('menuitem', { name: 'Withdraw…' }).click();
  const withdraw = page.getByRole('button', { name: 'Withdraw', exact: true });
  await page.getByLabel('Why', { exact: false }).first().fill('We move to another provider.');
  await page.getByLabel('How the data leaves').fill('Backups to our own store, by Friday.');
  await page.getByLabel('Type “Acme Water”').fill('Acme');
  expect(await withdraw.isDisabled()).toBe(true);
  await page.getByLabel('Type “Acme Water”').fill('Acme Water');
  await looked('withdrawing');
  await withdraw.click();
  await page.getByText('Withdrawn', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'PDF' }).first().waitFor();
  expect({ errors: watched.errors, foreign: watched.foreign, violations: watched.violations }).toEqual({
    errors: [],
    foreign: [],
    violations: [],
  });
}, 120_000);
