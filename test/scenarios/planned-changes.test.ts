import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { runCommandLine } from '../../src/cli/run.ts';
import { call, type Headers, type Member, member, must, operator } from './member.ts';
import { type Running, startIronbark } from './running.ts';

/*
 * Work on the platform, on a running system: the change and the device from the command line, each person with a token of their
 * own, and the gate asked over HTTP at every step. Who does it is cleared, neither asked nor approved, and sits at a managed device.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
const withId = z.looseObject({ id: z.string() });
let ironbark: Running;
let local: Headers;
const people: Record<string, Member> = {};
const tokens: Record<string, string> = {};
const post = (by: Headers, path: string, body: unknown = {}) => must(ironbark, by, 'POST', path, body);
const who = (name: string): Member => {
  const found = people[name];
  if (found === undefined) throw new Error(`${name} is not here yet`);
  return found;
};

type Said = { readonly code: number; readonly out: string; readonly err: string };
async function as(name: string, ...words: string[]): Promise<Said> {
  let [out, err] = ['', ''];
  const io = {
    env: { IRONBARK_URL: ironbark.origin, IRONBARK_TOKEN: tokens[name] ?? '' },
    root,
    stdin: Readable.from([]),
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
  };
  const code = await runCommandLine(words, io, new AbortController().signal);
  return { code, out, err };
}
async function good(said: Promise<Said>): Promise<string> {
  const { code, out, err } = await said;
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out;
}

async function joins(name: string, role: string, permissions: readonly string[]): Promise<string> {
  const one = await member(ironbark, { name, organisation: 'harbour', roles: [role] });
  people[name] = one;
  // Administrators make tokens, each for what they may do themselves.
  if (permissions.length > 0) {
    const made = await post(one.headers, '/api/tokens', { name: 'command line', permissions, days: 1 });
    tokens[name] = z.looseObject({ secret: z.string() }).parse(made).secret;
  }
  return withId.parse(await post(local, '/api/persons', { organisation: 'harbour', name, email: one.email }))
    .id;
}

/** The rules that keep somebody from applying a change. */
async function against(name: string, change: string, device: object): Promise<string[]> {
  const moment = new Date().toISOString();
  const { json } = await call(ironbark, local, 'POST', '/access/v1/evaluation', {
    subject: { type: 'email', id: who(name).email },
    action: { name: 'change.apply' },
    resource: { type: 'change', id: change },
    context: {
      ironbark: {
        address: '203.0.113.20',
        session: { began_at: moment, last_active_at: moment, phishing_resistant: true },
        device,
        remote: false,
      },
    },
  });
  const { decision, context } = z
    .object({
      decision: z.boolean(),
      context: z
        .looseObject({ reasons: z.array(z.looseObject({ rule: z.string() })).default([]) })
        .optional(),
    })
    .parse(json);
  const rules = context?.reasons.map(({ rule }) => rule) ?? [];
  expect(decision).toBe(rules.length === 0);
  return rules;
}

beforeAll(async () => {
  ironbark = await startIronbark({
    IRONBARK_BULK_LISTEN: 'off',
  });
  local = operator(ironbark);
  await post(local, '/api/setup/provider', { id: 'harbour', name: 'Harbour Cloud' });
  await post(local, '/api/places/networks?list=test&country=AU&origin=this-test', '203.0.113.0/24\n');
  await joins('ada', 'administrator', ['change.read', 'change.approve', 'community.manage', 'person.read']);
  await joins('abe', 'administrator', ['change.read']);
  await joins('req', 'administrator', ['change.read', 'change.request']);
  const eli = await joins('eli', 'support-engineer', []);
  await must(ironbark, who('ada').headers, 'PUT', `/api/clearances/${eli}`, {
    level: 'nv1',
    sponsor: 'Harbour',
    sponsorActive: true,
    citizenships: ['AU'],
  });
  await post(who('abe').headers, `/api/clearances/${eli}/confirmation`, { evidence: 'call 7' });
}, 300_000);
afterAll(() => ironbark.stop());

test('a change goes from its request to its end, and is applied only in between', async () => {
  const laptop = { id: 'laptop-7' };
  const from = new Date(Date.now() + 1_000).toISOString();
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const words = ['--environment', 'odce', '--plan', 'drain, swap, restore', '--back-out', 'swap back'];
  const made = await good(
    as(
      'req',
      'change',
      'request',
      'Replace the edge router',
      ...words,
      '--risk',
      'low',
      '--from',
      from,
      '--until',
      until,
      '--json',
    ),
  );
  const { id } = withId.parse(JSON.parse(made));
  expect(await good(as('req', 'change', 'list', '--state', 'draft'))).toContain(id);
  expect(await against('eli', id, laptop)).toEqual(
    expect.arrayContaining(['duties-separate', 'change-approved', 'device-managed']),
  );

  // Who asks does not approve, with whatever token.
  const own = await as('req', 'change', 'approve', id, '--note', 'mine');
  expect(own.code).not.toBe(0);
  expect(await good(as('ada', 'change', 'approve', id, '--note', 'as discussed'))).toContain('approved');
  await vi.waitUntil(async () => !(await against('eli', id, laptop)).includes('change-approved'), {
    timeout: 10_000,
    interval: 100,
  });
  expect(await against('eli', id, laptop)).toEqual(['device-managed']);

  // A device that nobody registered is not managed, whatever is said of it.
  expect(await against('eli', id, { ...laptop, managed: true })).toEqual(['device-managed']);
  const set = (...more: string[]) =>
    good(as('ada', 'device', 'set', laptop.id, '--person', who('eli').email, '--name', 'L7', ...more));
  await set('--posture', 'not-met');
  expect(await against('eli', id, laptop)).toEqual(['device-managed']);
  await set('--posture', 'met');
  expect(await good(as('ada', 'device', 'list'))).toMatch(/laptop-7 +L7 .* yes +met/);
  await vi.waitUntil(async () => (await against('eli', id, laptop)).length === 0, {
    timeout: 1_000,
    interval: 20,
  });
  // Given to eli, and to nobody else; and who asked or approved does not do it.
  expect(await against('req', id, laptop)).toEqual(
    expect.arrayContaining(['duties-separate', 'device-managed', 'cleared']),
  );
  await set('--posture', 'met', '--unmanaged');
  await vi.waitUntil(async () => (await against('eli', id, laptop)).includes('device-managed'), {
    timeout: 1_000,
    interval: 20,
  });
  await set('--posture', 'met');

  await good(as('req', 'change', 'close', id, '--outcome', 'done', '--note', 'no remarks'));
  await vi.waitUntil(async () => (await against('eli', id, laptop)).includes('change-approved'), {
    timeout: 1_000,
    interval: 20,
  });
  const { entries } = z
    .looseObject({ entries: z.array(z.object({ action: z.string() })) })
    .parse(await must(ironbark, local, 'GET', `/api/ledger?subject=change/${id}&limit=50`));
  expect(entries.map(({ action }) => action).reverse()).toEqual([
    'change.requested',
    'change.approved',
    'change.closed',
  ]);
}, 120_000);

test('a change that is rejected is applied by nobody', async () => {
  const made = await good(
    as(
      'req',

      'change',
      'request',
      'Open a port',
      '--environment',
      'odce',
      '--plan',
      'open',
      '--back-out',
      'close',
      '--risk',
      'high',
      '--from',
      new Date(Date.now() - 1_000).toISOString(),
      '--until',
      new Date(Date.now() + 3_600_000).toISOString(),
      '--emergency',
      'the storage is failing',
      '--json',
    ),
  );
  const { id } = withId.parse(JSON.parse(made));
  expect(await good(as('ada', 'change', 'reject', id, '--note', 'another way'))).toContain('rejected');
  expect(await against('eli', id, { id: 'laptop-7' })).toContain('change-approved');
  expect(await good(as('ada', 'change', 'list', '--state', 'rejected'))).toContain(id);
}, 60_000);
