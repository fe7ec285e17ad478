import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openIssuer } from '../../src/identity/oidc/testing.ts';
import { openBrowser, seriousFindings, setUp, themes, watchedPage } from './browser.ts';
import { type Running, startIronbark } from './running.ts';

let ironbark: Running;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const watched: Awaited<ReturnType<typeof watchedPage>>[] = [];
beforeAll(async () => {
  [ironbark, browser] = await Promise.all([startIronbark(), openBrowser()]);
  context = await browser.newContext();
  watched.push(await watchedPage(context, ironbark.origin));
  page = watched[0]?.page as Page; // pushed in the line before
  await setUp(page, ironbark.firstLink);
}, 180_000);
afterAll(async () => {
  await browser.close();
  await ironbark.stop();
});

/** The browser's own authenticator, as a laptop has one. @see Chrome DevTools Protocol, WebAuthn */
async function withAuthenticator(on: Page): Promise<void> {
  const devtools = await on.context().newCDPSession(on);
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
}

async function signOut(): Promise<void> {
  await page.getByRole('button', { name: /Mira Kaplan/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
}

test('a passkey is added, and signs in', async () => {
  await withAuthenticator(page);
  await page.getByRole('button', { name: /Mira Kaplan/ }).click();
  await page.getByRole('menuitem', { name: /passkey/i }).click();
  await page.getByRole('region', { name: 'Notices' }).getByText('The passkey was added.').waitFor();
  await signOut();
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByRole('heading', { name: 'Alerts', exact: true }).waitFor();
}, 120_000);

test('an access review is started, decided and closed by hand', async () => {
  await page.goto(`${ironbark.origin}/people`);
  await page.getByRole('button', { name: 'Add a person' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Lee Wong');
  await page.getByRole('dialog').getByLabel('Email').fill('lee@harbour.example');
  await page.getByRole('button', { name: 'Add and make a link' }).click();
  await page.getByRole('button', { name: 'Done' }).click();

  await page.getByRole('button', { name: 'Access reviews' }).click();
  await page.getByRole('button', { name: 'Start a review' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('First quarter');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByRole('heading', { name: 'First quarter' }).waitFor();
  expect(await page.getByLabel('Choose Mira Kaplan').isDisabled()).toBe(true);
  await page.getByLabel('Choose Lee Wong').check();
  await page.getByLabel('Reason').fill('left the team');
  await page.getByRole('button', { name: 'Suspend 1' }).click();
  await page.getByText('left the team, Mira Kaplan').waitFor();
  for (const theme of themes) {
    await page.locator('html').evaluate((html, name) => html.setAttribute('data-theme', name), theme);
    expect([theme, await seriousFindings(page)]).toEqual([theme, []]);
  }
  await page.getByRole('button', { name: 'People', exact: true }).click();
  await page.getByText('Suspended in a review').waitFor();
}, 120_000);

test('a break-glass account is made: its first half is shown, and the second is for somebody else', async () => {
  await page.getByRole('button', { name: 'Break glass' }).click();
  await page.getByRole('button', { name: 'Make a break-glass account' }).click();
  await page.getByRole('dialog').getByLabel('Email').fill('glass@harbour.example');
  await page.getByRole('button', { name: 'Make it, and show the first half' }).click();
  await page.getByText('shown this once').waitFor();
  await page.getByRole('button', { name: 'I have it' }).click();
  await page.getByText('another administrator makes the second half').waitFor();
  expect(await seriousFindings(page)).toEqual([]);
}, 60_000);

test('people sign in with their own issuer, from a button on the page', async () => {
  const issuer = await openIssuer(`${ironbark.origin}/api/session/issuers/own/callback`);
  const csrf = (await (await page.request.get(`${ironbark.origin}/api/session`)).json()) as {
    csrfToken: string;
  };
  const made = await page.request.post(`${ironbark.origin}/api/issuers`, {
    headers: { 'x-csrf-token': csrf.csrfToken },
    data: {
      id: 'own',
      name: 'Harbour sign-in',
      url: issuer.url,
      clientId: 'ironbark',
      clientSecret: 'a secret of the client',
      organisation: 'harbour-cloud',
    },
  });
  expect([made.status(), await made.text()]).toEqual([201, expect.stringContaining('own')]);
  const other = await browser.newContext();
  const visit = await other.newPage();
  issuer.signInAs('mira', { email: 'mira@harbour.example', verified: true, amr: ['mfa'] });
  await visit.goto(`${ironbark.origin}/sign-in`);
  await visit.getByRole('link', { name: 'Sign in with Harbour sign-in' }).click();
  await visit.getByRole('heading', { name: 'Alerts', exact: true }).waitFor();

  await other.clearCookies();
  issuer.signInAs('nobody', { email: 'nobody@harbour.example', verified: true, amr: ['mfa'] });
  await visit.goto(`${ironbark.origin}/sign-in`);
  await visit.getByRole('link', { name: 'Sign in with Harbour sign-in' }).click();
  await visit.getByRole('alert').getByText('did not work').waitFor();
  await visit.getByRole('button', { name: /break the glass/ }).click();
  await visit.getByRole('textbox', { name: 'First half' }).waitFor();
  expect(await seriousFindings(visit)).toEqual([]);
  await issuer.close();
  await other.close();
}, 120_000);

test('none of it asked another server, or broke a rule of the page', () => {
  expect(watched.map(({ foreign, violations, errors }) => ({ foreign, violations, errors }))).toEqual([
    { foreign: [], violations: [], errors: [] },
  ]);
});
