import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Answered, type Headers, type Member, member, must, operator } from './member.ts';
import { type Running, startIronbark } from './running.ts';

/*
 * What is asked of the gate in bad faith, or by mistake, over HTTP on a running system: each is refused, says why, and is found in
 * the log of decisions and in the ledger. What is no question at all (another type, broken JSON, nothing) is in the ledger once a
 * minute and kind, and counted.
 */

let ironbark: Running;
let local: Headers;
let moe: Member;
const withId = z.looseObject({ id: z.string() });
const post = (path: string, body: unknown) => must(ironbark, local, 'POST', path, body);

beforeAll(async () => {
  ironbark = await startIronbark({
    IRONBARK_BULK_LISTEN: 'off',
  });
  local = operator(ironbark);
  await post('/api/setup/provider', { id: 'harbour', name: 'Harbour Cloud' });
  await post('/api/places/networks?list=test&country=AU&origin=this-test', '203.0.113.0/24\n');
  await post('/api/community/organisations', { id: 'acme', name: 'Acme Water', kind: 'customer' });
  await post('/api/community/tenancies', { organisation: 'acme', environment: 'odce' });
  moe = await member(ironbark, { name: 'moe', organisation: 'acme', roles: ['member'] });
  withId.parse(await post('/api/persons', { organisation: 'acme', name: 'moe', email: moe.email }));
}, 300_000);
afterAll(() => ironbark.stop());

const question = (change: object = {}) => ({
  subject: { type: 'email', id: moe.email },
  action: { name: 'portal.use' },
  resource: { type: 'tenancy', id: 'acme-odce' },
  context: { ironbark: { address: '203.0.113.20' } },
  ...change,
});
const told = z.object({
  decision: z.literal(false),
  context: z.looseObject({
    evaluation_id: z.string(),
    reason: z.string(),
    reasons: z.array(z.looseObject({ rule: z.string(), message: z.string(), remedy: z.string() })).min(1),
  }),
});

/** Denied, with reasons that say what would help, and kept before it was told. */
async function denied(asked: object): Promise<{ rules: string[]; messages: string; facts: string }> {
  const { context } = told.parse(await post('/access/v1/evaluation', asked));
  const kept = await must(ironbark, local, 'GET', `/api/decisions/${context.evaluation_id}`);
  expect(kept).toMatchObject({ permitted: false });
  const { entries } = z
    .looseObject({ entries: z.array(z.looseObject({ action: z.string() })) })
    .parse(await must(ironbark, local, 'GET', `/api/ledger?subject=decision/${context.evaluation_id}`));
  expect(entries.map(({ action }) => action)).toEqual(['decision.denied']);
  for (const { remedy } of context.reasons) expect(remedy).not.toBe('');
  return {
    rules: context.reasons.map(({ rule }) => rule),
    messages: context.reasons.map(({ message }) => message).join(' '),
    facts: JSON.stringify(kept['facts']),
  };
}

describe('a question of the gate', () => {
  test.each([
    ['an unknown environment', { resource: { type: 'environment', id: 'moonbase' } }],
    ['a tenancy in an unknown environment', { resource: { type: 'tenancy', id: 'acme-moonbase' } }],
  ])('about %s is denied, recorded and explained', async (_what, change) => {
    const { rules } = await denied(question(change));
    expect(rules).toContain('environment-known');
  });

  test.each([
    ['an unknown type of resource', { resource: { type: 'spaceship', id: 'acme-odce' } }],
    ['an unknown type of subject', { subject: { type: 'spaceship', id: 'moe' } }],
    ['an unknown action', { action: { name: 'portal.destroy' } }],
    ['somebody unknown', { subject: { type: 'email', id: 'nobody@acme.example' } }],
  ])('about %s is denied, recorded and explained', async (_what, change) => {
    expect((await denied(question(change))).rules.length).toBeGreaterThan(0);
  });

  test('whose facts nobody can tell is denied, and the missing fact is named', async () => {
    const { rules, facts } = await denied(question({ context: {} }));
    expect(rules).toEqual(expect.arrayContaining(['place-allowed', 'session-fresh']));
    expect(facts).not.toContain('203.0.113');
  });

  test('is not believed an address that was only claimed', async () => {
    const forged = async (more: Headers): Promise<string> => {
      const answer = await fetch(`${ironbark.origin}/access/v1/nginx`, {
        headers: {
          ...local,
          'x-gate-subject': moe.email,
          'x-gate-tenancy': 'acme-odce',
          'x-forwarded-for': '203.0.113.20',
          ...more,
        },
      });
      expect([answer.status, answer.headers.get('x-gate-reason')]).toEqual([403, expect.any(String)]);
      const { decisions } = z
        .looseObject({ decisions: z.array(withId) })
        .parse(await must(ironbark, local, 'GET', '/api/decisions?limit=1'));
      return JSON.stringify(
        (await must(ironbark, local, 'GET', `/api/decisions/${decisions[0]?.id}`))['facts'],
      );
    };
    // No proxy is trusted here, so what stands in the header is what anybody may write.
    for (const more of [{}, { 'x-real-ip': '203.0.113.20' }, { forwarded: 'for=203.0.113.20' }])
      expect(await forged(more)).not.toContain('203.0.113.20');
  });
});

describe('what is no question', () => {
  const raw = async (body: string | undefined, type: string, path: string): Promise<Answered> => {
    const answer = await fetch(`${ironbark.origin}/access/v1/${path}`, {
      method: 'POST',
      headers: { ...local, 'content-type': type, 'x-request-id': 'attempt-1' },
      ...(body !== undefined && { body }),
    });
    expect(answer.headers.get('x-request-id')).toBe('attempt-1');
    return {
      status: answer.status,
      json: z.record(z.string(), z.unknown()).parse(JSON.parse(await answer.text())),
    };
  };
  /** How many requests of a path were refused, as operations see it. */
  const refused = async (path: string): Promise<number> => {
    const answer = await fetch(`${ironbark.origin}/metrics`, { headers: local });
    const line = (await answer.text())
      .split('\n')
      .find(
        (one) => one.includes('_count{') && one.includes(`"/access/v1/${path}"`) && one.includes('"4xx"'),
      );
    return Number(line?.split(' ').at(-1) ?? 0);
  };

  test.each(['evaluation', 'evaluations', 'search/subject'])(
    'is answered with 400 and why, recorded and counted (%s)',
    async (path) => {
      const before = await refused(path);
      const good = JSON.stringify(question());
      const attempts = [
        await raw(good, 'text/plain', path),
        await raw(good, 'application/xml', path),
        await raw('{"subject":', 'application/json', path),
        await raw('', 'application/json', path),
        await raw('[]', 'application/json', path),
        await raw('null', 'application/json', path),
      ];
      for (const { status, json } of attempts)
        expect([status, json]).toMatchObject([400, { code: expect.any(String), detail: expect.any(String) }]);
      expect((await refused(path)) - before).toBe(attempts.length);
      const { entries } = z
        .looseObject({ entries: z.array(z.looseObject({ facts: z.looseObject({ kind: z.string() }) })) })
        .parse(await must(ironbark, local, 'GET', '/api/ledger?action=gate.malformed'));
      expect(new Set(entries.map(({ facts }) => facts.kind))).toEqual(
        new Set(['content-type', 'json', 'shape']),
      );
    },
  );
});
