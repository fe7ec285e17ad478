import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeNow, openBrowser, seriousFindings, setUp, watchedPage } from './browser.ts';
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

test('the one-time link leads to an administrator, a provider, and the queue; then password and code sign in', async () => {
  const context = await browser.newContext();
  const { page, foreign, violations, errors } = await watchedPage(context, ironbark.origin);
  const { email, password, secret } = await setUp(page, ironbark.firstLink);
  expect(new URL(page.url()).pathname).toBe('/alerts');
  await page.getByRole('button', { name: /Scope/ }).click();
  await page
    .getByRole('menuitem', { name: /PROTECTED/ })
    .first()
    .waitFor();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: /Mira Kaplan/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();

  await page.getByLabel('Email').fill(email);
  await page.getByLabel(/^Password/).fill('not the password');
  await page.getByRole('textbox', { name: 'Code' }).fill('000000');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('alert').waitFor();

  // A code is good once: the next one comes within 30 s.
  const used = codeNow(secret);
  await expect.poll(() => codeNow(secret), { timeout: 40_000, interval: 500 }).not.toBe(used);
  await page.getByLabel(/^Password/).fill(password);
  await page.getByRole('textbox', { name: 'Code' }).fill(codeNow(secret));
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Alerts', exact: true }).waitFor();

  // What the queue needs before it can be worked with, as it goes over the wire where it is compressed.
  await page.reload();
  await page.getByRole('heading', { name: 'Alerts', exact: true }).waitFor();
  const scripts = await page.evaluate(() =>
    performance.getEntriesByType('resource').flatMap(({ name }) => (name.endsWith('.js') ? [name] : [])),
  );
  const bodies = await Promise.all(scripts.map(async (url) => (await context.request.get(url)).body()));
  const bytes = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0);
  console.log(`The queue's scripts: ${scripts.length} files, ${bytes} bytes compressed.`);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThan(250_000);

  expect({ foreign, violations, errors }).toEqual({ foreign: [], violations: [], errors: [] });
  await context.close();
}, 120_000);

test('a page behind the sign-in leads to the sign-in, and back to where it was', async () => {
  const context = await browser.newContext();
  const { page } = await watchedPage(context, ironbark.origin);
  await page.goto(`${ironbark.origin}/detections?view=packs`);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(new URL(page.url()).searchParams.get('to')).toBe('/detections?view=packs');
  expect(await seriousFindings(page)).toEqual([]);
  await context.close();
}, 60_000);

test('a used one-time link says what to do instead', async () => {
  const context = await browser.newContext();
  const { page } = await watchedPage(context, ironbark.origin);
  await page.goto(ironbark.firstLink);
  await page.getByLabel('Your name').fill('Somebody Else');
  await page.getByLabel('Email').fill('else@harbour.example');
  await page.getByLabel('Password', { exact: true }).fill('another long password');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect.poll(() => page.getByRole('alert').textContent()).toMatch(/link/i);
  expect(await seriousFindings(page)).toEqual([]);
  await context.close();
}, 60_000);
