import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openBrowser, seriousFindings, setUp, themes, type Watched, watchedPage } from './browser.ts';
import { type Running, startIronbark } from './running.ts';

/** Set to a folder to keep pictures of the pages. */
const pictures = process.env['SCREENSHOTS'];

let ironbark: Running;
let browser: Browser;
let watched: Watched;
let page: Page;
beforeAll(async () => {
  [ironbark, browser] = await Promise.all([startIronbark(), openBrowser()]);
  watched = await watchedPage(await browser.newContext(), ironbark.origin);
  page = watched.page;
  await setUp(page, ironbark.firstLink);
}, 180_000);
afterAll(async () => {
  await browser.close();
  await ironbark.stop();
});

async function looksRight(name: string): Promise<void> {
  for (const theme of themes) {
    await page.locator('html').evaluate((html, one) => html.setAttribute('data-theme', one), theme);
    if (pictures !== undefined) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `${name}-${theme}.png`) });
    }
    expect([name, theme, await seriousFindings(page)]).toEqual([name, theme, []]);
  }
  await page.locator('html').evaluate((html) => html.setAttribute('data-theme', 'dark'));
}

test('an engineer asks "Can I?", sees everything that is missing in one list, and asks for it', async () => {
  await page.getByRole('link', { name: 'Can I?' }).click();
  await page.getByRole('heading', { name: 'Can I?' }).waitFor();
  await page.getByPlaceholder('What do you want to do?').click();
  await page.getByRole('option', { name: 'Administer infrastructure' }).click();
  await page.getByLabel('Which environment').fill('pdce');
  await page.getByRole('button', { name: 'Ask the gate' }).click();
  const answer = page.getByRole('region', { name: 'The answer' });
  await answer.getByText(/^No: \d+ things? to be mended$/).waitFor();
  expect(await answer.getByRole('row').count()).toBeGreaterThan(2);
  // The provider was set up after the gate opened: it has heard of the environment.
  expect(await answer.textContent()).not.toContain('no tenancy that is known');
  expect(page.url()).toContain('action=infrastructure.administer');
  await looksRight('can-i');

  await answer.getByRole('button', { name: 'Ask for it' }).first().click();
  await page.getByRole('dialog').getByLabel('What for').fill('the storage upgrade');
  await page.getByRole('button', { name: 'Send it' }).click();
  await answer.getByText('asked for').waitFor();
  const asked = page.getByRole('region', { name: 'Asked for' });
  await asked.getByText('the storage upgrade').waitFor();
  await asked.getByRole('button', { name: 'It is done' }).click();
  await asked.getByText('Done', { exact: true }).waitFor();
}, 120_000);

test('a denial leads to the page that says what is missing, is found in the log, and can be decided again', async () => {
  const session = await page.request.get(`${ironbark.origin}/api/session`);
  const { csrfToken } = z.object({ csrfToken: z.string() }).parse(await session.json());
  const asked = await page.request.post(`${ironbark.origin}/access/v1/evaluation`, {
    headers: { 'x-csrf-token': csrfToken },
    data: {
      subject: { type: 'email', id: 'mira@harbour.example' },
      action: { name: 'infrastructure.administer' },
      resource: { type: 'environment', id: 'odce' },
    },
  });
  const denied = z
    .object({
      decision: z.literal(false),
      context: z.object({ access_request: z.object({ form_url: z.string() }) }),
    })
    .parse(await asked.json());
  await page.goto(denied.context.access_request.form_url);
  await page
    .getByRole('region', { name: 'The answer' })
    .getByText(/missing$/)
    .first()
    .waitFor();

  await page.getByRole('link', { name: 'Decisions' }).click();
  await page.getByRole('heading', { name: 'Decisions' }).waitFor();
  await page.getByLabel('What', { exact: true }).fill('infrastructure.administer');
  await page.getByLabel('Decided').selectOption('deny');
  await page.getByRole('button', { name: 'Find', exact: true }).click();
  const row = page.getByRole('row').filter({ hasText: 'Denied' });
  await row.first().waitFor();
  await looksRight('decisions');
  await row.first().getByRole('button').click();
  const pane = page.getByRole('dialog', { name: 'Decision' });
  await pane.getByText('Facts (SHA-256)').waitFor();
  await pane.getByRole('button', { name: 'Decide it again' }).click();
  await pane.getByText('As they were kept').waitFor();
  await pane.getByText('Yes', { exact: true }).waitFor();
  await looksRight('decision');
  await page.keyboard.press('Escape');

  await page.getByLabel('What', { exact: true }).fill('nothing.like-it');
  await page.getByRole('button', { name: 'Find', exact: true }).click();
  await page.getByText('No decision fits that').waitFor();
}, 120_000);

test('the rules are readable, and a parameter is changed with a reason', async () => {
  await page.getByRole('link', { name: 'Rules of the gate' }).click();
  await page.getByRole('region', { name: 'Rules' }).getByText('agreement-in-force').waitFor();
  await looksRight('rules');
  await page.getByRole('button', { name: 'Change parameters' }).click();
  await page.getByLabel('An account may be idle').fill('30');
  await page.getByRole('dialog').getByLabel('Reason').fill('our own policy is stricter');
  await page.getByRole('button', { name: 'Set them' }).click();
  await page.getByText(/Version 1, set by Mira Kaplan/).waitFor();
  await page.getByRole('cell', { name: '30 days' }).waitFor();
  expect(watched.errors).toEqual([]);
  expect(watched.foreign).toEqual([]);
  expect(watched.violations).toEqual([]);
}, 120_000);
