import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { changed, directory } from '#community';
import { type Application, application } from '../../src/community/gate/application.ts';
import { shippedParameters } from '../../src/community/gate/contract.ts';
import { authzenRoutes } from '../../src/community/gate/routes-authzen.ts';
import { type Gate, openGate } from '../../src/community/gate/service.ts';
import { insertParameters, saveApplication } from '../../src/community/gate/store.ts';
import { memorySources } from '../../src/community/gate/testing.ts';
import { openWorld, type World } from '../../src/identity/testing.ts';
import { systemAccess } from '../../src/platform/scope/index.ts';

/*
 * The scenario by which the OpenID Foundation certifies decision points (openid/authzen, certification/authorization-api-1_0-
 * scenario.md): its two users, two records and eight fixed decisions are an application here, data like any other, whose
 * conditions stand behind all gates. Chapter numbers of the tests are those of the scenario.
 */
const [alice, bob] = ['alice', 'bob'];
const may = (...paths: [string, string | boolean][]) => ({
  when: paths.map(([path, value]) => ({ path, in: [value] })),
});
const scenario: Application = application.parse({
  id: 'certification',
  subjects: [
    {
      type: 'user',
      is: 'listed',
      known: [
        { id: alice, person: 'alice' },
        { id: bob, person: 'bob', properties: { role: 'admin' } },
      ],
    },
  ],
  resources: [
    {
      type: 'record',
      tenancy: 'acme-odce',
      known: [
        { id: 'record-1', properties: { status: 'active' } },
        { id: 'record-2', properties: { status: 'archived' } },
      ],
      actions: [
        { name: 'read', as: 'record.use' },
        {
          name: 'write',
          as: 'record.use',
          allow: [
            may(['subject.id', 'alice'], ['resource.properties.status', 'active']),
            may(['subject.properties.role', 'admin'], ['resource.properties.status', 'archived']),
          ],
        },
        {
          name: 'delete',
          as: 'record.use',
          allow: [may(['subject.id', 'alice'], ['action.properties.soft', true])],
        },
      ],
    },
  ],
});
/** The harness tells nothing about sessions and places. */
const recordUse = {
  label: 'Use a record',
  resources: ['service'],
  roles: ['member'],
  by: 'tenant' as const,
  place: false,
  session: false,
};

let world: World;
let gate: Gate;
let headers: Record<string, string>;
let person: Record<string, string>;
const failures: unknown[] = [];

beforeAll(async () => {
  world = await openWorld(directory);
  const { sources } = memorySources(world.clock.now());
  await world.records.transaction(systemAccess('test'), async (tx) => {
    const parameters = {
      ...shippedParameters,
      actions: { ...shippedParameters.actions, 'record.use': recordUse },
    };
    await insertParameters(tx, {
      version: 1,
      parameters,
      reason: 'test',
      by: 'test',
      byId: 't',
      at: world.clock.now(),
    });
    await saveApplication(tx, scenario, 'test', world.clock.now());
    await changed(tx, { kind: 'parameters', id: '' });
  });
  gate = await openGate({
    ...world.deps,
    sources,
    failed: (error) => failures.push(error),
    beatMilliseconds: 50,
  });
  await world.http.add(authzenRoutes({ gate, origin: () => 'https://pdp.example' }));
  person = (await world.founder()).headers;
  headers = await world.token(person, ['gate.evaluate']);
  await vi.waitUntil(() => gate.snapshot.heardUntil());
});
afterAll(async () => {
  await gate.close();
  await world.close();
  expect(failures).toEqual([]);
});

const raw = async (path: string, payload: string | undefined, more: Record<string, string> = {}) => {
  const answer = await world.http.server.inject({
    method: 'POST',
    url: `/access/v1/${path}`,
    headers: { ...headers, 'content-type': 'application/json', ...more },
    ...(payload !== undefined && { payload }),
  });
  return {
    status: answer.statusCode,
    headers: answer.headers,
    json: answer.json() as Record<string, unknown>,
  };
};
const post = (path: string, body: object) => raw(path, JSON.stringify(body));
const user = (id: string, properties?: object) => ({ type: 'user', id, ...(properties && { properties }) });
const record = (id: string, status?: string) => ({
  type: 'record',
  id,
  ...(status && { properties: { status } }),
});
const act = (name: string, properties?: object) => ({ name, ...(properties && { properties }) });
const ask = async (subject: object, action: object, resource: object, more: object = {}) => {
  const { status, json } = await post('evaluation', { subject, action, resource, ...more });
  expect(status).toBe(200);
  return json['decision'];
};
const context = { time: '2025-06-27T18:03-07:00', ip: '192.168.1.1' };

describe('2 Access Evaluation', () => {
  test.each([
    ['1: alice reads record-1', user('alice'), act('read'), record('record-1'), true],
    ['2: alice writes record-1', user('alice'), act('write'), record('record-1'), true],
    ['3: bob reads record-1', user('bob'), act('read'), record('record-1'), true],
    ['4: bob writes record-1', user('bob'), act('write'), record('record-1'), false],
    ['5: alice writes what is archived', user('alice'), act('write'), record('record-2', 'archived'), false],
    [
      '6: an admin writes what is archived',
      user('bob', { role: 'admin' }),
      act('write'),
      record('record-2', 'archived'),
      true,
    ],
    ['7: alice deletes softly', user('alice'), act('delete', { soft: true }), record('record-1'), true],
    ['8: alice deletes for good', user('alice'), act('delete', { soft: false }), record('record-1'), false],
  ])('rule %s', async (_rule, subject, action, resource, decision) => {
    for (const more of [{}, { context }, { foo: 'bar', futureField: { nested: true } }])
      expect(await ask(subject, action, resource, more)).toBe(decision);
    // 2.6: the same again.
    for (let n = 0; n < 3; n++) expect(await ask(subject, action, resource)).toBe(decision);
  });

  test('takes properties beyond those it knows (2.2.8)', async () => {
    const decision = await ask(
      user('alice', { department: 'Sales', role: 'manager' }),
      act('read', { method: 'GET' }),
      { ...record('record-1', 'active'), properties: { status: 'active', owner: 'bob' } },
    );
    expect(decision).toBe(true);
  });

  const good = { subject: user('alice'), action: act('read'), resource: record('record-1') };
  test.each([
    ['no subject', { ...good, subject: undefined }],
    ['no action', { ...good, action: undefined }],
    ['no resource', { ...good, resource: undefined }],
    ['a subject without type', { ...good, subject: { id: 'alice' } }],
    ['a subject without id', { ...good, subject: { type: 'user' } }],
    ['an action without name', { ...good, action: {} }],
    ['a resource without type', { ...good, resource: { id: 'record-1' } }],
    ['a resource without id', { ...good, resource: { type: 'record' } }],
    ['a subject that is text', { ...good, subject: 'alice' }],
    ['a name that is a number', { ...good, action: { name: 123 } }],
  ])('answers 400 to %s (2.4)', async (_what, body) => {
    expect((await post('evaluation', body)).status).toBe(400);
  });

  test('answers 400 to another content type, broken JSON and an empty body (2.4.3 to 2.4.5)', async () => {
    const body = JSON.stringify(good);
    for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded'])
      expect([type, (await raw('evaluation', body, { 'content-type': type })).status]).toEqual([type, 400]);
    for (const broken of ['{"subject":', 'nonsense', '', '[]', 'null', '"x"'])
      for (const path of ['evaluation', 'evaluations', 'search/subject'])
        expect([broken, path, (await raw(path, broken)).status]).toEqual([broken, path, 400]);
    expect((await raw('evaluation', undefined)).status).toBe(400);
  });

  test('gives the id of the request back, also with errors (2.5)', async () => {
    const id = 'bfe9eb29-ab87-4ca3-be83-a1d5d8305716';
    const answers = [
      await raw('evaluation', JSON.stringify(good), { 'x-request-id': id }),
      await raw('evaluation', '', { 'x-request-id': id }),
      await raw('evaluation', JSON.stringify(good), { 'x-request-id': id, authorization: 'Bearer nobody' }),
    ];
    expect(answers.map((answer) => answer.headers['x-request-id'])).toEqual([id, id, id]);
    expect((await raw('evaluation', JSON.stringify(good))).headers['x-request-id']).toBeTypeOf('string');
    expect(answers[2]?.status).toBe(401);
  });

  test('answers as JSON, with a boolean, and denies what it does not know', async () => {
    const { headers: got, json } = await post('evaluation', { ...good, subject: user('nobody') });
    expect(got['content-type']).toMatch(/^application\/json/);
    expect(json).toMatchObject({ decision: false, context: { reason: expect.any(String) } });
    expect(await ask({ type: 'spaceship', id: 'alice' }, act('read'), record('record-1'))).toBe(false);
    expect(await ask(user('alice'), act('read'), record('record-9'))).toBe(false);
    expect(await ask(user('alice'), act('fly'), record('record-1'))).toBe(false);
    expect(await ask(user('alice'), act('read'), { type: 'toString', id: 'record-1' })).toBe(false);
  });
});

describe('3 Access Evaluations', () => {
  const many = async (body: object) => {
    const { status, json } = await post('evaluations', body);
    expect(status).toBe(200);
    return (json['evaluations'] as { decision: boolean }[]).map(({ decision }) => decision);
  };

  test('decides each, in order (3.2)', async () => {
    expect(
      await many({
        subject: user('bob'),
        resource: record('record-1'),
        evaluations: [{ action: act('read') }, { action: act('write') }],
      }),
    ).toEqual([true, false]);
    expect(
      await many({
        subject: user('alice'),
        action: act('write'),
        evaluations: [
          { resource: record('record-1', 'active') },
          { resource: record('record-2', 'archived') },
        ],
      }),
    ).toEqual([true, false]);
    expect(
      await many({
        action: act('write'),
        resource: record('record-2', 'archived'),
        evaluations: [{ subject: user('alice') }, { subject: user('bob', { role: 'admin' }) }],
      }),
    ).toEqual([false, true]);
    expect(
      await many({
        evaluations: [
          { subject: user('alice'), action: act('read'), resource: record('record-1') },
          { subject: user('bob'), action: act('write'), resource: record('record-1') },
        ],
      }),
    ).toEqual([true, false]);
    expect(
      await many({
        subject: user('alice'),
        action: act('read'),
        context,
        evaluations: [
          { resource: record('record-1') },
          { resource: record('record-2'), context: { source: 'own' } },
        ],
      }),
    ).toEqual([true, true]);
  });

  test('what an item leaves out it takes whole from the top; what it has replaces it whole (3.2.7)', async () => {
    const top = { subject: user('alice'), action: act('write'), resource: record('record-1', 'active') };
    expect(await many({ ...top, evaluations: [{}, { resource: record('record-2', 'archived') }] })).toEqual([
      true,
      false,
    ]);
    // No part of the top's resource is merged in: this one has no type.
    expect(await many({ ...top, evaluations: [{ resource: { id: 'record-1' } }] })).toEqual([false]);
  });

  test("an item's fault denies that item only (3.4.1)", async () => {
    const { status, json } = await post('evaluations', {
      subject: user('alice'),
      action: act('read'),
      options: { evaluations_semantic: 'execute_all' },
      evaluations: [{ resource: record('record-1') }, {}],
    });
    expect([status, json]).toMatchObject([
      200,
      { evaluations: [{ decision: true }, { decision: false, context: { error: { status: 400 } } }] },
    ]);
  });

  test('without evaluations it is one evaluation (3.4.2, 3.4.3)', async () => {
    const one = { subject: user('alice'), action: act('read'), resource: record('record-1') };
    expect((await post('evaluations', one)).json).toEqual({ decision: true });
    expect((await post('evaluations', { ...one, evaluations: [] })).json).toEqual({ decision: true });
    expect((await post('evaluations', { ...one, subject: undefined })).status).toBe(400);
  });

  test('stops where the semantics say so', async () => {
    const top = { subject: user('bob'), resource: record('record-1') };
    const items = ['write', 'read', 'write', 'read'].map((name) => ({ action: act(name) }));
    const semantic = (evaluations_semantic: string, evaluations = items) =>
      many({ ...top, options: { evaluations_semantic, other: 1 }, evaluations });
    expect(await semantic('permit_on_first_permit')).toEqual([false, true]);
    expect(await semantic('deny_on_first_deny')).toEqual([false]);
    expect(await semantic('deny_on_first_deny', items.slice(1))).toEqual([true, false]);
    expect(await semantic('execute_all')).toEqual([false, true, false, true]);
    const unknown = { ...top, options: { evaluations_semantic: 'maybe' }, evaluations: items };
    expect((await post('evaluations', unknown)).status).toBe(400);
  });
});

describe('4 Search', () => {
  const found = async (kind: string, body: object) => {
    const { status, json } = await post(`search/${kind}`, body);
    expect(status).toBe(200);
    return (json['results'] as { id?: string; name?: string }[]).map(({ id, name }) => id ?? name);
  };
  const record1 = record('record-1');

  test('S1, S4: who may', async () => {
    const base = { subject: { type: 'user' }, action: act('read'), resource: record1 };
    for (const more of [{}, { context }, { subject: user('alice') }])
      expect(await found('subject', { ...base, ...more })).toEqual(['alice', 'bob']);
    expect(
      await found('subject', { ...base, action: act('write'), resource: record('record-2', 'archived') }),
    ).toEqual(['bob']);
  });

  test('S2, S5: what', async () => {
    const base = { subject: user('alice'), action: act('read'), resource: { type: 'record' } };
    for (const more of [{}, { context }, { resource: record1 }])
      expect(await found('resource', { ...base, ...more })).toEqual(['record-1', 'record-2']);
    const admin = { ...base, subject: user('bob', { role: 'admin' }), action: act('write') };
    expect(await found('resource', admin)).toEqual(['record-2']);
  });

  test('S3, S6: to do what', async () => {
    const base = { subject: user('alice'), resource: record1 };
    for (const more of [{}, { context }])
      expect(await found('action', { ...base, ...more })).toEqual(['read', 'write']);
    expect(
      await found('action', {
        subject: user('bob', { role: 'admin' }),
        resource: record('record-2', 'archived'),
      }),
    ).toEqual(['read', 'write']);
  });

  test('goes page by page (4.5)', async () => {
    const base = { subject: { type: 'user' }, action: act('read'), resource: record1 };
    const page = async (wanted: object) => (await post('search/subject', { ...base, page: wanted })).json;
    const first = await page({ limit: 1 });
    expect(first).toMatchObject({
      results: [{ type: 'user', id: 'alice' }],
      page: { next_token: expect.stringMatching(/./) },
    });
    const token = (first['page'] as { next_token: string }).next_token;
    expect(await page({ token })).toEqual({
      page: { next_token: '', count: 1 },
      results: [{ type: 'user', id: 'bob' }],
    });
    expect((await post('search/subject', { ...base, page: { token: '?' } })).status).toBe(400);
  });

  test('finds nothing of what is unknown (4.6)', async () => {
    expect(await found('action', { subject: user('nonexistent-user'), resource: record1 })).toEqual([]);
    expect(
      await found('subject', { subject: { type: 'spaceship' }, action: act('read'), resource: record1 }),
    ).toEqual([]);
    expect(
      await found('resource', {
        subject: user('alice'),
        action: act('read'),
        resource: { type: 'spaceship' },
      }),
    ).toEqual([]);
    expect(
      await found('resource', { subject: user('nobody'), action: act('read'), resource: { type: 'record' } }),
    ).toEqual([]);
    expect(
      await found('action', { subject: user('alice'), resource: { type: 'spaceship', id: '1' } }),
    ).toEqual([]);
  });

  test.each([
    ['subject', { subject: { type: 'user' }, resource: record1 }],
    ['subject', { subject: { type: 'user' }, action: act('read'), resource: { type: 'record' } }],
    ['resource', { action: act('read'), resource: { type: 'record' } }],
    ['resource', { subject: { type: 'user' }, action: act('read'), resource: { type: 'record' } }],
    ['action', { subject: user('alice') }],
    ['action', { subject: { type: 'user' }, resource: record1 }],
  ])('answers 400 to a search for a %s that lacks something (4.7)', async (kind, body) => {
    expect((await post(`search/${kind}`, body)).status).toBe(400);
  });
});

test('6 Discovery: says where it is, under the address it is reached at', async () => {
  const { status, json } = await world.call('GET', '/.well-known/authzen-configuration');
  expect(status).toBe(200);
  expect(json['policy_decision_point']).toBe('https://pdp.example');
  for (const [name, value] of Object.entries(json))
    expect([name, value]).toEqual([name, expect.stringMatching(/^https:\/\/pdp\.example/)]);
});

test('asking takes a token that may ask', async () => {
  const other = await world.token(person, ['community.read']);
  const body = JSON.stringify({ subject: user('alice'), action: act('read'), resource: record('record-1') });
  expect((await raw('evaluation', body, other)).status).toBe(403);
});
