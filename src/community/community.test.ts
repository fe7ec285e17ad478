import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWorld, type Signed, type World } from '../identity/testing.ts';
import { markOf, tenancyIdOf } from './community.ts';
import { communityRoutes, directory, listenToChanges, watchCommunity } from './index.ts';

let world: World;
let admin: Signed;
beforeAll(async () => {
  world = await openWorld(directory, (deps) => [communityRoutes(deps)]);
  admin = await world.founder();
});
afterAll(() => world.close());

const post = (url: string, body: object, headers: Record<string, string> = admin.headers) =>
  world.call('POST', url, headers, body);

describe('the set-up', () => {
  test('needs a provider before anything else, and has one only once', async () => {
    expect((await world.call('GET', '/api/setup')).json).toEqual({
      phase: 'choose',
      demo: false,
      providerName: null,
    });
    expect(
      (await post('/api/community/organisations', { id: 'acme', name: 'Acme', kind: 'customer' })).json[
        'code'
      ],
    ).toBe('no-provider');
    // The first administrator can sign in, and sees nothing yet.
    expect((await world.call('GET', '/api/session', admin.headers)).json['tenancies']).toEqual([]);
    const watch = await watchCommunity(world.records, (error) => {
      throw error;
    });
    const heard: string[] = [];
    const feed = await listenToChanges({
      records: world.records,
      clock: world.clock,
      heard: ({ kind, id }) => heard.push(`${kind} ${id}`),
      lost: async () => undefined,
      failed: () => undefined,
    });
    expect((await post('/api/setup/provider', { id: 'wattle', name: 'Wattle Sovereign Cloud' })).status).toBe(
      201,
    );
    // Who decides was up before there was a provider.
    await expect
      .poll(() => heard)
      .toEqual(expect.arrayContaining(['organisation wattle', 'environment odce', 'tenancy wattle-pdce']));
    await feed.close();
    expect((await post('/api/setup/provider', { id: 'other', name: 'Other' })).json['code']).toBe(
      'provider-exists',
    );
    expect((await world.call('GET', '/api/setup')).json).toMatchObject({
      phase: 'ready',
      providerName: 'Wattle Sovereign Cloud',
    });
    await expect.poll(() => watch.current().provider?.id).toBe('wattle');
    await watch.close();
  });

  test('gives the provider a tenancy of its own in both environments, and the first administrator to it', async () => {
    const { json } = await world.call('GET', '/api/session', admin.headers);
    expect(json['tenancies']).toMatchObject([
      { id: 'wattle-odce', marking: 'OFFICIAL', internal: true, mark: 'WS' },
      {
        id: 'wattle-pdce',
        marking: 'PROTECTED',
        internal: true,
        environmentName: 'PROTECTED Data Community Environment',
      },
    ]);
    const { users } = (await world.call('GET', '/api/users', admin.headers)).json as {
      users: { organisation: string }[];
    };
    expect(users.map(({ organisation }) => organisation)).toEqual(['wattle']);
  });
});

describe('organisations', () => {
  test('get a tenancy where they are put, once', async () => {
    for (const id of ['acme', 'beta'])
      expect(
        (await post('/api/community/organisations', { id, name: `${id} water`, kind: 'customer' })).status,
      ).toBe(201);
    expect(
      (await post('/api/community/tenancies', { organisation: 'acme', environment: 'odce' })).json,
    ).toEqual({
      id: 'acme-odce',
      organisation: 'acme',
      environment: 'odce',
      internal: false,
    });
    await post('/api/community/tenancies', { organisation: 'beta', environment: 'pdce' });
    expect(
      (await post('/api/community/tenancies', { organisation: 'acme', environment: 'odce' })).status,
    ).toBe(409);
    expect(
      (await post('/api/community/tenancies', { organisation: 'gone', environment: 'odce' })).status,
    ).toBe(404);
    expect(
      (await post('/api/community/tenancies', { organisation: 'acme', environment: 'gone' })).status,
    ).toBe(404);
    expect(
      (await post('/api/community/organisations', { id: 'acme', name: 'Again', kind: 'customer' })).status,
    ).toBe(409);
  });

  test.each(['Acme', '-acme', 'a b', '', 'x'.repeat(64), '../etc'])('can not have the id %j', async (id) => {
    expect((await post('/api/community/organisations', { id, name: 'X', kind: 'customer' })).status).toBe(
      400,
    );
  });

  test('see themselves and where they are, and nothing of others', async () => {
    const ciso = await world.person('ciso@acme.example', ['customer-security-officer'], 'acme');
    const { json } = await world.call('GET', '/api/community', ciso.headers);
    expect(json).toMatchObject({
      environments: [{ id: 'odce' }],
      organisations: [{ id: 'acme' }],
      tenancies: [{ id: 'acme-odce' }],
    });
    expect(JSON.stringify(json)).not.toMatch(/beta|wattle|pdce/);
    for (const url of [
      '/api/community/organisations',
      '/api/community/tenancies',
      '/api/community/environments',
      '/api/setup/provider',
    ])
      expect([
        url,
        (
          await post(
            url,
            { id: 'x', name: 'x', kind: 'customer', organisation: 'acme', environment: 'pdce', marking: 'x' },
            ciso.headers,
          )
        ).status,
      ]).toEqual([url, 403]);
  });
});

test('an environment can be added, and the provider is in it', async () => {
  expect(
    (await post('/api/community/environments', { id: 'sdce', name: 'Secret', marking: 'SECRET' })).status,
  ).toBe(201);
  expect(
    (await post('/api/community/environments', { id: 'sdce', name: 'Secret', marking: 'SECRET' })).status,
  ).toBe(409);
  const { tenancies } = (await world.call('GET', '/api/community', admin.headers)).json as {
    tenancies: { id: string }[];
  };
  expect(tenancies.map(({ id }) => id)).toContain('wattle-sdce');
});

test('every change is in the ledger, with who made it', async () => {
  const { entries } = (await world.call('GET', '/api/ledger?limit=500', admin.headers)).json as {
    entries: { action: string; actor: { name: string } }[];
  };
  for (const action of ['provider.set-up', 'organisation.added', 'tenancy.added', 'environment.added'])
    expect(entries.find((entry) => entry.action === action)?.actor.name).toBe('The first');
});

test.each([
  ['Acme Water', 'AW'],
  ['Bureau of Inland Water', 'BO'],
  ['wattle', 'WA'],
  ['Élan', 'ÉL'],
  ['---', '?'],
])('the mark of %s is %s', (name, mark) => {
  expect(markOf(name)).toBe(mark);
});

test('an id that would be too long for a tenancy is refused', () => {
  expect(tenancyIdOf('acme', 'odce')).toBe('acme-odce');
  expect(() => tenancyIdOf('a'.repeat(60), 'odce')).toThrow(/too long/);
});
