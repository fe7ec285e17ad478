import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, setUp, watchedPage } from './browser.ts';
import { type Running, startIronbark } from './running.ts';

let ironbark: Running;
let browser: Browser;
beforeAll(async () => {
  [ironbark, browser] = await Promise.all([startIronbark(), openBrowser()]);
}, 180_000);
afterAll(async () => {
  await browser.close();
  await ironbark.stop();
});

test('a source is added, its event becomes an alert by itself, and the keyboard alone closes it and takes that back', async () => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const { page, foreign, violations, errors } = await watchedPage(context, ironbark.origin);
  page.setDefaultTimeout(60_000);
  await setUp(page, ironbark.firstLink);

  const { door, token } = await addSource(page, 'Domain controllers');
  await page.goto(`${ironbark.origin}/alerts`);
  await page.getByRole('heading', { name: 'No open alerts' }).waitFor();
  await send(door, token, 'HBR-FS-11');

  // It waits behind a button: a list never moves under the cursor.
  await page.getByRole('button', { name: /1 new, show/ }).waitFor();
  await page.keyboard.press('.');
  const row = page.getByRole('grid', { name: 'Alerts' }).getByRole('row', { name: /HBR-FS-11/ });
  await row.waitFor();
  expect(await row.textContent()).toMatch(/Critical/);

  await page.keyboard.press('j');
  const pane = page.getByRole('complementary', { name: 'Alert' });
  await pane.getByText('vssadmin', { exact: false }).first().waitFor();
  expect(await pane.textContent()).toMatch(/Why it fired/);
  expect(await pane.textContent()).toMatch(/delete shadows/);

  await page.keyboard.press('a');
  await pane.getByText(/Acknowledged, Mira Kaplan/).waitFor();

  await page.keyboard.press('c');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('2');
  await page.keyboard.type('Storage change 4418, agreed with the owner');
  await page.keyboard.press('Enter');
  await row.waitFor({ state: 'detached' });
  await page.getByText('1 alert closed as benign.').first().waitFor();

  await page.keyboard.press('u');
  await row.waitFor();

  // The same decision again, then it is told the next time the rule fires on the same host.
  await page.keyboard.press('j');
  await pane.waitFor();
  await page.keyboard.press('f');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('The backup agent does this each night');
  await page.keyboard.press('Enter');
  await row.waitFor({ state: 'detached' });
  await send(door, token, 'HBR-FS-11');
  await page.getByRole('button', { name: /1 new, show/ }).waitFor();
  await page.keyboard.press('.');
  await row.waitFor();
  await page.keyboard.press('j');
  await pane.getByText('The backup agent does this each night').waitFor();

  await page.keyboard.press('Enter');
  await page.waitForURL(/\/alerts\/[0-9a-f-]{36}/);
  await page.getByRole('heading', { level: 1, name: /Shadow Copies/ }).waitFor();
  expect({ foreign, violations, errors }).toEqual({ foreign: [], violations: [], errors: [] });
  await context.close();
}, 300_000);

/** Through the page's own dialog; the token is read where a person would copy it. */
async function addSource(page: Page, name: string): Promise<{ door: string; token: string }> {
  await page.goto(`${ironbark.origin}/sources?add=1`);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await dialog.getByRole('combobox', { name: /Tenancy/ }).click();
  await page
    .getByRole('option', { name: /PROTECTED/ })
    .first()
    .click();
  await dialog.getByRole('button', { name: 'Add the source' }).click();
  const token = (await dialog.getByText(/^ibs_[\w-]+$/).textContent()) ?? '';
  await dialog.getByRole('button', { name: 'Try it with curl' }).click();
  const snippet = (await dialog.locator('pre').textContent()) ?? '';
  const door = /https?:\/\/\S+\/_bulk/.exec(snippet)?.[0] ?? '';
  await dialog.getByRole('button', { name: 'Done' }).click();
  return { door, token };
}

/** What Sysmon says when somebody deletes the copies Windows keeps for recovery, as Winlogbeat sends it. */
async function send(door: string, token: string, host: string): Promise<void> {
  const event = {
    '@timestamp': new Date().toISOString(),
    winlog: {
      channel: 'Microsoft-Windows-Sysmon/Operational',
      provider_name: 'Microsoft-Windows-Sysmon',
      event_id: 1,
      computer_name: host,
      event_data: {
        Image: 'C:\\Windows\\System32\\vssadmin.exe',
        CommandLine: 'vssadmin.exe delete shadows /all /quiet',
        User: 'HARBOUR\\svc_backup',
      },
    },
  };
  const response = await fetch(door, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${token}` },
    body: `{"create":{}}\n${JSON.stringify(event)}\n`,
  });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ errors: false });
}
