import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sql } from 'kysely';
import { verifyLedger } from '#ledger';
import { systemAccess } from '#platform/scope';
import { firstLink } from './enrolment.ts';
import { fixedDirectory } from './testing-directory.ts';
import { cookieOf, openWorld, password, type Signed, type World } from './testing.ts';
import { totpCode } from './totp.ts';

let world: World;
let jo: Signed;
beforeAll(async () => {
  world = await openWorld(fixedDirectory());
  jo = await world.founder();
});
afterAll(() => world.close());
// A new time step for each test: a code is good once.
beforeEach(() => world.clock.advance(60));

const session = (headers: Record<string, string>) => world.call('GET', '/api/session', headers);

describe('the first sign-in', () => {
  test('is over once somebody has signed in: no more links, and the old one is dead', async () => {
    expect(await firstLink(world.deps)).toBeUndefined();
    expect((await world.call('GET', '/api/setup')).json).toEqual({
      phase: 'ready',
      demo: false,
      providerName: 'Wattle',
    });
  });

  test('takes a link once, only the newest, and only complete', async () => {
    const fresh = await openWorld(fixedDirectory());
    const begin = (link: string, email = 'a@wattle.example') =>
      fresh.call(
        'POST',
        '/api/first-sign-in',
        {},
        { token: new URL(link).searchParams.get('token'), name: 'A', email, password },
      );
    const old = String(await firstLink(fresh.deps));
    const link = String(await firstLink(fresh.deps));
    expect((await begin(old)).json).toMatchObject({ status: 403, code: 'link-refused' });
    expect((await begin(`${link}x`)).status).toBe(403);
    // Half-way, and again with the address spelt right: the link is still good.
    expect((await begin(link, 'mistyped@wattle.example')).status).toBe(200);
    const signed = await fresh.enrol(link, 'a@wattle.example');
    expect((await fresh.call('GET', '/api/session', signed.headers)).json).toMatchObject({
      roles: ['administrator'],
    });
    expect((await begin(link)).status).toBe(403);
    expect((await fresh.call('GET', '/api/users', signed.headers)).json['users']).toHaveLength(1);
    await fresh.close();
  });

  test('a link runs out', async () => {
    const made = await world.call('POST', '/api/users', world.local, {
      name: 'Late',
      email: 'late@wattle.example',
      roles: ['analyst'],
      organisation: 'wattle',
    });
    world.clock.advance(8 * 24 * 60 * 60);
    await expect(world.enrol(String(made.json['link']), 'late@wattle.example')).rejects.toThrow(
      /link-refused/,
    );
  });

  test('a link is for the address it was made for', async () => {
    const made = await world.call('POST', '/api/users', world.local, {
      name: 'Right',
      email: 'right@wattle.example',
      roles: ['analyst'],
      organisation: 'wattle',
    });
    await expect(world.enrol(String(made.json['link']), 'wrong@wattle.example')).rejects.toThrow(
      /another e-mail/,
    );
  });

  test('before the second factor is confirmed, nothing but the enrolment is open', async () => {
    const made = await world.call('POST', '/api/users', world.local, {
      name: 'Half',
      email: 'half@wattle.example',
      roles: ['administrator'],
      organisation: 'wattle',
    });
    const token = new URL(String(made.json['link'])).searchParams.get('token');
    const begun = await world.call(
      'POST',
      '/api/first-sign-in',
      {},
      { token, name: 'Half', email: 'half@wattle.example', password },
    );
    const headers = { cookie: cookieOf(begun), 'x-csrf-token': String(begun.json['csrfToken']) };
    for (const url of ['/api/session', '/api/users', '/api/tokens', '/api/ledger'])
      expect([url, (await world.call('GET', url, headers)).status]).toEqual([url, 401]);
    const secret = String(begun.json['secret']);
    const wrong = totpCode(secret, new Date(world.clock.now().getTime() - 600_000));
    expect((await world.call('POST', '/api/totp/confirm', headers, { code: wrong })).json['code']).toBe(
      'wrong-code',
    );
    // Without the CSRF token even the enrolment is closed.
    expect(
      (await world.call('POST', '/api/totp/confirm', { cookie: headers.cookie }, { code: wrong })).status,
    ).toBe(403);
    // Password and code do not sign in an account that is not enrolled.
    expect((await world.signIn({ email: 'half@wattle.example', totpSecret: secret, headers })).status).toBe(
      401,
    );
  });
});

describe('password and code', () => {
  test('open a session in a cookie that only a secure page of ours can send', async () => {
    const answer = await world.signIn(jo);
    expect(answer.status).toBe(200);
    expect(answer.cookie).toMatch(/^__Host-ironbark=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
    expect((await session({ cookie: cookieOf(answer) })).json).toMatchObject({
      user: { email: jo.email },
      roles: ['administrator'],
    });
  });

  test('a code is good once', async () => {
    const code = totpCode(jo.totpSecret, world.clock.now());
    expect((await world.signIn(jo, { code })).status).toBe(200);
    expect((await world.signIn(jo, { code })).json).toMatchObject({ status: 401, code: 'sign-in-refused' });
    // Nor is the one before it, though a clock may be a step off.
    const before = totpCode(jo.totpSecret, new Date(world.clock.now().getTime() - 30_000));
    expect((await world.signIn(jo, { code: before })).status).toBe(401);
    world.clock.advance(60);
    expect((await world.signIn(jo)).status).toBe(200);
  });

  test('two sign-ins at once with one code open one session', async () => {
    const answers = await Promise.all([world.signIn(jo), world.signIn(jo)]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(1);
  });

  test('the same answer for an unknown account, a wrong password, and a wrong code', async () => {
    const kim = await world.person('kim@wattle.example', ['analyst'], 'wattle');
    world.clock.advance(60);
    const answers = [
      await world.signIn({ ...kim, email: 'nobody@wattle.example' }),
      await world.signIn(kim, { password: 'wrong wrong wrong' }),
      await world.signIn(kim, { code: '000000' }),
      await world.signIn(kim, { code: '' }),
    ];
    const said = answers.map(({ json }) => ({ ...json, instance: 'differs' }));
    expect(new Set(said.map((one) => JSON.stringify(one))).size).toBe(1);
  });

  test('an e-mail address is the same in capitals', async () => {
    expect((await world.signIn({ ...jo, email: jo.email.toUpperCase() })).status).toBe(200);
  });
});

describe('the lock', () => {
  test('shuts after five wrong attempts, for the right password too, and opens after 15 minutes', async () => {
    const lee = await world.person('lee@wattle.example', ['analyst'], 'wattle');
    for (let n = 0; n < 5; n++)
      expect((await world.signIn(lee, { password: 'wrong wrong wrong' })).status).toBe(401);
    world.clock.advance(60);
    expect((await world.signIn(lee)).status).toBe(401);
    world.clock.advance(15 * 60);
    expect((await world.signIn(lee)).status).toBe(200);
  });

  test('can not be outrun by guessing side by side', async () => {
    const max = await world.person('max@wattle.example', ['analyst'], 'wattle');
    world.clock.advance(60);
    const guesses = Array.from({ length: 12 }, () => world.signIn(max, { code: '000000' }));
    await Promise.all(guesses);
    expect((await world.signIn(max)).status).toBe(401);
    const { users } = (await world.call('GET', '/api/users', world.local)).json as {
      users: { email: string; locked: boolean }[];
    };
    expect(users.find(({ email }) => email === max.email)?.locked).toBe(true);
    const ledger = (await world.call('GET', '/api/ledger?limit=500', world.local)).json as {
      entries: { action: string; actor: { name: string } }[];
    };
    const refusals = ledger.entries.filter(
      ({ actor, action }) => actor.name === max.email && /refused|locked/.test(action),
    );
    // Twelve guesses, five of them counted: strangers can't fill the ledger.
    expect(refusals).toHaveLength(5);
  });

  test('is lifted by an administrator, and a right sign-in sets the count back', async () => {
    const pat = await world.person('pat@wattle.example', ['analyst'], 'wattle');
    const { users } = (await world.call('GET', '/api/users', world.local)).json as {
      users: { email: string; id: string }[];
    };
    const id = users.find(({ email }) => email === pat.email)?.id;
    for (let n = 0; n < 5; n++) await world.signIn(pat, { code: '000000' });
    world.clock.advance(60);
    expect((await world.signIn(pat)).status).toBe(401);
    expect(
      (await world.call('PATCH', `/api/users/${id}`, world.local, { locked: false })).json['locked'],
    ).toBe(false);
    expect((await world.signIn(pat)).status).toBe(200);
    for (let n = 0; n < 4; n++) await world.signIn(pat, { code: '000000' });
    world.clock.advance(60);
    expect((await world.signIn(pat)).status).toBe(200);
    for (let n = 0; n < 4; n++) await world.signIn(pat, { code: '000000' });
    world.clock.advance(60);
    expect((await world.signIn(pat)).status).toBe(200);
  });
});

describe('a session', () => {
  test('ends after 15 minutes without activity; activity keeps it', async () => {
    const { headers } = { headers: { cookie: cookieOf(await world.signIn(jo)) } };
    for (let n = 0; n < 3; n++) {
      world.clock.advance(14 * 60);
      expect((await session(headers)).status).toBe(200);
    }
    world.clock.advance(15 * 60);
    expect((await session(headers)).status).toBe(401);
  });

  test('is not kept alive by a page that refreshes itself', async () => {
    const cookie = cookieOf(await world.signIn(jo));
    for (let n = 0; n < 3; n++) {
      world.clock.advance(5 * 60);
      await session({ cookie, 'x-background': '1' });
    }
    expect((await session({ cookie })).status).toBe(401);
  });

  test('ends after 12 hours whatever happens', async () => {
    const cookie = cookieOf(await world.signIn(jo));
    for (let minutes = 0; minutes < 12 * 60 - 10; minutes += 10) {
      world.clock.advance(600);
      expect((await session({ cookie })).status).toBe(200);
    }
    world.clock.advance(600);
    expect((await session({ cookie })).status).toBe(401);
  });

  test('ends when it is signed out, and when its account is locked', async () => {
    const rae = await world.person('rae@wattle.example', ['analyst'], 'wattle');
    world.clock.advance(60);
    const second = await world.signIn(rae);
    expect((await world.call('DELETE', '/api/session', rae.headers)).status).toBe(204);
    expect((await session(rae.headers)).status).toBe(401);
    const other = { cookie: cookieOf(second) };
    expect((await session(other)).status).toBe(200);
    const { users } = (await world.call('GET', '/api/users', world.local)).json as {
      users: { email: string; id: string }[];
    };
    const id = users.find(({ email }) => email === rae.email)?.id;
    await world.call('PATCH', `/api/users/${id}`, world.local, { locked: true });
    expect((await session(other)).status).toBe(401);
    world.clock.advance(60);
    expect((await world.signIn(rae)).status).toBe(401);
  });

  test('is refused without its CSRF token for changes, and not for reading', async () => {
    const headers = { cookie: cookieOf(await world.signIn(jo)) };
    expect((await session(headers)).status).toBe(200);
    const body = { name: 't', permissions: ['alert.read'] };
    expect((await world.call('POST', '/api/tokens', headers, body)).json).toMatchObject({
      status: 403,
      code: 'cross-site',
    });
  });

  test('is at rest only as a hash, as are tokens and links', async () => {
    const cookie = cookieOf(await world.signIn(jo));
    const secret = cookie.split('=')[1] ?? '';
    const dump = await world.records.transaction(systemAccess('test'), async (tx) => {
      let text = '';
      for (const table of ['session', 'invitation', 'api_token', 'user']) {
        const { rows } = await sql<{
          row: string;
        }>`select t::text as row from ${sql.raw(`identity.${table}`)} t`.execute(tx);
        text += rows.map(({ row }) => row).join('\n');
      }
      return text;
    });
    // The rows are there, their secrets are not, neither as text nor as bytes.
    expect(dump).toContain(jo.email);
    expect(dump).not.toContain(Buffer.from(secret).toString('hex'));
    expect(dump).not.toContain(Buffer.from(jo.totpSecret).toString('hex'));
    expect(secret).toHaveLength(43);
    expect(dump).not.toContain(secret);
    expect(dump).not.toContain(jo.totpSecret);
    expect(dump).not.toContain(password);
  });
});

test('everything that was done is in the ledger, and the ledger is whole', async () => {
  const { entries } = (await world.call('GET', '/api/ledger?limit=500', world.local)).json as {
    entries: { action: string }[];
  };
  const actions = new Set(entries.map(({ action }) => action));
  for (const action of [
    'user.added',
    'user.enrolled',
    'session.opened',
    'session.refused',
    'session.closed',
    'user.locked',
    'user.unlocked',
  ])
    expect([...actions]).toContain(action);
  expect(await verifyLedger(world.records)).toMatchObject({ intact: true });
});
