import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openBrowser, seriousFindings, setUp, themes, watchedPage } from './browser.ts';
import { type Running, startIronbark } from './running.ts';

/*
 * The provider's CISO: approves and acknowledges a document, sees a certificate drift out of its scope, and imports a pack,
 * compares it with the one before and goes back. Everything in the real system, in three themes.
 */

let ironbark: Running;
let browser: Browser;
let page: Page;
let watched: Awaited<ReturnType<typeof watchedPage>>;
let local: Record<string, string>;

async function call(method: string, path: string, body?: unknown, headers = local): Promise<unknown> {
  const answer = await fetch(`${ironbark.origin}${path}`, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path} gave ${answer.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
const withId = z.looseObject({ id: z.string() });

/** A second and a third administrator: two of the staff verify an appointment. */
async function staff(name: string): Promise<Record<string, string>> {
  const email = `${name}@harbour.example`;
  const { link } = z
    .object({ link: z.string() })
    .parse(
      await call('POST', '/api/users', { name, email, roles: ['administrator'], organisation: provider }),
    );
  const post = async (path: string, body: object, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${ironbark.origin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    const shown = z.looseObject({ csrfToken: z.string(), secret: z.string().optional() });
    const cookie = answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
    return { cookie, body: shown.parse(await answer.json()) };
  };
  const token = new URL(link, ironbark.origin).searchParams.get('token');
  const first = await post('/api/first-sign-in', { token, name, email, password: 'gum leaves after rain' });
  const code = new TOTP({ secret: first.body.secret ?? '' }).generate();
  const full = await post(
    '/api/totp/confirm',
    { code },
    { cookie: first.cookie, 'x-csrf-token': first.body.csrfToken },
  );
  return { cookie: full.cookie || first.cookie, 'x-csrf-token': full.body.csrfToken };
}

let provider = '';
beforeAll(async () => {
  [ironbark, browser] = await Promise.all([startIronbark(), openBrowser()]);
  const { secret } = z
    .object({ secret: z.string() })
    .parse(JSON.parse(readFileSync(`${ironbark.data}/run/local.json`, 'utf8')));
  local = { authorization: `Bearer ${secret}` };
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  watched = await watchedPage(context, ironbark.origin);
  page = watched.page;
  await setUp(page, ironbark.firstLink);
  const { organisations } = z
    .object({ organisations: z.array(withId) })
    .parse(await call('GET', '/api/organisations'));
  provider = organisations[0]?.id ?? '';
  const mira = withId.parse(
    await call('POST', '/api/persons', {
      organisation: provider,
      name: 'Mira Kaplan',
      email: 'mira@harbour.example',
    }),
  );
  const appointment = withId.parse(
    await call('POST', '/api/appointments', {
      person: mira.id,
      office: 'ciso',
      evidenceKind: 'letter',
      evidence: 'F-1',
    }),
  );
  for (const name of ['second', 'third'])
    await call(
      'POST',
      `/api/appointments/${appointment.id}/verifications`,
      { note: 'read it' },
      await staff(name),
    );
  await call('POST', '/api/documents', {
    id: 'usage',
    kind: 'policy',
    title: 'System usage policy',
    owner: mira.id,
    controls: ['ism-1864'],
    required: 'system-usage-policy',
    audience: { everybody: true },
    text: '# What you may do\n\nUse our systems **for work**.\n\n| Thing | Allowed |\n| --- | --- |\n| Work | yes |\n\n- Lock the screen.\n- Report what looks wrong.\n',
  });
}, 300_000);
afterAll(async () => {
  await browser.close();
  await ironbark.stop();
});

const shots = process.env['SCREENSHOTS'];
async function looks(name: string): Promise<void> {
  for (const theme of themes) {
    await page.locator('html').evaluate((html, wanted) => html.setAttribute('data-theme', wanted), theme);
    if (shots !== undefined) await page.screenshot({ path: join(shots, `${name}-${theme}.png`) });
    expect([name, theme, await seriousFindings(page)]).toEqual([name, theme, []]);
  }
}
const notice = (text: string | RegExp) =>
  page.getByRole('region', { name: 'Notices' }).getByText(text).waitFor();

test('the CISO reads a draft, approves it, and acknowledges it; then it says as at when it is current', async () => {
  await page.goto(`${ironbark.origin}/policies`);
  await page.getByRole('link', { name: 'System usage policy' }).click();
  await page.getByText('You approve it as CISO.').waitFor();
  await page.getByRole('button', { name: 'Approve version 1' }).click();
  await notice('Version 1 is approved and holds.');
  await page.getByRole('button', { name: 'I have read version 1' }).click();
  await notice(/You have acknowledged it/);
  await page.getByRole('region', { name: 'Your acknowledgement' }).getByText('Acknowledged').waitFor();
  await page.getByText('current as at').waitFor();
  await looks('document');
  await page.getByRole('link', { name: 'All documents' }).click();
  await page.getByText('1 of 1').waitFor();
  await looks('policies');
});

test('a new version is compared with the one before, and a review is recorded', async () => {
  await page.getByRole('link', { name: 'System usage policy' }).click();
  await page.getByRole('button', { name: 'New version' }).click();
  await page.getByLabel('What changed, and why').fill('Narrower.');
  await page
    .getByLabel('Text (Markdown)')
    .fill('# What you may do\n\nUse our systems for work, and nothing else.\n');
  await page.getByRole('button', { name: 'Keep the draft' }).click();
  await notice('The draft is kept. Somebody else approves it.');
  await page.getByText('You wrote this version.').waitFor();
  await page.getByRole('button', { name: 'Compare with version 1' }).click();
  await page.getByRole('heading', { name: 'What changed from version 1 to version 2' }).waitFor();
  expect(await page.locator('.differs ins').first().textContent()).not.toBe('');
  await looks('document-diff');
  await page.getByRole('button', { name: 'Record a review' }).click();
  await page.getByLabel('What you looked at').fill('The whole of it.');
  await page.getByRole('button', { name: 'It stands', exact: true }).click();
  await notice('It is current as at today.');
});

test('who reads it is changed by page, and a document that holds no more is retired', async () => {
  await page.getByRole('button', { name: 'Distribute', exact: true }).click();
  await page.getByRole('dialog').getByText('Everybody of the provider is to read it').click();
  await page.getByLabel('These people are to read it').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.getByRole('option', { name: 'Mira Kaplan' }).click();
  await page.getByLabel('Days to read it').fill('7');
  await looks('distribute');
  await page.getByRole('button', { name: 'Distribute it' }).click();
  await notice(/sees it as owed/);
  const said = z
    .object({
      audience: z.object({ everybody: z.boolean(), people: z.array(z.string()) }),
      acknowledgeDays: z.number(),
    })
    .parse(await call('GET', '/api/documents/usage'));
  expect([said.audience.everybody, said.audience.people.length, said.acknowledgeDays]).toEqual([false, 1, 7]);
  await page.getByRole('button', { name: 'Retire', exact: true }).click();
  await page.getByLabel('Why').fill('The new one holds.');
  await page.getByRole('button', { name: 'It holds no more' }).click();
  await notice(/It is retired/);
  await expect.poll(() => page.getByRole('button', { name: 'New version' }).count()).toBe(0);
});

test('what is required and missing is begun from a template', async () => {
  await page.goto(`${ironbark.origin}/policies?view=required`);
  await looks('required');
  await page
    .getByRole('row', { name: /System security plan.*odce/i })
    .getByRole('button', { name: 'Begin from the template' })
    .click();
  await page.getByRole('dialog').getByLabel('Owner').first().click();
  await page.getByRole('option', { name: 'Mira Kaplan' }).click();
  await expect.poll(() => page.getByLabel('Text (Markdown)').inputValue()).toContain('System boundary');
  await page.getByRole('button', { name: 'Register the draft' }).click();
  await notice(/is registered/);
});

test('a certificate is recorded; a significant change is told until an assessor has seen it', async () => {
  await page.goto(`${ironbark.origin}/certificates`);
  await page.getByRole('button', { name: 'Record a certificate' }).first().click();
  await page.getByLabel('Title').fill('IRAP of the OFFICIAL cloud');
  await page.getByLabel('Assessor').fill('Banksia Assessors');
  await page.getByLabel('Scope, as it is written').fill('All of the OFFICIAL cloud.');
  await page.getByRole('dialog').getByLabel('Systems in scope').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.getByRole('option').first().click();
  await page.keyboard.press('Tab');
  const issued = new Date(Date.now() - 700 * 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel('Issued on').fill(issued);
  await page.getByRole('button', { name: 'Record it', exact: true }).click();
  await notice(/is recorded/);
  await page.getByRole('button', { name: 'Record a significant change' }).click();
  await page.getByLabel('What was changed').fill('New hypervisors in both halls.');
  await page.getByRole('button', { name: 'Record it for today' }).click();
  await notice(/Certificates of this system say so/);
  await page.getByRole('button', { name: 'IRAP of the OFFICIAL cloud' }).click();
  await page
    .getByRole('complementary', { name: 'Certificate' })
    .getByText('becomes older than 24 months')
    .waitFor();
  await page.getByText('was changed significantly').first().waitFor();
  await looks('certificates');
  await page.getByRole('button', { name: 'Record a surveillance' }).click();
  await page.getByLabel('What they found').fill('No new assessment needed.');
  await page.getByRole('button', { name: 'Record it for today' }).click();
  await expect.poll(() => page.getByText('was changed significantly').count()).toBe(0);
  await page.getByRole('button', { name: 'Add a condition' }).click();
  await page.getByLabel('What is to be done').fill('Test the restore of both halls.');
  await page.getByLabel('Due on').fill(new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10));
  await page.getByRole('button', { name: 'Add it', exact: true }).click();
  await page.getByText('Test the restore of both halls.').first().waitFor();
  await page.getByRole('button', { name: 'It is met' }).click();
  await page.getByRole('dialog').getByLabel('How, and where that can be seen').fill('Report R-9.');
  await page.getByRole('dialog').getByRole('button', { name: 'It is met' }).click();
  await page.getByText(/met on .*Report R-9/).waitFor();
  await page.getByRole('button', { name: 'Withdraw it' }).click();
  await page.getByLabel('Why').fill('A new assessment takes its place.');
  await page.getByRole('button', { name: 'It is withdrawn' }).click();
  await expect.poll(() => page.getByRole('button', { name: 'Add a condition' }).count()).toBe(0);
});

test('a pack is imported, compared, activated and rolled back; a key is trusted', async () => {
  await page.goto(`${ironbark.origin}/content`);
  await page.getByRole('button', { name: 'Import content' }).click();
  const rule = (title: string, level: string) =>
    Buffer.from(
      `title: ${title}\nid: 11111111-0000-4000-8000-0000000000aa\nlogsource: { product: windows, category: process_creation }\ndetection: { selection: { Image: 'x.exe' }, condition: selection }\nlevel: ${level}\n`,
    );
  const file = (version: number, buffer: Buffer) => ({
    name: `v${version}.yml`,
    mimeType: 'text/yaml',
    buffer,
  });
  const importing = async (version: number, buffer: Buffer) => {
    await page.locator('input[type=file]').setInputFiles(file(version, buffer));
    await page.getByRole('dialog').getByLabel('Name').fill('house-rules');
    await page.getByRole('dialog').getByLabel('Version', { exact: true }).fill(String(version));
    await page.getByText('Make it the active version').click();
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await notice(`house-rules ${version} is imported and active; 0 parts not used.`);
  };
  await importing(1, rule('One', 'high'));
  await page.getByRole('button', { name: 'Import content' }).click();
  await importing(2, rule('Two', 'low'));
  await page
    .getByRole('row', { name: /house-rules 2/ })
    .getByRole('button', { name: 'house-rules' })
    .click();
  const pane = page.getByRole('complementary', { name: 'Pack' });
  await pane.getByLabel('Compare with').click();
  await page.getByRole('option', { name: 'house-rules 1' }).click();
  await pane.getByText('level high became low').waitFor();
  await looks('content');
  await pane.getByRole('button', { name: 'Roll back' }).click();
  await notice('The version before is active again.');
  await page.getByRole('row', { name: /house-rules 1 Active/ }).waitFor();

  await page.getByRole('button', { name: /Trusted keys/ }).click();
  await page.getByRole('button', { name: 'Trust a key' }).click();
  await page.getByLabel('Whose key it is').fill('Wattle');
  await page
    .getByLabel('Public key (PEM)')
    .fill(
      '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----',
    );
  await page.getByRole('button', { name: 'Trust it' }).click();
  await notice(/Packs signed with/);
  await looks('keys');
});

test('nothing was asked of anybody else, and nothing broke', () => {
  expect([watched.foreign, watched.violations, watched.errors]).toEqual([[], [], []]);
});
