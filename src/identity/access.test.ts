import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemAccess } from '#platform/scope';
import { permissionsOf, wholeSystem } from './permissions.ts';
import { fixedDirectory } from './testing-directory.ts';
import { openWorld, type Signed, type World } from './testing.ts';

const directory = fixedDirectory();
let world: World;
let admin: Signed;
let acme: Signed;
let beta: Signed;
beforeAll(async () => {
  world = await openWorld(directory);
  admin = await world.founder();
  acme = await world.person('ciso@acme.example', ['customer-security-officer'], 'acme');
  beta = await world.person('audit@beta.example', ['auditor'], 'beta');
});
afterAll(() => world.close());

const get = (who: { headers: Record<string, string> }, url: string) => world.call('GET', url, who.headers);

describe('a customer', () => {
  test('has its own tenancies in the session, and no others', async () => {
    const { json } = await get(acme, '/api/session');
    expect((json['tenancies'] as { id: string }[]).map(({ id }) => id)).toEqual(['acme-odce', 'acme-pdce']);
    expect(JSON.stringify(json)).not.toContain('beta');
  });

  test('sees its own people, never those of another organisation or of the provider', async () => {
    const { json } = await get(beta, '/api/users');
    expect((json['users'] as { email: string }[]).map(({ email }) => email)).toEqual(['audit@beta.example']);
    expect((await get(acme, '/api/users')).status).toBe(403);
  });

  test('sees nothing of the ledger but what was done in its tenancies', async () => {
    await world.records.transaction(systemAccess('test'), (tx) =>
      world.deps.ledger.record(tx, {
        actor: { kind: 'system', id: 's', name: 's' },
        action: 'x',
        subject: 'x',
        tenancy: 'acme-pdce',
        facts: {},
      }),
    );
    const { json } = await get(acme, '/api/ledger');
    expect((json['entries'] as { tenancy: string }[]).map(({ tenancy }) => tenancy)).toEqual(['acme-pdce']);
    expect((await get(beta, '/api/ledger')).json['entries']).toEqual([]);
    expect((await get(beta, '/api/ledger/verification')).status).toBe(403);
  });

  test.each([
    ['POST', '/api/users', { name: 'X', email: 'x@acme.example', roles: ['auditor'], organisation: 'acme' }],
    ['POST', '/api/tokens', { name: 'x', permissions: ['alert.read'] }],
    ['PATCH', '/api/users/any', { locked: true }],
    ['POST', '/api/users/any/link', undefined],
  ] as const)('may not: %s %s', async (method, url, body) => {
    for (const who of [acme, beta])
      expect((await world.call(method, url, who.headers, body)).status).toBe(403);
  });
});

describe('users', () => {
  const add = (body: object) =>
    world.call('POST', '/api/users', admin.headers, {
      name: 'X',
      email: 'new@x.example',
      roles: ['analyst'],
      organisation: 'acme',
      ...body,
    });

  test('of a customer can not hold the roles that run the system', async () => {
    expect((await add({ roles: ['administrator'] })).json).toMatchObject({ status: 400, code: 'invalid' });
    expect((await add({ roles: ['analyst', 'shift-lead'] })).status).toBe(400);
  });

  test("can not be given another organisation's tenancy, or belong to none", async () => {
    expect((await add({ tenancies: ['beta-odce'] })).status).toBe(400);
    expect((await add({ organisation: 'nowhere' })).status).toBe(404);
    expect((await add({ organisation: '' })).status).toBe(404);
  });

  test('have an address of their own', async () => {
    expect((await add({ email: 'CISO@acme.example' })).json).toMatchObject({ status: 409, code: 'conflict' });
  });

  test('the last administrator can not be locked or made less', async () => {
    const { users } = (await get(admin, '/api/users')).json as { users: { id: string; email: string }[] };
    const id = users.find(({ email }) => email === admin.email)?.id;
    const change = (body: object) => world.call('PATCH', `/api/users/${id}`, admin.headers, body);
    expect((await change({ locked: true })).json['code']).toBe('last-administrator');
    expect((await change({ roles: ['analyst'] })).json['code']).toBe('last-administrator');
    expect((await get(admin, '/api/session')).json['roles']).toEqual(['administrator']);
    const second = await world.person('second@wattle.example', ['administrator'], 'wattle');
    expect(
      (await world.call('PATCH', `/api/users/${id}`, second.headers, { roles: ['administrator', 'analyst'] }))
        .status,
    ).toBe(200);
  });

  test('what is taken from somebody is gone with the next request', async () => {
    const sam = await world.person('sam@wattle.example', ['auditor'], 'wattle');
    const { users } = (await get(admin, '/api/users')).json as { users: { id: string; email: string }[] };
    const id = users.find(({ email }) => email === sam.email)?.id;
    expect((await get(sam, '/api/users')).status).toBe(200);
    await world.call('PATCH', `/api/users/${id}`, admin.headers, {
      roles: ['analyst'],
      tenancies: ['acme-odce'],
    });
    expect((await get(sam, '/api/users')).status).toBe(403);
    expect(
      ((await get(sam, '/api/session')).json['tenancies'] as { id: string }[]).map((one) => one.id),
    ).toEqual(['acme-odce']);
  });

  test('a new link takes password, second factor and sessions with it once it is used', async () => {
    const kit = await world.person('kit@wattle.example', ['analyst'], 'wattle');
    const { users } = (await get(admin, '/api/users')).json as { users: { id: string; email: string }[] };
    const id = users.find(({ email }) => email === kit.email)?.id;
    const made = await world.call('POST', `/api/users/${id}/link`, admin.headers);
    expect((await get(kit, '/api/session')).status).toBe(200);
    world.clock.advance(60);
    await world.enrol(String(made.json['link']), kit.email);
    expect((await get(kit, '/api/session')).status).toBe(401);
    world.clock.advance(60);
    expect((await world.signIn(kit)).status).toBe(401);
  });
});

describe('an API token', () => {
  const url = '/api/users';

  test('may what it was given, and nothing else', async () => {
    const headers = await world.token(admin.headers, ['user.read']);
    expect((await world.call('GET', url, headers)).status).toBe(200);
    expect((await world.call('GET', '/api/ledger', headers)).status).toBe(403);
    // It needs no CSRF token, as no browser sends it by itself; and it makes no tokens.
    expect(
      (await world.call('POST', '/api/tokens', headers, { name: 'x', permissions: ['user.read'] })).status,
    ).toBe(403);
    const maker = await world.token(admin.headers, ['token.manage', 'user.read']);
    expect(
      (await world.call('POST', '/api/tokens', maker, { name: 'x', permissions: ['user.read'] })).json[
        'code'
      ],
    ).toBe('not-allowed');
  });

  test('runs out', async () => {
    const headers = await world.token(world.local, ['user.read'], { days: 1 });
    world.clock.advance(24 * 60 * 60 - 1);
    expect((await world.call('GET', url, headers)).status).toBe(200);
    world.clock.advance(1);
    expect((await world.call('GET', url, headers)).status).toBe(401);
  });

  test('ends when it is revoked', async () => {
    const made = await world.call('POST', '/api/tokens', world.local, {
      name: 'x',
      permissions: ['user.read'],
    });
    const headers = { authorization: `Bearer ${String(made.json['secret'])}` };
    expect((await world.call('GET', url, headers)).status).toBe(200);
    const { id } = made.json['token'] as { id: string };
    expect((await world.call('DELETE', `/api/tokens/${id}`, world.local)).status).toBe(204);
    expect((await world.call('GET', url, headers)).status).toBe(401);
    expect((await world.call('DELETE', `/api/tokens/${id}`, world.local)).status).toBe(404);
  });

  test('loses what its owner loses, and dies when the owner is locked', async () => {
    const boss = await world.person('boss@wattle.example', ['administrator'], 'wattle');
    const headers = await world.token(boss.headers, ['user.read', 'ledger.read']);
    const { users } = (await world.call('GET', url, world.local)).json as {
      users: { id: string; email: string }[];
    };
    const id = users.find(({ email }) => email === boss.email)?.id;
    await world.call('PATCH', `/api/users/${id}`, world.local, { roles: ['shift-lead'] });
    expect((await world.call('GET', url, headers)).status).toBe(200);
    expect((await world.call('GET', '/api/ledger', headers)).status).toBe(403);
    await world.call('PATCH', `/api/users/${id}`, world.local, { locked: true });
    expect((await world.call('GET', url, headers)).status).toBe(401);
  });

  test('can not be given more than its maker has', async () => {
    const foreign = await world.call('POST', '/api/tokens', world.local, {
      name: 'x',
      permissions: ['alert.read'],
      tenancies: ['nowhere-odce'],
    });
    expect(foreign.status).toBe(400);
  });

  test('for some tenancies makes no link for somebody who sees others, nor changes them, nor lists them', async () => {
    const all = permissionsOf.administrator.filter((permission) => !wholeSystem.has(permission));
    const headers = await world.token(world.local, all, { tenancies: ['acme-odce', 'acme-pdce'] });
    const boss = await world.person('chief@wattle.example', ['administrator'], 'wattle');
    const { users } = (await world.call('GET', url, world.local)).json as {
      users: { id: string; email: string }[];
    };
    const idOf = ({ email }: { email: string }) => users.find((user) => user.email === email)?.id;
    for (const who of [boss, beta]) {
      expect((await world.call('POST', `/api/users/${idOf(who)}/link`, headers)).status).toBe(404);
      expect((await world.call('PATCH', `/api/users/${idOf(who)}`, headers, { locked: true })).status).toBe(
        404,
      );
    }
    const listed = JSON.stringify((await world.call('GET', url, headers)).json);
    expect(listed).toContain(acme.email);
    expect(listed).not.toContain(boss.email);
    expect(listed).not.toContain(beta.email);
    expect((await world.call('POST', `/api/users/${idOf(acme)}/link`, headers)).status).toBe(201);
    const added = await world.call('POST', url, headers, {
      name: 'x',
      email: 'x@wattle.example',
      roles: ['analyst'],
      organisation: 'wattle',
    });
    expect(added.json).toMatchObject({ code: 'more-than-own' });
  });

  test.each([...wholeSystem])('for some tenancies can not have %s', async (permission) => {
    const made = await world.call('POST', '/api/tokens', world.local, {
      name: 'x',
      permissions: [permission],
      tenancies: ['acme-odce'],
    });
    expect(made.status).toBe(400);
    expect(made.json).toMatchObject({ permissions: [permission] });
  });

  test.each(['ibt_', 'ibt_nobody', 'ibl_nobody', '', 'x'.repeat(300)])(
    'that is unknown is refused: %s',
    async (secret) => {
      expect((await world.call('GET', url, { authorization: `Bearer ${secret}` })).status).toBe(401);
    },
  );

  test('has no session to show', async () => {
    const headers = await world.token(world.local, ['user.read']);
    expect((await world.call('GET', '/api/session', headers)).status).toBe(401);
  });
});

test('the secret in the data folder is taken from this machine only', async () => {
  const from = (remoteAddress: string) =>
    world.http.server.inject({ url: '/api/users', headers: world.local, remoteAddress });
  expect((await from('127.0.0.1')).statusCode).toBe(200);
  expect((await from('::1')).statusCode).toBe(200);
  expect((await from('10.0.0.5')).statusCode).toBe(401);
});
