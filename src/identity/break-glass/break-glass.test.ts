import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixedDirectory } from '../testing-directory.ts';
import { sweepAccounts } from '../reviews/service.ts';
import { cookieOf, openWorld, type Signed, type World } from '../testing.ts';
import { afterWorkingDays } from './service.ts';

let world: World;
let ada: Signed;
let ben: Signed;
beforeAll(async () => {
  world = await openWorld(fixedDirectory());
  ada = await world.founder();
  ben = await world.person('ben@wattle.example', ['administrator'], 'wattle');
});
afterAll(() => world.close());

/** Signed in anew: the clock is moved past the end of sessions. */
async function again(who: Signed): Promise<Signed> {
  world.clock.advance(60);
  const answer = await world.signIn(who);
  const headers = { cookie: cookieOf(answer), 'x-csrf-token': String(answer.json['csrfToken']) };
  return answer.status === 200 ? { ...who, headers } : who;
}

const reason = 'The issuer is down and no passkey works.';
type HalfAnswer = { secret: string; half: string; account: { user: string; state: string; tested: boolean } };
// The contract of both routes.
const half = async (who: Signed, id: string) => {
  const answer = await world.call('POST', `/api/break-glass/${id}/half`, who.headers);
  return { status: answer.status, ...(answer.json as HalfAnswer) };
};
async function ready(email: string) {
  ada = await again(ada);
  ben = await again(ben);
  const made = await world.call('POST', '/api/break-glass', ada.headers, { name: 'Glass', email });
  const first = made.json as HalfAnswer;
  expect([made.status, first.half, first.account.state]).toEqual([201, 'first', 'half']);
  const second = await half(ben, first.account.user);
  expect([second.half, second.account.state]).toEqual(['second', 'ready']);
  return { id: first.account.user, email, first: first.secret, second: second.secret };
}
const use = (given: object, path = '/api/session/break-glass') =>
  world.call('POST', path, {}, { reason, ...given });
const view = async () => (await world.call('GET', '/api/break-glass', ada.headers)).json;

describe('a break-glass account', () => {
  test('opens with both halves and a reason, for an hour, once; and the use waits for its review', async () => {
    const { id, ...given } = await ready('glass@wattle.example');
    expect(given.first.length + given.second.length).toBeGreaterThanOrEqual(30);
    const opened = await use(given);
    expect(opened.json).toMatchObject({ signedInWith: 'break glass', roles: ['administrator'] });
    const cookie = opened.cookie?.split(';', 1)[0] ?? '';
    const ends = Date.parse(String(opened.json['expiresAt'])) - world.clock.now().getTime();
    expect(ends).toBe(60 * 60 * 1000);
    expect((await use(given)).status).toBe(401);
    const seen = await view();
    expect(seen).toMatchObject({
      accounts: [{ user: id, state: 'spent' }],
      uses: [{ user: id, reason, test: false }],
    });
    const [first] = seen['uses'] as { id: string; reviewDueAt: string }[];
    // Monday to Wednesday.
    expect(first?.reviewDueAt).toBe('2026-05-06T08:02:00.000Z');
    const csrf = { cookie, 'x-csrf-token': String(opened.json['csrfToken']) };
    const path = `/api/break-glass/uses/${first?.id}/review`;
    expect((await world.call('POST', path, csrf, { outcome: 'fine, says who did it' })).status).toBe(403);
    expect(
      (await world.call('POST', path, ben.headers, { outcome: 'The outage is ticket 12.' })).json,
    ).toMatchObject({
      uses: [{ reviewedBy: 'ben@wattle.example' }],
    });
    expect((await world.call('POST', path, ben.headers, { outcome: 'again' })).status).toBe(404);
  });

  test('is opened by nobody who holds one half', async () => {
    const { first, second, email, id } = await ready('two@wattle.example');
    for (const given of [
      { first, second: first },
      { first: second, second: first },
      { first, second: '' },
      { first: '', second },
    ])
      expect((await use({ email, ...given })).status).toBe(401);
    // The first half again, by its holder: both are made anew.
    expect((await half(ada, id)).account.state).toBe('half');
    expect((await half(ada, id)).status).toBe(409);
    expect((await use({ email, first, second })).status).toBe(401);
  });

  test('locks after five wrong attempts, for a quarter of an hour', async () => {
    const { id, ...given } = await ready('locked@wattle.example');
    for (let n = 0; n < 5; n++) expect((await use({ ...given, second: 'wrong' })).status).toBe(401);
    expect((await use(given)).status).toBe(401);
    world.clock.advance(15 * 60);
    expect((await use(given)).json).toMatchObject({ user: { id } });
  });

  test('can be tried without being spent', async () => {
    const { id, ...given } = await ready('tried@wattle.example');
    expect((await use(given, '/api/session/break-glass/test')).json).toEqual({ good: true });
    expect((await use({ ...given, first: 'no' }, '/api/session/break-glass/test')).status).toBe(401);
    const { accounts } = (await view()) as { accounts: { user: string; state: string; tested: boolean }[] };
    expect(accounts.find(({ user }) => user === id)).toMatchObject({ state: 'ready', tested: true });
    expect((await use(given)).status).toBe(200);
  });

  test('asks why', async () => {
    const { id: _, ...given } = await ready('why@wattle.example');
    expect((await use({ ...given, reason: 'because' })).status).toBe(400);
  });

  test('is not suspended for not being used: that is its lot', async () => {
    const { id, ...given } = await ready('idle@wattle.example');
    world.clock.advance(46 * 24 * 60 * 60);
    await sweepAccounts(world.deps);
    expect((await use(given)).json).toMatchObject({ user: { id } });
  });

  test('is the business of administrators, in person', async () => {
    const member = await world.person('plain@acme.example', ['officer'], 'acme');
    expect((await world.call('GET', '/api/break-glass', member.headers)).status).toBe(403);
    for (const who of [ada, ben]) {
      const { users } = (await world.call('GET', '/api/users', world.local)).json as {
        users: { id: string; email: string }[];
      };
      const id = users.find(({ email }) => email === who.email)?.id ?? '';
      await world.call('PATCH', `/api/users/${id}`, world.local, { locked: false });
    }
    // A person's own account does not become one.
    const { users } = (await world.call('GET', '/api/users', world.local)).json as {
      users: { id: string; email: string }[];
    };
    const ordinary = users.find(({ email }) => email === 'plain@acme.example')?.id ?? '';
    expect((await world.call('POST', `/api/break-glass/${ordinary}/half`, world.local)).status).toBe(404);
  });
});

test.each([
  ['2026-05-04T08:00:00Z', '2026-05-06T08:00:00.000Z'],
  ['2026-05-07T08:00:00Z', '2026-05-11T08:00:00.000Z'],
  ['2026-05-09T08:00:00Z', '2026-05-12T08:00:00.000Z'],
])('two working days after %s are at %s', (from, to) => {
  expect(afterWorkingDays(new Date(from), 2).toISOString()).toBe(to);
});
