import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { changed, type ChangeKind, communityRoutes, directory } from '#community';
import { openRecords } from '#platform/records';
import { systemAccess } from '#platform/scope';
import { verifyLedger } from '#ledger';
import { openWorld } from '#identity/testing';
import { postgresPrograms, startPostgres } from '#platform/records/testing';
import { proxiesOf } from './proxies.ts';
import { gateRoutes } from './routes.ts';
import { authzenRoutes } from './routes-authzen.ts';
import { doorRoutes } from './routes-doors.ts';
import { kubernetesRoutes } from './routes-kubernetes.ts';
import { type Gate, openGate } from './service.ts';
import type { ChangeEntry, DeviceEntry } from './sources.ts';
import { atDesk, memorySources } from './testing.ts';

type World = Awaited<ReturnType<typeof openWorld>>;
const system = systemAccess('test');
const pep = { id: 'pep', name: 'portal', ofProvider: true, organisation: 'wattle', scopeOrNone: undefined };
const caller = { actor: pep, face: 'authzen', requestId: 'r1' } as const;

describe('the gate', () => {
  let world: World;
  let gate: Gate;
  let memory: ReturnType<typeof memorySources>;
  let admin: Record<string, string>;
  let headers: Record<string, string>;
  const failures: unknown[] = [];

  beforeAll(async () => {
    world = await openWorld(directory);
    memory = memorySources(world.clock.now());
    gate = await openGate({
      ...world.deps,
      sources: memory.sources,
      countryOf: async (_tx, address) =>
        address.startsWith('203.0.113.') ? 'AU' : address.startsWith('198.51.100.') ? 'NZ' : null,
      failed: (error) => failures.push(error),
      beatMilliseconds: 25,
    });
    const proxies = proxiesOf('127.0.0.1, 10.0.0.0/8');
    for (const routes of [
      communityRoutes(world.deps),
      authzenRoutes({ gate, origin: () => 'https://gate.example' }),
      doorRoutes({ gate, origin: () => 'https://gate.example', proxies }),
      kubernetesRoutes({ gate }),
      gateRoutes({ ...world.deps, gate }),
    ])
      await world.http.add(routes);
    admin = (await world.founder()).headers;
    await world.call('POST', '/api/setup/provider', admin, { id: 'wattle', name: 'Wattle' });
    headers = await world.token(admin, ['gate.evaluate']);
    await vi.waitUntil(() => gate.snapshot.heardUntil());
  });
  afterAll(async () => {
    await gate.close();
    await world.close();
  });

  const request = (
    subject: string,
    action: string,
    resource: { type: string; id: string },
    context: Record<string, unknown> = atDesk(world.clock.now()),
  ) => ({
    subject: { type: 'email', id: subject },
    action: { name: action },
    resource,
    context,
  });
  const acme = { type: 'tenancy', id: 'acme-odce' };
  const portal = (who = 'alice@acme.example') => request(who, 'portal.use', acme);
  const post = (path: string, body: object, as = headers) => world.call('POST', path, as, body);
  const tell = (kind: ChangeKind, id: string) =>
    world.records.transaction(system, (tx) => changed(tx, { kind, id }));

  test('permits who is in order, and keeps the permit in a batch that can be searched and replayed', async () => {
    const { json } = await post('/access/v1/evaluation', portal());
    expect(json).toEqual({ decision: true });
    const found = await world.call('GET', '/api/decisions?subject=alice&outcome=permit', admin);
    expect(found.json['decisions']).toMatchObject([
      { permitted: true, subject: 'alice', action: 'portal.use', organisation: 'acme', face: 'authzen' },
    ]);
    const [{ id }] = found.json['decisions'] as [{ id: string }];
    expect((await world.call('POST', `/api/decisions/${id}/replay`, admin)).json).toMatchObject({
      same: true,
      factsIntact: true,
      decided: { permitted: true },
      now: { permitted: true },
    });
  });

  test('denies with every reason, keeps the denial before the answer, in the ledger too', async () => {
    const { json } = await post('/access/v1/evaluation', portal('zoe@beta.example'));
    expect(json).toMatchObject({
      decision: false,
      context: { reason: 'This is outside your organisation.', reasons: [{ rule: 'right-organisation' }] },
    });
    const { evaluation_id: id } = json['context'] as { evaluation_id: string };
    expect((await world.call('GET', `/api/decisions/${id}`, admin)).json).toMatchObject({
      permitted: false,
      facts: { ask: { action: 'portal.use' } },
    });
    const ledger = await world.call('GET', `/api/ledger?subject=decision/${id}`, admin);
    expect(ledger.json['entries']).toMatchObject([{ action: 'decision.denied', tenancy: 'acme-odce' }]);
    expect(await verifyLedger(world.records)).toMatchObject({ intact: true });
  });

  test('tells an outsider nothing of a clearance, and the staff what is wrong', async () => {
    memory.registers.clearances.entries.delete('eli');
    await tell('clearance', 'eli');
    const asked = request('eli@wattle.example', 'infrastructure.administer', {
      type: 'environment',
      id: 'odce',
    });
    const outside = await post('/access/v1/evaluation', asked);
    expect(outside.json['decision']).toBe(false);
    expect(JSON.stringify(outside.json)).not.toMatch(/nv1|baseline|no clearance|recorded/i);
    const staff = await world.token(admin, ['gate.evaluate', 'decision.read']);
    const inside = await post('/access/v1/evaluation', asked, staff);
    expect(JSON.stringify(inside.json)).toMatch(/NV1 is needed; no clearance is recorded/);
  });

  test('what is no question is refused, explained and on record, and a flood of it fills nothing', async () => {
    const token = await world.token(admin, ['gate.evaluate']);
    const send = (payload: string, type = 'application/json') =>
      world.http.server.inject({
        method: 'POST',
        url: '/access/v1/evaluation',
        headers: { ...token, 'content-type': type },
        payload,
      });
    const recorded = async () => {
      const { json } = await world.call('GET', '/api/ledger?action=gate.malformed&limit=100', admin);
      return (json['entries'] as { subject: string; facts: Record<string, unknown> }[]).map(
        ({ facts }) => facts,
      );
    };
    const floods: readonly [string, string | undefined][] = [
      ['{}', 'text/plain'],
      ['{"subject":', undefined],
      ['', undefined],
      ['[]', undefined],
      ['{"subject":{"type":1}}', undefined],
    ];
    for (let round = 0; round < 20; round++)
      for (const [payload, type] of floods) expect((await send(payload, type)).statusCode).toBe(400);
    // Each kind is there before its first answer, and once.
    const kinds = (await recorded()).map(({ kind }) => kind);
    expect([kinds.length, new Set(kinds)]).toEqual([3, new Set(['content-type', 'json', 'shape'])]);
    for (const facts of await recorded())
      expect(facts).toMatchObject({ path: '/access/v1/evaluation', why: expect.stringMatching(/./) });
    world.clock.advance(61);
    await gate.refusals.settle();
    const counts = (await recorded()).flatMap(({ kind, more }) => (more === undefined ? [] : [[kind, more]]));
    expect(new Map(counts as [string, number][])).toEqual(
      new Map([
        ['content-type', 19],
        ['json', 39],
        ['shape', 39],
      ]),
    );
    expect(await recorded()).toHaveLength(6);
    await post('/access/v1/evaluations', { evaluations: [{ subject: 1 }, portal()] }, token);
    expect((await recorded())[0]).toMatchObject({ kind: 'shape', path: 'an item of evaluations' });
  });

  test('a new service waits for what is owed in that environment, and for nothing owed elsewhere', async () => {
    const { obligations } = memory.registers;
    const at = world.clock.now();
    const provision = () =>
      post('/access/v1/evaluation', request('alice@acme.example', 'service.provision', acme));
    const overdue = [{ id: 'review', title: 'Review the policy', dueAt: new Date(at.getTime() - 1) }];
    obligations.entries.set('acme/pdce', overdue);
    await tell('obligation', 'acme/pdce');
    const before = await provision();
    expect(JSON.stringify(before.json)).not.toContain('obligations-met');
    obligations.entries.set('acme/odce', overdue);
    await tell('obligation', 'acme/odce');
    await expect
      .poll(async () => JSON.stringify((await provision()).json))
      .toContain('"rule":"obligations-met"');
    obligations.entries.clear();
    await tell('obligation', '');
  });

  test('work on the platform goes on under an approved change in its window, by neither who asked nor who approved', async () => {
    memory.registers.clearances.entries.set('eli', {
      clearance: {
        level: 'nv1',
        status: 'active',
        sponsorActive: true,
        confirmedAt: world.clock.now(),
        revalidationDue: null,
      },
      citizenship: { countries: ['AU'], waivedUntil: null },
    });
    await tell('clearance', 'eli');
    const around = (before: number, after: number) => {
      const at = world.clock.now().getTime();
      return { from: new Date(at - before), until: new Date(at + after), emergencyReason: null };
    };
    const entry = (change: Partial<ChangeEntry['change']>, duties: Partial<ChangeEntry['duties']> = {}) => ({
      tenancy: 'wattle-odce',
      change: { state: 'approved' as const, ...around(1000, 60_000), ...change },
      duties: { requester: 'user-asker', approvers: ['user-boss'], ...duties },
    });
    const cases: Record<string, [ReturnType<typeof entry>, readonly string[]]> = {
      c1: [entry({}), []],
      c2: [entry({ state: 'draft' }, { approvers: [] }), ['duties-separate', 'change-approved']],
      c3: [entry(around(-1000, 60_000)), ['change-approved']],
      c4: [entry({}, { approvers: ['user-eli'] }), ['duties-separate']],
      c5: [entry({}, { requester: 'user-eli' }), ['duties-separate']],
    };
    for (const [id, [one]] of Object.entries(cases)) {
      memory.registers.changes.entries.set(id, one);
      await tell('change', id);
    }
    await vi.waitUntil(() => gate.snapshot.settled() === undefined);
    const apply = async (id: string) => {
      const { json } = await post(
        '/access/v1/evaluation',
        request('eli@wattle.example', 'change.apply', { type: 'change', id }),
      );
      const { context = {} } = json as { context?: { reasons?: { rule: string }[] } };
      return (context.reasons ?? []).map(({ rule }) => rule);
    };
    for (const [id, [, rules]] of Object.entries(cases)) expect([id, await apply(id)]).toEqual([id, rules]);
    expect(await apply('nothing')).toContain('change-approved');
  });

  test('a device is managed when the register says so of this person, lately; what is told beside it can only narrow', async () => {
    const { devices } = memory.registers;
    const good: DeviceEntry = {
      person: 'eli',
      managed: true,
      posture: 'met',
      postureCheckedAt: new Date(world.clock.now().getTime() - 86_400_000),
    };
    const cases: Record<string, [DeviceEntry | undefined, boolean]> = {
      good: [good, true],
      unknown: [undefined, false],
      unmanaged: [{ ...good, managed: false }, false],
      another: [{ ...good, person: 'alice' }, false],
      failing: [{ ...good, posture: 'not-met' }, false],
      unseen: [{ ...good, postureCheckedAt: null }, false],
      old: [{ ...good, postureCheckedAt: new Date(world.clock.now().getTime() - 30 * 86_400_000) }, false],
    };
    for (const [id, [one]] of Object.entries(cases)) {
      if (one !== undefined) devices.entries.set(id, one);
      await tell('device', id);
    }
    await vi.waitUntil(() => gate.snapshot.settled() === undefined);
    const managed = async (device: object): Promise<boolean> => {
      const told = atDesk(world.clock.now());
      const { json } = await post(
        '/access/v1/evaluation',
        request(
          'eli@wattle.example',
          'infrastructure.administer',
          { type: 'environment', id: 'odce' },
          { ironbark: { ...told.ironbark, device } },
        ),
      );
      return !JSON.stringify(json).includes('"rule":"device-managed"');
    };
    for (const [id, [, expected]] of Object.entries(cases))
      expect([id, await managed({ id }), await managed({ id, managed: true })]).toEqual([
        id,
        expected,
        expected,
      ]);
    expect(await managed({ id: 'good', managed: false })).toBe(false);
    expect(await managed({})).toBe(false);
  });

  test('what changed counts at once: a withdrawn agreement, a person who left', async () => {
    memory.registers.agreements.entries.set('acme/odce', { state: 'withdrawn', version: '1', until: null });
    await tell('agreement', 'acme/odce');
    await expect
      .poll(async () => (await post('/access/v1/evaluation', portal())).json['context'])
      .toMatchObject({ to_mend: ['agreement-in-force'] });
    memory.registers.agreements.entries.set('acme/odce', { state: 'accepted', version: '2', until: null });
    await tell('agreement', 'acme/odce');
    await expect
      .poll(async () => (await post('/access/v1/evaluation', portal())).json['decision'])
      .toBe(true);
    const bob = memory.registers.people.entries.get('bob');
    if (bob === undefined) throw new Error('bob is in the register');
    memory.registers.people.entries.set('bob', { ...bob, state: 'left' });
    await tell('person', 'bob');
    await expect
      .poll(async () => (await post('/access/v1/evaluation', portal('bob@acme.example'))).json['decision'])
      .toBe(false);
  });

  test('a register that can not be read denies, and says so; afterwards it is read', async () => {
    memory.registers.agreements.break(new Error('away'));
    await tell('agreement', 'acme/odce');
    await expect.poll(() => failures.length).toBeGreaterThan(0);
    expect(gate.weigh(caller, portal()).reasons).toMatchObject([
      { gate: 'agreement-in-force', code: 'fact-unavailable', missing: ['agreement'] },
    ]);
    memory.registers.agreements.break(undefined);
    await expect.poll(() => gate.weigh(caller, portal()).decision).toBe(true);
  });

  test('shows a customer the decisions about its tenancy only, without what they were made from', async () => {
    await world.call('POST', '/api/community/organisations', admin, {
      id: 'acme',
      name: 'Acme',
      kind: 'customer',
    });
    await world.call('POST', '/api/community/tenancies', admin, {
      organisation: 'acme',
      environment: 'odce',
    });
    const theirs = await world.person('ciso@acme.example', ['customer-security-officer'], 'acme');
    await post(
      '/access/v1/evaluation',
      request('zoe@beta.example', 'portal.use', { type: 'tenancy', id: 'beta-odce' }, {}),
    );
    const { json } = await world.call('GET', '/api/decisions?limit=200', theirs.headers);
    const seen = json['decisions'] as { id: string; tenancy: string; reasons: { code: string }[] }[];
    expect(seen.length).toBeGreaterThan(2);
    expect(new Set(seen.map(({ tenancy }) => tenancy))).toEqual(new Set(['acme-odce']));
    const denied = seen.find(({ reasons }) => reasons.length > 0);
    expect((await world.call('GET', `/api/decisions/${denied?.id}`, theirs.headers)).json).toMatchObject({
      facts: null,
    });
    expect(JSON.stringify(seen)).not.toMatch(/beta-odce|"organisation":"beta"/);
  });

  describe('before a proxy', () => {
    const door = async (face: 'nginx' | 'envoy', more: Record<string, string>, path = '') => {
      const now = world.clock.now().toISOString();
      const answer = await world.http.server.inject({
        method: 'GET',
        url: `/access/v1/${face}${path}`,
        remoteAddress: '127.0.0.1',
        headers: {
          ...headers,
          'x-gate-subject': 'alice@acme.example',
          'x-gate-tenancy': 'acme-odce',
          'x-gate-session-began': now,
          'x-gate-session-active': now,
          'x-forwarded-for': '203.0.113.7',
          ...more,
        },
      });
      return { status: answer.statusCode, headers: answer.headers };
    };

    test('lets through with 200, and with 403 says why in headers', async () => {
      expect((await door('nginx', {})).status).toBe(200);
      expect((await door('envoy', {}, '/some/path?x=1')).status).toBe(200);
      const denied = await door('nginx', { 'x-gate-subject': 'zoe@beta.example' });
      expect(denied).toMatchObject({
        status: 403,
        headers: {
          'x-gate-rule': 'right-organisation',
          'x-gate-reason': 'This is outside your organisation.',
        },
      });
      expect((await door('envoy', { 'x-gate-subject': 'zoe@beta.example' })).status).toBe(403);
      // What the proxy forgot to say is nobody, nowhere.
      expect((await door('nginx', { 'x-gate-subject': '' })).status).toBe(403);
      expect((await door('nginx', { authorization: 'Bearer nobody' })).status).toBe(401);
    });

    test('believes a forwarded address from configured proxies only', async () => {
      expect((await door('nginx', { 'x-forwarded-for': '198.51.100.1' })).headers['x-gate-rule']).toBe(
        'place-allowed',
      );
      // What the client itself claimed, in front of what our proxy saw.
      expect(
        (await door('nginx', { 'x-forwarded-for': '203.0.113.7, 198.51.100.1' })).headers['x-gate-rule'],
      ).toBe('place-allowed');
      expect((await door('nginx', { 'x-forwarded-for': '203.0.113.7, 10.1.2.3' })).status).toBe(200);
      expect((await door('nginx', { 'x-forwarded-for': 'nonsense' })).headers['x-gate-rule']).toBe(
        'place-allowed',
      );
      const direct = await world.http.server.inject({
        method: 'GET',
        url: '/access/v1/nginx',
        remoteAddress: '192.0.2.1',
        headers: {
          ...headers,
          'x-gate-subject': 'alice@acme.example',
          'x-gate-tenancy': 'acme-odce',
          'x-forwarded-for': '203.0.113.7',
        },
      });
      expect(direct.statusCode).toBe(403);
    });
  });

  describe('before a cluster', () => {
    const review = (user: string, namespace: string, verb = 'get') => ({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { user, resourceAttributes: { namespace, verb, resource: 'pods' } },
    });
    const path = '/access/v1/kubernetes/authorization?cluster=wattle-odce';

    test('answers a SubjectAccessReview, and denies so that nobody else is asked', async () => {
      // A cluster tells no session and no place: an action without them is what the provider sets for it.
      const rules = (await world.call('GET', '/api/gate/rules', admin)).json as {
        parameters: { actions: Record<string, object> };
        version: number;
      };
      const { actions } = rules.parameters;
      const parameters = {
        ...rules.parameters,
        actions: { ...actions, 'data.read': { ...actions['data.read'], place: false, session: false } },
      };
      const put = await world.http.server.inject({
        method: 'PUT',
        url: '/api/gate/parameters',
        headers: admin,
        payload: { parameters, version: rules.version, reason: 'the cluster' },
      });
      expect([put.statusCode, put.json()]).toEqual([200, { version: 1 }]);
      await expect
        .poll(async () => (await post(path, review('alice@acme.example', 'acme-odce'))).json['status'])
        .toEqual({ allowed: true });
      for (const [user, namespace, verb] of [
        ['zoe@beta.example', 'acme-odce', 'get'],
        ['alice@acme.example', 'acme-odce', 'create'],
        ['alice@acme.example', '', 'get'],
        ['system:anonymous', 'acme-odce', 'get'],
      ] as const)
        expect((await post(path, review(user, namespace, verb))).json).toMatchObject({
          kind: 'SubjectAccessReview',
          status: { allowed: false, denied: true, reason: expect.any(String) },
        });
      expect((await post(path, { kind: 'SubjectAccessReview' })).status).toBe(400);
      // Somebody else's change is not written over.
      const again = await world.http.server.inject({
        method: 'PUT',
        url: '/api/gate/parameters',
        headers: admin,
        payload: { parameters, version: 0, reason: 'late' },
      });
      expect(again.json()).toMatchObject({ code: 'parameters-moved' });
    });

    test('answers an AdmissionReview with its uid', async () => {
      const body = {
        apiVersion: 'admission.k8s.io/v1',
        kind: 'AdmissionReview',
        request: {
          uid: 'u-1',
          kind: { group: 'apps', version: 'v1', kind: 'Deployment' },
          resource: { group: 'apps', version: 'v1', resource: 'deployments' },
          namespace: 'acme-odce',
          operation: 'CREATE',
          userInfo: { username: 'zoe@beta.example' },
        },
      };
      expect((await post('/access/v1/kubernetes/admission', body)).json).toMatchObject({
        kind: 'AdmissionReview',
        response: { uid: 'u-1', allowed: false, status: { code: 403 } },
      });
    });
  });

  test('"Can I?" keeps nothing, lists all that is missing, and takes a request for what can be asked for', async () => {
    const me = await world.person('new@wattle.example', ['support-engineer'], 'wattle');
    const question = { action: 'infrastructure.administer', resource: { type: 'tenancy', id: 'acme-odce' } };
    const { json } = await world.call('POST', '/api/gate/can', me.headers, question);
    expect(json).toMatchObject({ permitted: false, assumed: expect.any(Array) });
    expect((json['reasons'] as { rule: string }[]).map(({ rule }) => rule)).toContain('cleared');
    const asked = await world.call('POST', '/api/gate/requests', me.headers, {
      ...question,
      rule: 'cleared',
      note: 'Starting on Monday',
    });
    expect(asked).toMatchObject({ status: 201, json: { state: 'open', rule: 'cleared' } });
    expect(
      (await world.call('POST', '/api/gate/requests', me.headers, { ...question, rule: 'stays-on-site' }))
        .status,
    ).toBe(404);
    const { requests } = (await world.call('GET', '/api/gate/requests', admin)).json as {
      requests: { id: string }[];
    };
    expect(requests).toHaveLength(1);
    expect(
      (await world.call('PATCH', `/api/gate/requests/${requests[0]?.id}`, me.headers, { state: 'done' }))
        .status,
    ).toBe(403);
    expect(
      (await world.call('PATCH', `/api/gate/requests/${requests[0]?.id}`, admin, { state: 'done' })).json,
    ).toMatchObject({ state: 'done' });
  });

  test('the parameters can not be set so that a customer is open to the uncleared', async () => {
    const rules = (await world.call('GET', '/api/gate/rules', admin)).json as {
      parameters: { actions: Record<string, object> };
      version: number;
    };
    for (const loose of [
      { customerData: false },
      { support: false },
      { privileged: false },
      { by: 'either' },
    ]) {
      const actions = {
        ...rules.parameters.actions,
        'support.connect': { ...rules.parameters.actions['support.connect'], ...loose },
      };
      const answer = await world.http.server.inject({
        method: 'PUT',
        url: '/api/gate/parameters',
        headers: admin,
        payload: { parameters: { ...rules.parameters, actions }, version: rules.version, reason: 'no' },
      });
      expect([loose, answer.statusCode]).toEqual([loose, 400]);
    }
  });

  test('without its record nothing privileged is permitted, and nothing at all when batches can not be written', async () => {
    const broken = await openGate({
      ...world.deps,
      records: {
        ...world.records,
        transaction: (access, work) =>
          'system' in access && access.system === 'keep decisions'
            ? Promise.reject(new Error('disk full'))
            : world.records.transaction(access, work),
      },
      sources: memory.sources,
      countryOf: async () => 'AU',
      failed: () => undefined,
      beatMilliseconds: 25,
    });
    await vi.waitUntil(() => broken.snapshot.heardUntil());
    await expect(broken.evaluate(caller, portal('zoe@beta.example'))).rejects.toThrow(/nothing is permitted/);
    expect((await broken.evaluate(caller, portal())).decision).toBe(true);
    world.clock.advance(11);
    await vi.waitUntil(() => (broken.snapshot.heardUntil()?.getTime() ?? 0) >= world.clock.now().getTime());
    await expect(broken.evaluate(caller, portal())).rejects.toThrow(/nothing is permitted/);
    await broken.close();
  });
});

const programs = postgresPrograms();
describe.skipIf(programs === undefined)('two instances on one PostgreSQL', () => {
  test('hear of a withdrawal within a second, and deny when they hear nothing', async () => {
    const server = await startPostgres(programs ?? '');
    const url = await server.newDatabase();
    const one = await openRecords({ url });
    const two = await openRecords({ url });
    const world = await openWorld(directory);
    const now = world.clock;
    const memory = memorySources(now.now());
    const open = (records: typeof one) =>
      openGate({
        ...world.deps,
        records,
        sources: memory.sources,
        countryOf: async () => 'AU',
        failed: () => undefined,
        beatMilliseconds: 50,
      });
    const gates = [await open(one), await open(two)];
    const ask = (gate: Gate) =>
      gate.weigh(caller, {
        subject: { type: 'email', id: 'alice@acme.example' },
        action: { name: 'portal.use' },
        resource: { type: 'tenancy', id: 'acme-odce' },
        context: atDesk(now.now()),
      });
    try {
      for (const gate of gates) {
        await vi.waitUntil(() => gate.snapshot.heardUntil());
        await gate.ready({ address: '203.0.113.7' });
        expect(ask(gate)).toMatchObject({ decision: true });
      }
      memory.registers.agreements.entries.set('acme/odce', { state: 'withdrawn', version: '1', until: null });
      await one.transaction(system, (tx) => changed(tx, { kind: 'agreement', id: 'acme/odce' }));
      for (const gate of gates)
        await vi.waitUntil(() => ask(gate).toMend[0] === 'agreement-in-force', {
          timeout: 1000,
          interval: 5,
        });
      memory.registers.agreements.entries.set('acme/odce', { state: 'accepted', version: '1', until: null });
      await two.transaction(system, (tx) => changed(tx, { kind: 'agreement', id: 'acme/odce' }));
      for (const gate of gates) await vi.waitUntil(() => ask(gate).decision);
      await server.crash();
      now.advance(16);
      for (const gate of gates) expect(ask(gate)).toMatchObject({ decision: false, toMend: ['feed-alive'] });
      await server.restart();
      for (const gate of gates) await vi.waitUntil(() => ask(gate).decision, { timeout: 20_000 });
    } finally {
      for (const gate of gates) await gate.close();
      await one.close();
      await two.close();
      await world.close();
      await server.stop();
    }
  });
});
