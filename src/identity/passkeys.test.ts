import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { authenticator, userPresent, userVerified } from './testing-authenticator.ts';
import { fixedDirectory } from './testing-directory.ts';
import { cookieOf, openWorld, password, type Signed, type World } from './testing.ts';

let world: World;
let jo: Signed;
beforeAll(async () => {
  world = await openWorld(fixedDirectory());
  jo = await world.founder();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.clock.advance(60);
  jo = { ...jo, headers: await signedIn() };
});

async function signedIn(): Promise<Record<string, string>> {
  const answer = await world.signIn(jo);
  return { cookie: cookieOf(answer), 'x-csrf-token': String(answer.json['csrfToken']) };
}

const challengeFor = async (url: string, headers: Record<string, string> = {}) =>
  String((await world.call('POST', url, headers)).json['challenge']);
const register = async (key: ReturnType<typeof authenticator>, headers = jo.headers) =>
  world.call(
    'POST',
    '/api/passkeys',
    headers,
    key.create(await challengeFor('/api/passkeys/options', headers)),
  );
const signInWith = async (answer: object) => world.call('POST', '/api/session/passkey', {}, answer);
const fresh = () => challengeFor('/api/session/passkey/options');

describe('a passkey', () => {
  test('is registered by who is signed in, and signs in by itself', async () => {
    const key = authenticator();
    expect((await register(key)).json).toMatchObject({ hasPasskey: true });
    const answer = await signInWith(key.get(await fresh()));
    expect([answer.status, (answer.json['user'] as { email: string }).email]).toEqual([200, jo.email]);
    expect((await world.call('GET', '/api/session', { cookie: cookieOf(answer) })).status).toBe(200);
  });

  test('can be the second factor that completes an enrolment', async () => {
    const made = await world.call('POST', '/api/users', world.local, {
      name: 'Key',
      email: 'key@wattle.example',
      roles: ['analyst'],
      organisation: 'wattle',
    });
    const token = new URL(String(made.json['link'])).searchParams.get('token');
    const begun = await world.call(
      'POST',
      '/api/first-sign-in',
      {},
      { token, name: 'Key', email: 'key@wattle.example', password },
    );
    const half = { cookie: cookieOf(begun), 'x-csrf-token': String(begun.json['csrfToken']) };
    const done = await register(authenticator(), half);
    expect([done.status, done.json['permissions']]).toEqual([200, expect.arrayContaining(['alert.work'])]);
    expect(cookieOf(done)).not.toBe(half.cookie);
    expect((await world.call('GET', '/api/session', half)).status).toBe(401);
    expect((await world.call('GET', '/api/session', { cookie: cookieOf(done) })).status).toBe(200);
  });

  test('of somebody else can not be registered again', async () => {
    const key = authenticator();
    await register(key);
    const lou = await world.person('lou@wattle.example', ['analyst'], 'wattle');
    expect((await register(key, lou.headers)).json['code']).toBe('passkey-refused');
  });

  test.each([
    ['on another site', { from: 'https://siem.example.evil.example' }],
    ['without its owner being verified', { flags: userPresent }],
    ['without its owner being there', { flags: userVerified }],
  ])('is refused %s', async (_where, how) => {
    const key = authenticator();
    const options = await challengeFor('/api/passkeys/options', jo.headers);
    expect(
      (await world.call('POST', '/api/passkeys', jo.headers, key.create(options, how))).json['code'],
    ).toBe('passkey-refused');
    await register(key);
    expect((await signInWith(key.get(await fresh(), how))).json['code']).toBe('sign-in-refused');
    expect((await signInWith(key.get(await fresh()))).status).toBe(200);
  });

  test('answers a challenge once, in five minutes, and only one of ours', async () => {
    const key = authenticator();
    await register(key);
    const challenge = await fresh();
    expect((await signInWith(key.get(challenge))).status).toBe(200);
    expect((await signInWith(key.get(challenge))).status).toBe(401);
    const old = await fresh();
    world.clock.advance(5 * 60 + 1);
    expect((await signInWith(key.get(old))).status).toBe(401);
    expect((await signInWith(key.get(randomBytes(32).toString('base64url')))).status).toBe(401);
    const forRegistering = await challengeFor('/api/passkeys/options', await signedIn());
    expect((await signInWith(key.get(forRegistering))).status).toBe(401);
  });

  test('that was copied is found out by its counter', async () => {
    const key = authenticator();
    await register(key);
    for (let n = 0; n < 3; n++) expect((await signInWith(key.get(await fresh()))).status).toBe(200);
    key.rewind();
    expect((await signInWith(key.get(await fresh()))).status).toBe(401);
  });

  test('does not get past a lock', async () => {
    const key = authenticator();
    await register(key);
    for (let n = 0; n < 5; n++) await world.signIn(jo, { code: '000000' });
    expect((await signInWith(key.get(await fresh()))).status).toBe(401);
    world.clock.advance(15 * 60);
    expect((await signInWith(key.get(await fresh()))).status).toBe(200);
  });

  test('answer that is not one is refused, not a fault of ours', async () => {
    const key = authenticator();
    await register(key);
    const good = key.get(await fresh());
    for (const response of [
      { clientDataJSON: '' },
      { clientDataJSON: 'e30' },
      { ...good.response, signature: 'AAAA' },
      { ...good.response, authenticatorData: '' },
    ])
      expect((await signInWith({ ...good, response })).status).toBe(401);
    expect((await signInWith({ ...good, id: 'nobody' })).status).toBe(401);
    expect((await signInWith({})).status).toBe(400);
  });
});
