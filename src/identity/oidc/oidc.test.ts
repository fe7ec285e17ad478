import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixedDirectory } from '../testing-directory.ts';
import { openIssuer, type Person } from './testing.ts';
import { cookieOf, openWorld, type Signed, type World } from '../testing.ts';

const origin = 'https://siem.example';
let world: World;
let admin: Signed;
let issuer: Awaited<ReturnType<typeof openIssuer>>;
beforeAll(async () => {
  issuer = await openIssuer(`${origin}/api/session/issuers/agency/callback`);
  world = await openWorld(fixedDirectory());
  world.clock.set(new Date());
  admin = await world.founder();
  const made = await world.call('POST', '/api/issuers', admin.headers, {
    id: 'agency',
    name: 'Agency sign-in',
    url: issuer.url,
    clientId: 'ironbark',
    clientSecret: 'a secret of the client',
    organisation: 'acme',
  });
  expect(made.status).toBe(201);
  for (const email of [
    'kim@acme.example',
    'weak@acme.example',
    'unverified@acme.example',
    'out@acme.example',
  ])
    await world.call('POST', '/api/users', admin.headers, {
      name: email,
      email,
      roles: ['member'],
      organisation: 'acme',
    });
  await world.call('POST', '/api/users', admin.headers, {
    name: 'Bo',
    email: 'bo@beta.example',
    roles: ['member'],
    organisation: 'beta',
  });
});
afterAll(async () => {
  await world.close();
  await issuer.close();
});

/** A browser at the issuer: follows its redirects with its cookies, until it is sent back. */
async function atIssuer(start: string): Promise<URL> {
  const jar = new Map<string, string>();
  let at = new URL(start);
  for (let step = 0; step < 10; step++) {
    const answer = await fetch(at, {
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const set of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (set.split(';', 1)[0] ?? '').split(/=(.*)/s);
      jar.set(name, value);
    }
    at = new URL(answer.headers.get('location') ?? '', at);
    if (at.origin === origin) return at;
  }
  throw new Error('never sent back');
}

const get = (url: string, cookie = '') =>
  world.http.server.inject({ method: 'GET', url, headers: cookie === '' ? {} : { cookie } });
const cookies = (answer: Awaited<ReturnType<typeof get>>): string[] =>
  [answer.headers['set-cookie'] ?? []].flat();
const cookieFrom = (answer: Awaited<ReturnType<typeof get>>, name: string): string =>
  cookies(answer)
    .find((set) => set.startsWith(`${name}=`))
    ?.split(';', 1)[0] ?? '';

async function begin() {
  const begun = await get('/api/session/issuers/agency');
  expect(begun.statusCode).toBe(303);
  return { location: String(begun.headers.location), browser: cookieFrom(begun, '__Host-ironbark-issuer') };
}
async function signIn() {
  const { location, browser } = await begin();
  const back = await atIssuer(location);
  return { back, browser, answer: await get(back.pathname + back.search, browser) };
}
const kim = { email: 'KIM@acme.example', verified: true, amr: ['pwd', 'mfa'] };

describe('a sign-in with an issuer', () => {
  test('opens a session for the account with the e-mail address that the issuer verified, and asks for no password', async () => {
    issuer.signInAs('subject-1', kim);
    const { answer } = await signIn();
    expect(answer.statusCode).toBe(200);
    const cookie = cookieFrom(answer, '__Host-ironbark');
    expect(cookies(answer).join()).toMatch(/SameSite=Strict/);
    const { json } = await world.call('GET', '/api/session', { cookie });
    expect(json).toMatchObject({
      user: { email: 'kim@acme.example' },
      signedInWith: 'issuer',
      tenancies: [{ organisation: 'acme' }, { organisation: 'acme' }],
    });
  });

  test('knows the person again by the subject, whatever the address has become', async () => {
    issuer.signInAs('subject-1', { ...kim, email: 'kim.married@acme.example' });
    expect((await signIn()).answer.statusCode).toBe(200);
  });

  const refusals: [string, string, Person][] = [
    ['one factor only', 'subject-2', { email: 'weak@acme.example', verified: true, amr: ['pwd'] }],
    [
      'an address that is not verified',
      'subject-3',
      { email: 'unverified@acme.example', verified: false, amr: ['mfa'] },
    ],
    ['nobody known', 'subject-4', { email: 'who@acme.example', verified: true, amr: ['mfa'] }],
    [
      "another organisation's account",
      'subject-5',
      { email: 'bo@beta.example', verified: true, amr: ['mfa'] },
    ],
    ['an account that is another subject\u2019s', 'subject-6', kim],
  ];
  test.each(refusals)('is refused for %s', async (_why, subject, person) => {
    issuer.signInAs(subject, person);
    const { answer } = await signIn();
    expect(answer.headers.location).toBe('/sign-in?problem=issuer-refused');
    expect(cookieFrom(answer, '__Host-ironbark')).toBe('');
  });

  test('is refused for a locked account', async () => {
    issuer.signInAs('subject-7', { email: 'out@acme.example', verified: true, amr: ['mfa'] });
    const { users } = (await world.call('GET', '/api/users', admin.headers)).json as {
      users: { id: string; email: string }[];
    };
    const id = users.find(({ email }) => email === 'out@acme.example')?.id ?? '';
    await world.call('PATCH', `/api/users/${id}`, admin.headers, { locked: true });
    expect((await signIn()).answer.headers.location).toBe('/sign-in?problem=issuer-refused');
  });

  test('is finished once, in the browser that began it, within ten minutes', async () => {
    issuer.signInAs('subject-1', kim);
    const first = await signIn();
    const again = await get(first.back.pathname + first.back.search, first.browser);
    expect(again.headers.location).toMatch(/problem=/);

    const stolen = await begin();
    const back = await atIssuer(stolen.location);
    expect((await get(back.pathname + back.search)).headers.location).toMatch(/problem=/);

    const late = await begin();
    const backLate = await atIssuer(late.location);
    world.clock.advance(601);
    expect((await get(backLate.pathname + backLate.search, late.browser)).headers.location).toMatch(
      /problem=/,
    );
    world.clock.set(new Date());
  });

  test('is refused when the issuer says no, and when the answer was made up', async () => {
    const { browser, location } = await begin();
    const state = new URL(location).searchParams.get('state') ?? '';
    expect(
      (await get(`/api/session/issuers/agency/callback?error=access_denied&state=${state}`, browser)).headers
        .location,
    ).toMatch(/problem=issuer-refused/);
    const second = await begin();
    const made = new URL(second.location).searchParams.get('state') ?? '';
    expect(
      (await get(`/api/session/issuers/agency/callback?code=made-up&state=${made}`, second.browser)).headers
        .location,
    ).toMatch(/problem=issuer-refused/);
    expect((await get('/api/session/issuers/agency/callback')).headers.location).toMatch(
      /problem=issuer-refused/,
    );
  });
});

describe('a back-channel logout', () => {
  const token = (claims: object, more: { sub?: string; key?: typeof issuer.privateKey } = {}) =>
    new SignJWT({ events: { 'http://schemas.openid.net/event/backchannel-logout': {} }, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .setIssuer(issuer.url)
      .setAudience('ironbark')
      .setSubject(more.sub ?? 'subject-1')
      .setIssuedAt(Math.floor(world.clock.now().getTime() / 1000))
      .setJti('j1')
      .sign(more.key ?? issuer.privateKey);
  const logout = async (text: string) =>
    world.http.server.inject({
      method: 'POST',
      url: '/api/session/issuers/agency/logout',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ logout_token: text }).toString(),
    });

  test('ends the sessions that came from the issuer, and only with a token that holds', async () => {
    issuer.signInAs('subject-1', kim);
    const cookie = cookieFrom((await signIn()).answer, '__Host-ironbark');
    const stranger = await generateKeyPair('ES256');
    expect((await logout(await token({}, { key: stranger.privateKey }))).statusCode).toBe(401);
    expect((await logout(await token({ events: {} }))).statusCode).toBe(401);
    expect((await logout(await token({ nonce: 'x' }))).statusCode).toBe(401);
    expect((await logout('not a token')).statusCode).toBe(401);
    expect((await logout(await token({}, { sub: 'nobody' }))).statusCode).toBe(200);
    expect((await world.call('GET', '/api/session', { cookie })).status).toBe(200);
    expect((await logout(await token({}))).statusCode).toBe(200);
    expect((await world.call('GET', '/api/session', { cookie })).status).toBe(401);
  });
});

describe('issuers', () => {
  test('are named on the sign-in page without their secrets', async () => {
    expect((await world.call('GET', '/api/session/issuers')).json).toEqual({
      issuers: [{ id: 'agency', name: 'Agency sign-in' }],
    });
    const { json } = await world.call('GET', '/api/issuers', admin.headers);
    expect(JSON.stringify(json)).not.toContain('a secret of the client');
    expect(json).toMatchObject({
      issuers: [{ redirectUri: `${origin}/api/session/issuers/agency/callback` }],
    });
  });

  test.each([
    ['http://issuer.example', 400],
    ['https://issuer.example/?a=b', 400],
    ['https://user:pass@issuer.example', 400],
    ['ftp://issuer.example', 400],
  ])('can not be at %s', async (url, status) => {
    const answer = await world.call('POST', '/api/issuers', admin.headers, {
      id: 'x',
      name: 'x',
      url,
      clientId: 'x',
      organisation: 'acme',
    });
    expect(answer.status).toBe(status);
  });

  test('that do not answer are said to be away', async () => {
    await world.call('POST', '/api/issuers', admin.headers, {
      id: 'gone',
      name: 'Gone',
      url: 'http://127.0.0.1:9',
      clientId: 'x',
      organisation: 'acme',
    });
    expect((await get('/api/session/issuers/gone')).statusCode).toBe(502);
    expect((await world.call('DELETE', '/api/issuers/gone', admin.headers)).status).toBe(204);
    expect((await get('/api/session/issuers/gone')).statusCode).toBe(404);
  });

  test('that are disabled let nobody in', async () => {
    await world.call('PATCH', '/api/issuers/agency', admin.headers, { enabled: false });
    expect((await get('/api/session/issuers/agency')).statusCode).toBe(404);
    expect((await world.call('GET', '/api/session/issuers')).json).toEqual({ issuers: [] });
    await world.call('PATCH', '/api/issuers/agency', admin.headers, { enabled: true });
  });

  test('are the business of administrators', async () => {
    const member = await world.person('plain@acme.example', ['member'], 'acme');
    for (const [method, url] of [
      ['GET', '/api/issuers'],
      ['POST', '/api/issuers'],
      ['DELETE', '/api/issuers/agency'],
    ] as const)
      expect(
        (await world.call(method, url, member.headers, method === 'POST' ? {} : undefined)).status,
      ).not.toBe(200);
  });
});

test('a session of an issuer is a session like others: signing out ends it', async () => {
  issuer.signInAs('subject-1', kim);
  const cookie = cookieFrom((await signIn()).answer, '__Host-ironbark');
  const { json } = await world.call('GET', '/api/session', { cookie });
  const gone = await world.call('DELETE', '/api/session', {
    cookie,
    'x-csrf-token': String(json['csrfToken']),
  });
  expect(gone.status).toBe(204);
  expect(cookieOf(gone)).not.toContain(cookie);
  expect((await world.call('GET', '/api/session', { cookie })).status).toBe(401);
});
