import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openBrowser, seriousFindings, setUp, themes, watchedPage } from './browser.ts';
import { type Running, startIronbark } from './running.ts';

let ironbark: Running;
let browser: Browser;
beforeAll(async () => {
  [ironbark, browser] = await Promise.all([startIronbark(), openBrowser()]);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await ironbark.stop();
});

/** As the administrator of the machine. */
async function post<Schema extends z.ZodType>(
  path: string,
  body: object,
  schema: Schema,
): Promise<z.output<Schema>> {
  const local = z
    .object({ secret: z.string() })
    .parse(JSON.parse(readFileSync(`${ironbark.data}/run/local.json`, 'utf8')));
  const answer = await fetch(`${ironbark.origin}/api${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${local.secret}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const json: unknown = await answer.json();
  if (!answer.ok) throw new Error(`${path}: ${JSON.stringify(json)}`);
  return schema.parse(json);
}

test('a session is asked for in the page, the customer approves it with a passkey, and sees who is waited for', async () => {
  const context = await browser.newContext();
  const { page, foreign, violations, errors } = await watchedPage(context, ironbark.origin);
  await setUp(page, ironbark.firstLink);
  await post('/community/organisations', { id: 'acme', name: 'Acme Water', kind: 'customer' }, z.unknown());
  await post('/community/tenancies', { organisation: 'acme', environment: 'odce' }, z.unknown());
  const { link } = await post(
    '/users',
    { name: 'Cas', email: 'cas@acme.example', roles: ['approver'], organisation: 'acme' },
    z.object({ link: z.string() }),
  );
  await page.reload();
  await page.getByRole('link', { name: 'Support', exact: true }).click();
  await page.getByRole('heading', { name: 'No support session yet' }).waitFor();
  await page.getByRole('button', { name: 'Ask for a session' }).click();
  await page.getByRole('combobox', { name: 'Tenancy' }).click();
  await page.getByRole('option', { name: /Acme Water/ }).click();
  await page.getByLabel('What is to be done, and why').fill('The portal does not start after the update.');
  await page.getByRole('combobox', { name: 'Engineers' }).click();
  await page.getByRole('option', { name: 'Mira Kaplan' }).click();
  await page.getByRole('heading', { name: 'Ask for a support session' }).click();
  await page.getByLabel(/^Host( \*)?$/).fill('10.1.2.3');
  await page.getByLabel('Account').fill('root');
  await page.getByLabel('Host key').fill(`SHA256:${'A'.repeat(43)}`);
  await page.getByRole('button', { name: 'Ask for it' }).click();
  await page.getByRole('heading', { name: 'The portal does not start after the update.' }).waitFor();
  await page.getByText('Asked for', { exact: true }).waitFor();
  const address = page.url();

  const theirs = await browser.newContext();
  const cas = await watchedPage(theirs, ironbark.origin);
  const devtools = await theirs.newCDPSession(cas.page);
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
  await cas.page.goto(link);
  await cas.page.getByLabel('Your name').fill('Cas');
  await cas.page.getByLabel('Email').fill('cas@acme.example');
  await cas.page.getByLabel('Password', { exact: true }).fill('gum leaves after rain');
  await cas.page.getByRole('button', { name: 'Continue' }).click();
  await cas.page.getByRole('button', { name: 'Use a passkey or security key' }).click();
  await cas.page.getByRole('link', { name: 'Support', exact: true }).click();
  await cas.page.getByRole('link', { name: 'The portal does not start after the update.' }).click();
  expect(cas.page.url()).toBe(address);
  await cas.page.getByRole('button', { name: 'Approve with your passkey' }).click();
  await cas.page.getByText('Customer approved').waitFor();
  await cas.page.getByText(/the provider, .* so far/).waitFor();
  for (const theme of themes) {
    await cas.page.locator('html').evaluate((html, name) => html.setAttribute('data-theme', name), theme);
    expect({ theme, found: await seriousFindings(cas.page) }).toEqual({ theme, found: [] });
  }

  // The provider's page follows by itself; who asked, and is in it, can't approve.
  await page.getByText('Customer approved').waitFor();
  await page
    .getByText('You are one of its engineers: somebody else approves it.')
    .or(page.getByText('You asked for this session: somebody else approves it.'))
    .waitFor();
  await cas.page.getByLabel('Reason').fill('Not this week.');
  await cas.page.getByRole('button', { name: 'Refuse' }).click();
  await cas.page.getByText('Refused', { exact: true }).waitFor();
  for (const seen of [{ foreign, violations, errors }, cas])
    expect(seen).toMatchObject({ foreign: [], violations: [], errors: [] });
  await context.close();
  await theirs.close();
}, 120_000);
