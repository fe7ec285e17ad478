import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { runCommandLine } from '../../src/cli/run.ts';
import { type Headers, type Member, member, must, operator } from './member.ts';
import { type Running, startIronbark } from './running.ts';

/*
 * The community from the command line, against a running system: agreement, gate, support, and a receipt that is checked with no
 * server at all. Tokens are the provider's administrators'; what takes a passkey is done over HTTP, as the page does it.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
const withId = z.looseObject({ id: z.string() });
let ironbark: Running;
let folder: string;
let local: Headers;
const people: Record<string, Member> = {};
const persons: Record<string, string> = {};

type Said = { readonly code: number; readonly out: string; readonly err: string };
async function run(env: Readonly<Record<string, string>>, ...words: string[]): Promise<Said> {
  let [out, err] = ['', ''];
  const io = {
    env,
    root,
    stdin: Readable.from([]),
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
  };
  const code = await runCommandLine(words, io, new AbortController().signal);
  return { code, out, err };
}
/** Who can read the data folder of the machine. */
const here = (...words: string[]): Promise<Said> => run({ IRONBARK_DATA: ironbark.data }, ...words);
/** Somebody elsewhere, with a token of their own. */
const as = (name: string, ...words: string[]): Promise<Said> =>
  run({ IRONBARK_URL: ironbark.origin, IRONBARK_TOKEN: tokens[name] ?? '' }, ...words);
const tokens: Record<string, string> = {};
async function good(said: Promise<Said>): Promise<string> {
  const { code, out, err } = await said;
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out;
}
const parsed = async (said: Promise<Said>): Promise<unknown> => JSON.parse(await good(said));

const who = (name: string): Member => {
  const found = people[name];
  if (found === undefined) throw new Error(`${name} is not here yet`);
  return found;
};
const post = (by: Headers, path: string, body: unknown = {}) => must(ironbark, by, 'POST', path, body);

async function joins(name: string, organisation: string, roles: readonly string[]): Promise<void> {
  const one = await member(ironbark, { name, organisation, roles });
  people[name] = one;
  const person = await post(local, '/api/persons', { organisation, name, email: one.email });
  persons[name] = withId.parse(person).id;
}

async function givesToken(name: string, permissions: readonly string[]): Promise<void> {
  const made = await post(who(name).headers, '/api/tokens', { name: 'command line', permissions, days: 1 });
  tokens[name] = z.looseObject({ secret: z.string() }).parse(made).secret;
}

async function readAndSign(name: string): Promise<void> {
  const { headers, key } = who(name);
  const { id, sections } = z
    .looseObject({ id: z.string(), sections: z.array(withId) })
    .parse(await post(headers, '/api/agreements/readings', { environment: 'odce' }));
  for (const section of sections)
    for (const step of ['open', 'agree'])
      await post(headers, `/api/agreements/readings/${id}/sections/${section.id}`, { do: step });
  const { options } = z
    .looseObject({ options: z.looseObject({ challenge: z.string() }) })
    .parse(await post(headers, `/api/agreements/readings/${id}/record`));
  await post(headers, `/api/agreements/readings/${id}/signature`, key.get(options.challenge));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ironbark-words-'));
  ironbark = await startIronbark({
    IRONBARK_SSH_LISTEN: '127.0.0.1:0',
    IRONBARK_BULK_LISTEN: 'off',
  });
  local = operator(ironbark);
  await good(here('community', 'setup', '--id', 'harbour', '--name', 'Harbour Cloud'));
  await good(here('organisation', 'add', 'acme', '--name', 'Acme Water', '--environment', 'odce'));
  for (const name of ['ada', 'abe']) await joins(name, 'harbour', ['administrator']);
  await givesToken('ada', [
    'agreement.read',
    'agreement.manage',
    'gate.ask',
    'support.read',
    'support.request',
  ]);
  await givesToken('abe', ['agreement.read']);
  await joins('rae', 'acme', ['officer']);
  const { id } = withId.parse(
    await post(local, '/api/appointments', {
      person: persons['rae'],
      office: 'ciso',
      evidenceKind: 'letter',
      evidence: 'F-1',
    }),
  );
  for (const staff of ['ada', 'abe'])
    await post(who(staff).headers, `/api/appointments/${id}/verifications`, { note: 'read the letter' });
}, 300_000);
afterAll(async () => {
  await ironbark?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('an agreement is published, offered, compared, and its standing told', async () => {
  for (const version of ['1', '2'])
    expect(
      await good(
        here(
          'agreement',
          'publish',
          `${root}content/agreements/community-${version}.md`,
          '--summary',
          'text',
        ),
      ),
    ).toContain(`Version ${version}`);
  expect(await good(here('agreement', 'diff', '1', '2'))).toContain('Customer data teaches no model');
  expect(await good(here('agreement', 'show', '1', '--marking', 'PROTECTED'))).toMatch(/^1 |^# 1|1\.1/m);
  await good(here('agreement', 'invite', 'acme', 'odce'));
  // Exits with 1 while not every agreement is in force.
  const status = await here('agreement', 'status', 'acme');
  expect([status.code, status.out]).toEqual([1, expect.stringMatching(/odce +invited/)]);
  // Uninvited, and not there at all: refused with the reason, and with a code of its own.
  const unknown = await here('agreement', 'invite', 'nobody', 'odce', '--json');
  expect([unknown.code, JSON.parse(unknown.err)]).toMatchObject([1, { code: 'not-found' }]);
  const again = await here('agreement', 'invite', 'acme', 'odce');
  expect([again.code, again.err]).toEqual([1, expect.stringContaining('[agreement-closed]')]);
  expect(await good(here('agreement', 'what-if', '2', '2030-01-01T00:00:00Z'))).toMatch(
    /^acme +odce +invited/m,
  );
}, 120_000);

test('a receipt is verified without a server, and not when one byte of its record is another', async () => {
  await readAndSign('rae');
  const { acceptances } = z
    .looseObject({ acceptances: z.array(withId) })
    .parse(await parsed(as('abe', 'agreement', 'status', 'acme', '--json')));
  const file = join(folder, 'receipt.pdf');
  expect(await good(as('abe', 'agreement', 'receipt', acceptances[0]?.id ?? '', file))).toContain(
    'ironbark verify',
  );
  expect(readFileSync(file).subarray(0, 5).toString()).toBe('%PDF-');
  // No data folder, no address, no token.
  const offline = { IRONBARK_DATA: join(folder, 'nothing') };
  const told = await good(run(offline, 'verify', file));
  expect(told).toContain('Acme Water');
  expect(told).toContain('Nothing is wrong with it.');
  const json = join(folder, 'receipt.json');
  await good(as('abe', 'agreement', 'receipt', acceptances[0]?.id ?? '', json));
  expect(await good(run(offline, 'verify', json))).toContain('Nothing is wrong with it.');
  const forged = join(folder, 'forged.json');
  writeFileSync(forged, readFileSync(json, 'utf8').replaceAll('Acme Water', 'Acme Wafer'));
  const refused = await run(offline, 'verify', forged);
  expect([refused.code, refused.out]).toEqual([1, expect.stringContaining('It is not what it says it is.')]);
  writeFileSync(join(folder, 'none.pdf'), '%PDF-1.7 and nothing more');
  expect((await run(offline, 'verify', join(folder, 'none.pdf'))).code).toBe(1);
  expect((await run(offline, 'verify', join(folder, 'gone.pdf'))).code).toBe(2);
}, 120_000);

test('paper counts with the second of two people, who holds the same file', async () => {
  await good(here('tenancy', 'add', 'acme', 'pdce'));
  const scan = join(folder, 'scan.pdf');
  writeFileSync(scan, 'what was scanned');
  const day = new Date().toISOString().slice(0, 10);
  const words = ['--version', '2', '--signer', 'Rae Oduya', '--office', 'CISO', '--on', day];
  const { id } = withId.parse(
    await parsed(here('agreement', 'sign-paper', scan, 'acme', 'pdce', ...words, '--json')),
  );
  const machine = await here('agreement', 'sign-paper', scan, '--confirm', id);
  expect([machine.code, machine.err]).toEqual([1, expect.stringContaining('takes a person')]);
  const other = join(folder, 'other.pdf');
  writeFileSync(other, 'another file');
  expect((await as('ada', 'agreement', 'sign-paper', other, '--confirm', id)).err).toContain(
    'SHA-256 differ',
  );
  expect(await good(as('ada', 'agreement', 'sign-paper', scan, '--confirm', id))).toContain(
    'acme has agreed',
  );
}, 60_000);

test('the gate is asked, and what it decided is found and decided again', async () => {
  await joins('moe', 'acme', ['member']);
  expect(await good(here('gate', 'rules'))).toContain('portal.use');
  const asked = await as('ada', 'gate', 'check', 'portal.use', 'tenancy/acme-odce');
  expect(asked.code).toBe(4);
  expect(asked.out).toMatch(/^No\.$/m);
  expect(asked.out).toMatch(/\* \S+ \(.+\): .+/);
  expect((await as('ada', 'gate', 'check', 'portal.use')).code).toBe(2);
  await post(local, '/access/v1/evaluation', {
    subject: { type: 'email', id: who('moe').email },
    action: { name: 'portal.use' },
    resource: { type: 'tenancy', id: 'acme-odce' },
  });
  const { decisions } = z
    .looseObject({ decisions: z.array(z.looseObject({ id: z.string(), permitted: z.boolean() })) })
    .parse(await parsed(here('gate', 'log', '--outcome', 'deny', '--organisation', 'acme', '--json')));
  expect(decisions[0]).toMatchObject({ permitted: false, action: 'portal.use' });
  expect(await good(here('gate', 'log', '--action', 'portal.use'))).toContain('deny');
  expect(await good(here('gate', 'replay', decisions[0]?.id ?? ''))).toContain(
    'The same facts give the same decision.',
  );
  expect((await as('abe', 'gate', 'log')).code).toBe(4);
}, 60_000);

test('support is asked for within its limits, shown with what it waits for, and ended by nobody before it began', async () => {
  await joins('eli', 'harbour', ['support-engineer']);
  await joins('cas', 'acme', ['approver']);
  const request = (minutes: string) => {
    const asked = { tenancy: 'acme-odce', reason: 'The portal does not start.', minutes };
    const about = Object.entries(asked).flatMap(([name, value]) => [`--${name}`, value]);
    const system = ['--system', 'web-1=root@10.1.2.3:22', '--host-key', `SHA256:${'A'.repeat(43)}`];
    return as('ada', 'support', 'request', ...about, '--engineer', who('eli').user, ...system, '--json');
  };
  const long = await request('241');
  expect([long.code === 0, long.err]).toEqual([false, expect.stringMatching(/240|minutes/)]);
  const { id } = withId.parse(await parsed(request('30')));
  expect(await good(as('ada', 'support', 'list', '--state', 'requested'))).toContain(id);
  const shown = await good(as('ada', 'support', 'show', id));
  expect(shown).toMatch(/^REQUESTED +\S+/m);
  expect(shown).toMatch(/^Waiting +the customer/m);
  expect(await good(as('ada', 'support', 'approve', id))).toContain(`/support/${id}`);
  // Not live: nothing to end, and no summary to write yet.
  for (const step of [
    ['end', id, '--reason', 'Enough.'],
    ['summary', id, '--changed', 'Nothing.'],
  ]) {
    const early = await as('ada', 'support', ...step);
    expect([early.code, early.err]).toEqual([1, expect.stringContaining('[support-step]')]);
  }
  await post(who('cas').headers, `/api/support/sessions/${id}/refusal`, { reason: 'Not this week.' });
  expect(await good(as('ada', 'support', 'show', id))).toContain('Not this week.');
  await good(as('ada', 'support', 'seen'));
  expect((await as('abe', 'support', 'list')).code).toBe(4);
}, 120_000);
