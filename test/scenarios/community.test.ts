import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { newKey, type Sshd, ssh, startSshd } from '../../src/community/support/testing-sshd.ts';
import { call, type Headers, type Member, member, must, operator } from './member.ts';
import { nginxProgram, type Portal, startPortal } from './nginx.ts';
import { type Running, startIronbark } from './running.ts';

/*
 * The community over HTTP and SSH only, on a running system with its real registers: a customer from the invitation to its first
 * service and out again, in front of a portal behind a real nginx; and an engineer who is denied, cleared, approved, connected
 * to a real sshd, and cut off.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
const acme = 'acme-odce';
const withId = z.looseObject({ id: z.string() });
let ironbark: Running;
let local: Headers;
let portal: Portal;
let sshd: Sshd;
let folder: string;
const people: Record<string, Member> = {};
const persons: Record<string, string> = {};

const who = (name: string): Member => {
  const found = people[name];
  if (found === undefined) throw new Error(`${name} is not here yet`);
  return found;
};
const as = (name: string): Headers => who(name).headers;
const post = (by: Headers, path: string, body: unknown = {}) => must(ironbark, by, 'POST', path, body);

/** Somebody with an account, in the register of people too. */
async function joins(name: string, organisation: string, roles: readonly string[]): Promise<void> {
  const one = await member(ironbark, { name, organisation, roles });
  people[name] = one;
  const { id } = withId.parse(
    await post(local, '/api/persons', { organisation, name, email: one.email, screenedUntil: '2099-01-01' }),
  );
  persons[name] = id;
}

async function appoint(name: string, office: string): Promise<void> {
  const { id } = withId.parse(
    await post(local, '/api/appointments', {
      person: persons[name],
      office,
      evidenceKind: 'letter',
      evidence: `F-${office}`,
    }),
  );
  for (const staff of ['ada', 'abe'])
    await post(as(staff), `/api/appointments/${id}/verifications`, { note: 'read the letter' });
}

/** What the gate says of somebody who opens the portal. */
async function asked(name: string) {
  const { json } = await call(ironbark, local, 'POST', '/access/v1/evaluation', {
    subject: { type: 'email', id: who(name).email },
    action: { name: 'portal.use' },
    resource: { type: 'tenancy', id: acme },
    context: {
      ip_address: '203.0.113.20',
      session: { began_at: new Date().toISOString(), last_active_at: new Date().toISOString() },
    },
  });
  return z
    .object({
      decision: z.boolean(),
      context: z.object({ to_mend: z.array(z.string()).optional() }).optional(),
    })
    .parse(json);
}

async function readAndSign(name: string): Promise<void> {
  const { id, sections } = z
    .looseObject({ id: z.string(), sections: z.array(withId) })
    .parse(await post(as(name), '/api/agreements/readings', { environment: 'odce' }));
  const reading = `/api/agreements/readings/${id}`;
  for (const section of sections)
    for (const step of ['open', 'agree'])
      await post(as(name), `${reading}/sections/${section.id}`, { do: step });
  const { options } = z
    .looseObject({ options: z.looseObject({ challenge: z.string() }) })
    .parse(await post(as(name), `${reading}/record`));
  await post(as(name), `${reading}/signature`, who(name).key.get(options.challenge));
}

async function signed(name: string, path: string): Promise<Record<string, unknown>> {
  const { options, offeredAt } = z
    .looseObject({ options: z.looseObject({ challenge: z.string() }), offeredAt: z.string() })
    .parse(await post(as(name), `${path}/options`));
  return post(as(name), path, { offeredAt, answer: who(name).key.get(options.challenge) });
}

const present = existsSync(nginxProgram) && existsSync('/usr/sbin/sshd');
describe.skipIf(!present)('the community', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ironbark-community-'));
    ironbark = await startIronbark({
      IRONBARK_SSH_LISTEN: '127.0.0.1:0',
      IRONBARK_MANAGED_NETWORKS: '127.0.0.0/8',
      IRONBARK_TRUSTED_PROXIES: '127.0.0.1',
      IRONBARK_BULK_LISTEN: 'off',
    });
    local = operator(ironbark);
    await post(local, '/api/setup/provider', { id: 'harbour', name: 'Harbour Cloud' });
    await post(
      local,
      '/api/places/networks?list=test&country=AU&origin=this-test',
      '203.0.113.0/24\n127.0.0.0/8\n',
    );
    for (const name of ['ada', 'abe']) await joins(name, 'harbour', ['administrator']);
    await post(local, '/api/agreements/versions', {
      source: readFileSync(join(root, 'content/agreements/community-1.md'), 'utf8'),
      changeClass: 'material',
      summary: 'the first',
    });
    await post(as('ada'), '/api/agreements/versions/1/approval');
    await post(as('ada'), '/api/agreements/versions/1/publication', {});
    const { secret } = z.looseObject({ secret: z.string() }).parse(
      await post(as('ada'), '/api/tokens', {
        name: 'portal',
        permissions: ['gate.evaluate'],
        days: 1,
      }),
    );
    portal = await startPortal({
      gate: ironbark.origin,
      authorization: `Bearer ${secret}`,
      tenancy: acme,
    });
    const { targetAuthority } = z
      .looseObject({ targetAuthority: z.string() })
      .parse(await must(ironbark, local, 'GET', '/api/support/gateway'));
    sshd = await startSshd(targetAuthority);
  }, 300_000);
  afterAll(async () => {
    portal?.stop();
    await sshd?.stop();
    await ironbark?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('an organisation comes from its invitation to its first service', async () => {
    await post(local, '/api/community/organisations', { id: 'acme', name: 'Acme Water', kind: 'customer' });
    await post(local, '/api/community/tenancies', { organisation: 'acme', environment: 'odce' });
    await joins('rae', 'acme', ['officer']);
    await joins('sol', 'acme', ['customer-security-officer']);
    await joins('cas', 'acme', ['approver']);
    await joins('moe', 'acme', ['member']);

    // Nobody is serviced who has not agreed, and it is said what is missing.
    expect((await portal.visit(who('moe').email)).status).toBe(403);
    expect(portal.served()).toBe(0);
    expect((await asked('moe')).context?.to_mend).toContain('agreement-in-force');

    await appoint('rae', 'ciso');
    await appoint('sol', 'security-officer');
    await appoint('cas', 'approver');
    await must(ironbark, local, 'PATCH', '/api/organisations/acme', {
      eligibility: { basis: 'critical-industry', evidence: 'register entry 12' },
    });
    await post(as('ada'), '/api/agreements/steps', {
      organisation: 'acme',
      environment: 'odce',
      do: 'invite',
    });
    await post(as('ada'), `/api/tenancies/${acme}/state`, { to: 'commencing', reason: 'contract 7' });
    await must(ironbark, as('sol'), 'PUT', '/api/organisations/acme/contacts', {
      contacts: ['critical', 'high', 'medium', 'low'].map((severity) => ({
        severity,
        rank: 1,
        name: 'Sol',
        phone: '+61 2 5550 1234',
        email: 'sol@acme.example',
      })),
    });
    await must(ironbark, as('ada'), 'PUT', `/api/tenancies/${acme}/conditions/business-impact`, {
      evidence: 'F-9',
    });
    // Everything but the agreement: it can't be active yet.
    const early = await call(ironbark, as('ada'), 'POST', `/api/tenancies/${acme}/state`, {
      to: 'active',
      reason: 'too early',
    });
    expect(early.status).toBe(409);
    expect(JSON.stringify(early.json)).toMatch(/agreement/i);

    await readAndSign('rae');
    await post(as('ada'), `/api/tenancies/${acme}/state`, { to: 'active', reason: 'all conditions met' });
    await must(ironbark, as('ada'), 'PUT', `/api/tenancies/${acme}/services`, { services: ['iaas'] });
    await vi.waitFor(async () =>
      expect(await portal.visit(who('moe').email)).toEqual({ status: 200, text: 'the portal\n' }),
    );
    // From abroad it stays shut, also for members.
    expect((await portal.visit(who('moe').email, '198.51.100.9')).status).toBe(403);
  }, 180_000);

  test('a withdrawal stops the portal within a second, and a new acceptance opens it again', async () => {
    const before = portal.served();
    await post(as('rae'), '/api/agreements/notices', {
      environment: 'odce',
      do: 'withdraw',
      reason: 'another provider',
      exitPlan: 'data out by Friday',
    });
    await vi.waitUntil(async () => (await portal.visit(who('moe').email)).status === 403, {
      timeout: 1000,
      interval: 10,
    });
    const stopped = portal.served();
    expect((await portal.visit(who('moe').email)).text).toMatch(/policy is not in force/);
    expect(portal.served()).toBe(stopped);
    expect(stopped - before).toBeLessThan(100);

    await post(as('ada'), '/api/agreements/steps', {
      organisation: 'acme',
      environment: 'odce',
      do: 'invite',
    });
    await readAndSign('rae');
    await vi.waitFor(async () => expect((await portal.visit(who('moe').email)).status).toBe(200), 5000);
  }, 60_000);

  test('an engineer is denied, cleared, approved, connected to a real sshd, and cut off', async () => {
    await joins('eli', 'harbour', ['support-engineer']);
    await joins('req', 'harbour', ['support-engineer']);
    await joins('coo', 'harbour', ['officer']);
    await appoint('coo', 'coo');
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
    const key = newKey(folder, 'eli');
    const certificate = () =>
      call(ironbark, as('eli'), 'POST', `${session}/certificate`, { publicKey: key.publicKey });
    // Not approved by anybody yet.
    expect((await certificate()).status).toBeGreaterThanOrEqual(400);
    await signed('cas', `${session}/approval`);
    await signed('coo', `${session}/approval`);
    // Approved by both sides, and still: no remote support by uncleared people, ever.
    const uncleared = await certificate();
    expect(uncleared.status).toBe(403);
    expect(JSON.stringify(uncleared.json)).toMatch(/clearance/i);

    await must(ironbark, as('ada'), 'PUT', `/api/clearances/${persons['eli']}`, {
      level: 'nv1',
      sponsor: 'Harbour',
      sponsorActive: true,
      citizenships: ['AU'],
    });
    await post(as('abe'), `/api/clearances/${persons['eli']}/confirmation`, { evidence: 'call 7' });
    const issued = await vi.waitFor(async () => {
      const answer = await certificate();
      expect(answer).toMatchObject({ status: 200 });
      return z
        .looseObject({
          certificate: z.string(),
          gateway: z.object({ port: z.number(), knownHosts: z.string() }),
          logins: z.array(z.object({ login: z.string() })),
        })
        .parse(answer.json);
    }, 10_000);
    key.certify(issued.certificate);
    const run = (command: string, more: readonly string[] = []) =>
      ssh(['-p', String(issued.gateway.port), ...more, `${issued.logins[0]?.login}@127.0.0.1`, command], {
        key: key.path,
        knownHosts: issued.gateway.knownHosts,
      });
    expect(await run('echo out-$((6*7))').ended).toMatchObject({ code: 0, out: 'out-42\n' });

    const running = run('while true; do echo alive; sleep 0.2; done', ['-tt']);
    await vi.waitUntil(() => running.out().includes('alive'), { timeout: 10_000 });
    await post(as('cas'), `${session}/end`, { reason: 'That is enough.' });
    const ended = Date.now();
    expect((await running.ended).code).not.toBe(0);
    expect(Date.now() - ended).toBeLessThan(5000);
    expect((await run('echo in').ended).out).toBe('');
    expect(sshd.log()).toContain(`ID ${id}`);

    // The customer sees what was done, and it is in the ledger from the denial to the end.
    const { recordings } = z
      .looseObject({ recordings: z.array(z.looseObject({ command: z.string().nullable() })) })
      .parse(await must(ironbark, as('cas'), 'GET', session));
    expect(recordings.map(({ command }) => command)).toContain('echo out-$((6*7))');
    const { entries } = z
      .looseObject({ entries: z.array(z.object({ action: z.string() })) })
      .parse(await must(ironbark, as('ada'), 'GET', `/api/ledger?subject=support/${id}&limit=200`));
    const actions = entries.map(({ action }) => action);
    for (const action of [
      'support.requested',
      'support.connect-denied',
      'support.connected',
      'support.ended',
    ])
      expect(actions).toContain(action);
    expect(await must(ironbark, as('ada'), 'GET', '/api/ledger/verification')).toMatchObject({
      intact: true,
    });
  }, 120_000);
});
