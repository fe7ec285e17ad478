import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { newKey, type Sshd, ssh, startSshd } from '../../src/community/support/testing-sshd.ts';
import { comeWithPasskey, openBrowser, seriousFindings, themes, watchedPage } from './browser.ts';
import { call, type Headers, type Member, member, must, operator } from './member.ts';
import { type Running, startIronbark } from './running.ts';

/*
 * A support session as the customer sees it, in a browser with its own authenticator: approved, live, ended, played back,
 * countersigned. The engineer is at a real ssh, and the system at its other end is a real sshd.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
const withId = z.looseObject({ id: z.string() });
const acme = 'acme-odce';
let ironbark: Running;
let browser: Browser;
let sshd: Sshd;
let folder: string;
let local: Headers;
let page: Page;
let watched: Awaited<ReturnType<typeof watchedPage>>;
const people: Record<string, Member> = {};

const who = (name: string): Member => {
  const found = people[name];
  if (found === undefined) throw new Error(`${name} is not here yet`);
  return found;
};
const as = (name: string): Headers => who(name).headers;
const post = (by: Headers, path: string, body: unknown = {}) => must(ironbark, by, 'POST', path, body);
async function joins(name: string, roles: readonly string[]): Promise<string> {
  const one = await member(ironbark, { name, organisation: 'harbour', roles });
  people[name] = one;
  const person = { organisation: 'harbour', name, email: one.email, screenedUntil: '2099-01-01' };
  return withId.parse(await post(local, '/api/persons', person)).id;
}

async function appoint(person: string, office: string): Promise<void> {
  const given = { person, office, evidenceKind: 'letter', evidence: `F-${office}` };
  const { id } = withId.parse(await post(local, '/api/appointments', given));
  for (const staff of ['ada', 'abe'])
    await post(as(staff), `/api/appointments/${id}/verifications`, { note: 'read the letter' });
}

/** Acme is serviced: agreed on paper, its offices filled, every condition met. */
async function serve(): Promise<void> {
  const officer = { organisation: 'acme', name: 'Rae Oduya', email: 'rae@acme.example' };
  const rae = withId.parse(await post(local, '/api/persons', officer)).id;
  for (const office of ['ciso', 'security-officer']) await appoint(rae, office);
  const source = readFileSync(join(root, 'content/agreements/community-1.md'), 'utf8');
  await post(local, '/api/agreements/versions', { source, changeClass: 'material', summary: 'the first' });
  await post(as('ada'), '/api/agreements/versions/1/approval');
  await post(as('ada'), '/api/agreements/versions/1/publication', {});
  const paper = await post(as('ada'), '/api/agreements/papers', {
    organisation: 'acme',
    environment: 'odce',
    version: 1,
    signerName: officer.name,
    office: 'CISO',
    signedOn: new Date().toISOString().slice(0, 10),
    evidenceName: 'scan.pdf',
    evidenceSha256: 'a'.repeat(64),
  });
  await post(as('abe'), `/api/agreements/papers/${String(paper['id'])}`, {
    do: 'confirm',
    sha256: 'a'.repeat(64),
  });
  await must(ironbark, local, 'PATCH', '/api/organisations/acme', {
    eligibility: { basis: 'critical-industry', evidence: 'register entry 12' },
  });
  await must(ironbark, local, 'PUT', '/api/organisations/acme/contacts', {
    contacts: ['critical', 'high', 'medium', 'low'].map((severity) => ({
      severity,
      rank: 1,
      name: 'Sol',
      phone: '+61 2 5550 1234',
      email: 'sol@acme.example',
    })),
  });
  await post(local, `/api/tenancies/${acme}/state`, { to: 'commencing', reason: 'contract 7' });
  await must(ironbark, local, 'PUT', `/api/tenancies/${acme}/conditions/business-impact`, {
    evidence: 'F-9',
  });
  await post(local, `/api/tenancies/${acme}/state`, { to: 'active', reason: 'all conditions met' });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ironbark-life-'));
  [ironbark, browser] = await Promise.all([
    startIronbark({
      IRONBARK_SSH_LISTEN: '127.0.0.1:0',
      IRONBARK_MANAGED_NETWORKS: '127.0.0.0/8',
      IRONBARK_BULK_LISTEN: 'off',
    }),
    openBrowser(),
  ]);
  local = operator(ironbark);
  await post(local, '/api/setup/provider', { id: 'harbour', name: 'Harbour Cloud' });
  await post(local, '/api/places/networks?list=test&country=AU&origin=this-test', '127.0.0.0/8\n');
  await post(local, '/api/community/organisations', { id: 'acme', name: 'Acme Water', kind: 'customer' });
  await post(local, '/api/community/tenancies', { organisation: 'acme', environment: 'odce' });
  for (const name of ['ada', 'abe']) await joins(name, ['administrator']);
  await joins('req', ['support-engineer']);
  const eli = await joins('eli', ['support-engineer']);
  await must(ironbark, as('ada'), 'PUT', `/api/clearances/${eli}`, {
    level: 'nv1',
    sponsor: 'Harbour',
    sponsorActive: true,
    citizenships: ['AU'],
  });
  await post(as('abe'), `/api/clearances/${eli}/confirmation`, { evidence: 'call 7' });
  await appoint(await joins('coo', ['officer']), 'coo');
  await serve();
  const { targetAuthority } = z
    .looseObject({ targetAuthority: z.string() })
    .parse(await must(ironbark, local, 'GET', '/api/support/gateway'));
  sshd = await startSshd(targetAuthority);

  const cas = { name: 'Cas Brandt', email: 'cas@acme.example', roles: ['approver'], organisation: 'acme' };
  const { link } = z.looseObject({ link: z.string() }).parse(await post(local, '/api/users', cas));
  await post(local, '/api/persons', { organisation: 'acme', name: cas.name, email: cas.email });
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  watched = await watchedPage(context, ironbark.origin);
  page = watched.page;
  await comeWithPasskey(page, new URL(link, ironbark.origin).href, cas);
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await sshd?.stop();
  await ironbark?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function looked(name: string): Promise<void> {
  for (const theme of themes) {
    await page.locator('html').evaluate((html, to) => html.setAttribute('data-theme', to), theme);
    const shots = process.env['SCREENSHOTS'];
    if (shots !== undefined) await page.screenshot({ path: join(shots, `${name}-${theme}.png`) });
    expect([name, theme, await seriousFindings(page, theme === 'dark' ? 'everything' : 'contrast')]).toEqual([
      name,
      theme,
      [],
    ]);
  }
  await page.locator('html').evaluate((html) => html.setAttribute('data-theme', 'dark'));
}

describe.skipIf(!existsSync('/usr/sbin/sshd'))('a support session in the customer’s page', () => {
  test('is approved, seen live, ended, played back and countersigned', async () => {
    const { id } = withId.parse(
      await post(as('req'), '/api/support/sessions', {
        tenancy: acme,
        reason: 'The portal does not start after the update.',
        minutes: 30,
        systems: [
          { name: 'web-1', host: '127.0.0.1', port: sshd.port, account: sshd.account, hostKey: sshd.hostKey },
        ],
        engineers: [who('eli').user],
      }),
    );
    const session = `/api/support/sessions/${id}`;
    await page.getByRole('link', { name: 'Support', exact: true }).click();
    await page.getByRole('link', { name: 'The portal does not start after the update.' }).click();
    await page.getByRole('button', { name: 'Approve with your passkey' }).click();
    await page.getByText('Customer approved').waitFor();

    const offered = z
      .looseObject({ options: z.looseObject({ challenge: z.string() }), offeredAt: z.string() })
      .parse(await post(as('coo'), `${session}/approval/options`));
    const answer = who('coo').key.get(offered.options.challenge);
    await post(as('coo'), `${session}/approval`, { offeredAt: offered.offeredAt, answer });
    const key = newKey(folder, 'eli');
    const issued = await vi.waitFor(async () => {
      const said = await call(ironbark, as('eli'), 'POST', `${session}/certificate`, {
        publicKey: key.publicKey,
      });
      expect(said).toMatchObject({ status: 200, json: { certificate: expect.any(String) } });
      return z
        .looseObject({
          certificate: z.string(),
          gateway: z.object({ port: z.number(), knownHosts: z.string() }),
          logins: z.array(z.object({ login: z.string() })),
        })
        .parse(said.json);
    }, 15_000);
    key.certify(issued.certificate);
    const to = ['-p', String(issued.gateway.port), '-tt', `${issued.logins[0]?.login}@127.0.0.1`];
    const running = ssh([...to, 'echo what-was-$((40+2)); while true; do sleep 0.2; done'], {
      key: key.path,
      knownHosts: issued.gateway.knownHosts,
    });
    await vi.waitUntil(() => running.out().includes('what-was-42'), { timeout: 15_000 });

    // Live: the time that is left, and the recording that runs.
    await page.getByText(/ left$/).waitFor();
    await page.getByText('running', { exact: true }).waitFor();
    await looked('live');
    await page.getByLabel('Reason').fill('Thank you, that is enough.');
    await page.getByRole('button', { name: 'End it now' }).click();
    const ended = Date.now();
    expect((await running.ended).code).not.toBe(0);
    expect(Date.now() - ended).toBeLessThan(5000);
    await page
      .getByText('by cas@acme.example: Thank you, that is enough.')
      .or(page.getByText(/by Cas Brandt: Thank you, that is enough\./))
      .waitFor();

    // What was on the engineer's screen.
    await page.getByText('closed', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Play 1' }).click();
    await page.getByLabel('Terminal').getByText('what-was-42').waitFor();
    await looked('played');

    await post(as('eli'), `${session}/summary`, { changed: 'Put the old library back.' });
    await page.getByText('The customer has not countersigned it yet.').waitFor();
    await page.getByRole('button', { name: 'Countersign with your passkey' }).click();
    await page.getByText('Countersigned by Cas Brandt.').waitFor();
    await looked('countersigned');

    const { entries } = z
      .looseObject({ entries: z.array(z.looseObject({ action: z.string() })) })
      .parse(await must(ironbark, as('ada'), 'GET', `/api/ledger?subject=support/${id}&limit=200`));
    const actions = entries.map(({ action }) => action);
    for (const step of ['customer-approved', 'connected', 'ended', 'played', 'countersigned'])
      expect(actions).toContain(`support.${step}`);
    expect(watched).toMatchObject({ errors: [], foreign: [], violations: [] });
  }, 300_000);
});
