import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startSystem, type System } from '#app';
import { manualClock } from '#platform/clock';
import { readConfig } from '#platform/config';
import { createLogger } from '#platform/telemetry';
import { call, type Headers, type Member, member, must, operator, signInAgain } from './member.ts';

/*
 * A material new version of the policy, over HTTP, on the whole system with a clock that is moved by hand: notice, grace, the lapse
 * at its second, and the acceptance that opens service again. A customer and a partner, each in both environments.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
const organisations = ['acme', 'pol'] as const;
const environments = ['odce', 'pdce'] as const;
const places = organisations.flatMap((organisation) =>
  environments.map((environment) => ({
    organisation,
    environment,
    tenancy: `${organisation}-${environment}`,
  })),
);
const clock = manualClock('2026-05-04T08:00:00Z');
const days = (count: number): number => count * 86_400;
const withId = z.looseObject({ id: z.string() });
const folder = mkdtempSync(join(tmpdir(), 'ironbark-version-'));
const people = new Map<string, Member>();
let system: System;
let running: { origin: string; data: string };
let local: Headers;

const who = (name: string): Member => {
  const found = people.get(name);
  if (found === undefined) throw new Error(`${name} is not here yet`);
  return found;
};
const post = (by: Headers, path: string, body: unknown = {}) => must(running, by, 'POST', path, body);
/** Somebody's session may be over: they sign in with their passkey, as on any other day. */
const back = async (name: string): Promise<Headers> => signInAgain(running, who(name));

async function joins(name: string, organisation: string, roles: readonly string[]): Promise<string> {
  const one = await member(running, { name, organisation, roles });
  people.set(name, one);
  const { id } = withId.parse(
    await post(local, '/api/persons', {
      organisation,
      name,
      email: one.email,
      screenedUntil: '2099-01-01',
      baselineUntil: '2099-01-01',
    }),
  );
  return id;
}

async function appoint(person: string, office: string): Promise<void> {
  const { id } = withId.parse(
    await post(local, '/api/appointments', {
      person,
      office,
      evidenceKind: 'letter',
      evidence: `F-${office}`,
    }),
  );
  for (const staff of ['ada', 'abe'])
    await post(who(staff).headers, `/api/appointments/${id}/verifications`, { note: 'read the letter' });
}

async function publish(version: number): Promise<{ effectiveAt: string; mandatoryAt: string }> {
  const source = readFileSync(join(root, `content/agreements/community-${version}.md`), 'utf8');
  await post(local, '/api/agreements/versions', {
    source,
    changeClass: 'material',
    summary: `version ${version}`,
  });
  await post(local, `/api/agreements/versions/${version}/approval`);
  return z
    .looseObject({ effectiveAt: z.string(), mandatoryAt: z.string() })
    .parse(await post(local, `/api/agreements/versions/${version}/publication`, {}));
}

async function readAndSign(headers: Headers, name: string, environment: string): Promise<void> {
  const { id, sections } = z
    .looseObject({ id: z.string(), sections: z.array(withId) })
    .parse(await post(headers, '/api/agreements/readings', { environment }));
  const reading = `/api/agreements/readings/${id}`;
  for (const section of sections)
    for (const step of ['open', 'agree'])
      await post(headers, `${reading}/sections/${section.id}`, { do: step });
  const { options } = z
    .looseObject({ options: z.looseObject({ challenge: z.string() }) })
    .parse(await post(headers, `${reading}/record`));
  await post(headers, `${reading}/signature`, who(name).key.get(options.challenge));
}

/** Where all four agreements stand. */
async function standing(): Promise<Record<string, string>> {
  const { standings } = z
    .looseObject({
      standings: z.array(
        z.looseObject({
          organisation: z.string(),
          environment: z.string(),
          state: z.looseObject({ state: z.string() }),
        }),
      ),
    })
    .parse(await must(running, local, 'GET', '/api/agreements'));
  return Object.fromEntries(
    standings.map(({ organisation, environment, state }) => [`${organisation}-${environment}`, state.state]),
  );
}
const everywhere = (state: string) => Object.fromEntries(places.map(({ tenancy }) => [tenancy, state]));

/** Whether the gate lets a member use each portal; with the gates that are shut where it does not. */
async function served(): Promise<Record<string, true | readonly string[]>> {
  const at = clock.now().toISOString();
  const answers: Record<string, true | readonly string[]> = {};
  for (const { organisation, tenancy } of places) {
    const { decision, context } = z
      .looseObject({
        decision: z.boolean(),
        context: z
          .looseObject({ reasons: z.array(z.looseObject({ rule: z.string() })).optional() })
          .optional(),
      })
      .parse(
        await post(local, '/access/v1/evaluation', {
          subject: { type: 'email', id: who(`moe-${organisation}`).email },
          action: { name: 'portal.use' },
          resource: { type: 'tenancy', id: tenancy },
          context: {
            ironbark: {
              address: '203.0.113.20',
              session: { began_at: at, last_active_at: at, phishing_resistant: true },
            },
          },
        }),
      );
    answers[tenancy] = decision || (context?.reasons ?? []).map(({ rule }) => rule);
  }
  return answers;
}
const allServed = Object.fromEntries(places.map(({ tenancy }) => [tenancy, true]));
const noneServed = Object.fromEntries(places.map(({ tenancy }) => [tenancy, ['agreement-in-force']]));

/** The gate hears of time as of everything else: with the next beat of its feed. */
const settles = (expected: object) =>
  expect.poll(served, { timeout: 20_000, interval: 200 }).toEqual(expected);

/** Who works here signs in now and then: an account that nobody used for 45 days is suspended. */
const everybodyWorks = async (): Promise<void> => {
  for (const name of people.keys()) await back(name);
};

beforeAll(async () => {
  system = await startSystem({
    config: readConfig({
      env: {
        IRONBARK_DATA: folder,
        IRONBARK_LISTEN: '127.0.0.1:0',
        IRONBARK_BULK_LISTEN: 'off',
        IRONBARK_SYSLOG_LISTEN: 'off',
        IRONBARK_SYSLOG_TLS_LISTEN: 'off',
      },
    }).config,
    root,
    version: 'test',
    log: createLogger({ level: 'silent' }),
    clock,
  });
  running = { origin: system.origin, data: folder };
  local = operator(running);
  await post(local, '/api/setup/provider', { id: 'harbour', name: 'Harbour Cloud' });
  await post(local, '/api/places/networks?list=test&country=AU&origin=this-test', '203.0.113.0/24\n');
  for (const name of ['ada', 'abe']) await joins(name, 'harbour', ['administrator']);
  await publish(1);
  for (const organisation of organisations) {
    await post(local, '/api/community/organisations', {
      id: organisation,
      name: organisation,
      kind: organisation === 'pol' ? 'partner' : 'customer',
    });
    for (const environment of environments)
      await post(local, '/api/community/tenancies', { organisation, environment });
    const person = await joins(`rae-${organisation}`, organisation, ['officer']);
    await appoint(person, 'ciso');
    await appoint(person, 'security-officer');
    await joins(`moe-${organisation}`, organisation, ['member']);
    await must(running, local, 'PATCH', `/api/organisations/${organisation}`, {
      eligibility: { basis: 'critical-industry', evidence: 'register entry 12' },
    });
    await must(running, local, 'PUT', `/api/organisations/${organisation}/contacts`, {
      contacts: ['critical', 'high', 'medium', 'low'].map((severity) => ({
        severity,
        rank: 1,
        name: 'Sol',
        phone: '+61 2 5550 1234',
        email: 'sol@example.org',
      })),
    });
  }
  for (const { organisation, environment, tenancy } of places) {
    await post(local, '/api/agreements/steps', { organisation, environment, do: 'invite' });
    await readAndSign(who(`rae-${organisation}`).headers, `rae-${organisation}`, environment);
    await post(local, `/api/tenancies/${tenancy}/state`, { to: 'commencing', reason: 'contract 7' });
    const evidence =
      environment === 'pdce' ? ['business-impact', 'monitoring', 'procedures'] : ['business-impact'];
    for (const condition of evidence)
      await must(running, local, 'PUT', `/api/tenancies/${tenancy}/conditions/${condition}`, {
        evidence: 'F-9',
      });
    await post(local, `/api/tenancies/${tenancy}/state`, { to: 'active', reason: 'all conditions met' });
  }
}, 300_000);
afterAll(async () => {
  await system?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a material new version', () => {
  let effectiveAt: Date;
  let mandatoryAt: Date;

  test('is announced with its notice and its grace, and says who would lose service', async () => {
    await settles(allServed);
    const published = await publish(2);
    [effectiveAt, mandatoryAt] = [new Date(published.effectiveAt), new Date(published.mandatoryAt)];
    expect((effectiveAt.getTime() - clock.now().getTime()) / 1000).toBe(days(30));
    expect((mandatoryAt.getTime() - effectiveAt.getTime()) / 1000).toBe(days(30));
    const { effects } = z
      .looseObject({
        effects: z.array(
          z.looseObject({ organisation: z.string(), losesService: z.boolean(), why: z.string() }),
        ),
      })
      .parse(
        await must(
          running,
          local,
          'GET',
          `/api/agreements/versions/2/what-if?on=${mandatoryAt.toISOString()}`,
        ),
      );
    expect(effects.filter(({ losesService }) => losesService)).toHaveLength(places.length);
    expect(await standing()).toEqual(everywhere('accepted'));
    await settles(allServed);
  }, 120_000);

  test('puts them in grace when it takes effect: service goes on, and they are reminded', async () => {
    clock.set(effectiveAt);
    await everybodyWorks();
    expect(await standing()).toEqual(everywhere('superseded-in-grace'));
    await settles(allServed);
    const reminded = async (): Promise<number[]> => {
      const shape = z.looseObject({
        reminders: z.array(z.looseObject({ organisation: z.string(), daysBefore: z.number() })),
      });
      const { reminders } = shape.parse(await must(running, local, 'GET', '/api/agreements'));
      return [...new Set(reminders.map(({ daysBefore }) => daysBefore))].sort((a, b) => a - b);
    };
    for (const left of [30, 14, 7, 3, 1]) {
      clock.set(new Date(mandatoryAt.getTime() - days(left) * 1000));
      await post(local, '/api/agreements/reminders');
    }
    expect(await reminded()).toEqual([1, 3, 7, 14, 30]);
    await everybodyWorks();
  }, 120_000);

  test('lapses at the very second, for both kinds of organisation in both environments', async () => {
    clock.set(new Date(mandatoryAt.getTime() - 1000));
    await settles(allServed);
    const member = await back('moe-acme');
    clock.set(mandatoryAt);
    expect(await standing()).toEqual(everywhere('lapsed'));
    await settles(noneServed);
    // The session that was open a second before, and a new sign-in: neither reaches what is theirs.
    expect(await seen(member)).toEqual([]);
    expect(await seen(await back('moe-pol'))).toEqual([]);
    // Nothing was deleted, and nothing was stopped.
    for (const { organisation } of places) {
      const shown = JSON.stringify(await must(running, local, 'GET', `/api/organisations/${organisation}`));
      expect(shown.match(/"state":"active"/g)).toHaveLength(environments.length);
    }
    await post(local, '/api/agreements/reminders');
    const { entries } = z
      .looseObject({
        entries: z.array(z.looseObject({ action: z.string(), tenancy: z.string().nullable() })),
      })
      .parse(await must(running, local, 'GET', '/api/ledger?limit=500'));
    const lapsed = entries.filter(({ action }) => action === 'agreement.lapsed');
    expect(lapsed).toHaveLength(places.length);
    expect(new Set(lapsed.map(({ tenancy }) => tenancy))).toEqual(
      new Set(places.map(({ tenancy }) => tenancy)),
    );
  }, 120_000);

  test('stays lapsed when the clock is set back', async () => {
    clock.set(new Date(mandatoryAt.getTime() - days(5) * 1000));
    expect(await standing()).toEqual(everywhere('lapsed'));
    const answers = await served();
    for (const { tenancy } of places) expect(answers[tenancy]).toContain('agreement-in-force');
    clock.set(mandatoryAt);
  }, 120_000);

  test('opens again, one environment at a time, with the signature of who is in office', async () => {
    const expected: Record<string, true | readonly string[]> = { ...noneServed };
    for (const { organisation, environment, tenancy } of places) {
      const officer = await back(`rae-${organisation}`);
      await readAndSign(officer, `rae-${organisation}`, environment);
      expected[tenancy] = true;
      await settles(expected);
    }
    expect(await standing()).toEqual(everywhere('accepted'));
    expect(await seen(await back('moe-acme'))).toEqual(['acme-odce', 'acme-pdce']);
    expect(await must(running, local, 'GET', '/api/ledger/verification')).toMatchObject({ intact: true });
  }, 120_000);
});

/** The tenancies that somebody is served in; none also for who can't sign in. */
async function seen(headers: Headers): Promise<string[]> {
  const { status, json } = await call(running, headers, 'GET', '/api/session');
  if (status !== 200) return [];
  const { tenancies } = z.looseObject({ tenancies: z.array(withId) }).parse(json);
  return tenancies.map(({ id }) => id).sort();
}
