import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixedDirectory } from '../testing-directory.ts';
import { openWorld, type Signed, type World } from '../testing.ts';
import { idleDays, overdue, unreviewedDays } from './idle.ts';
import { sweepAccounts } from './service.ts';

const daySeconds = 24 * 60 * 60;
const at = (days: number): Date => new Date(Date.UTC(2026, 0, 1) + days * daySeconds * 1000);
const account = {
  barred: false,
  removedAt: null,
  createdAt: at(0),
  lastSignInAt: null,
  reinstatedAt: null,
  reviewedAt: null,
};

describe('an account is overdue', () => {
  test.each([
    ['a day before 45 days without use', { lastSignInAt: at(100) }, 144, undefined],
    ['at 45 days without use', { lastSignInAt: at(100) }, 145, 'idle'],
    ['at 45 days when it was never used', {}, idleDays, 'idle'],
    ['45 days after it was let in again', { lastSignInAt: at(1), reinstatedAt: at(100) }, 144, undefined],
    ['a year after it was made', { lastSignInAt: at(364) }, unreviewedDays, 'unreviewed'],
    ['a day before that', { lastSignInAt: at(364) }, unreviewedDays - 1, undefined],
    ['a year after its review', { lastSignInAt: at(499), reviewedAt: at(200) }, 565, 'unreviewed'],
    ['when it is locked already: it stays as it is', { barred: true }, 1000, undefined],
    ['when it is gone', { removedAt: at(1) }, 1000, undefined],
  ] as const)('%s', (_when, change, days, why) => {
    expect(overdue({ ...account, ...change }, at(days))).toBe(why);
  });
});

let world: World;
let admin: Signed;
let users: Map<string, { id: string; suspendedWhy: string | null; locked: boolean; email: string }>;
beforeAll(async () => {
  world = await openWorld(fixedDirectory());
  admin = await world.founder();
});
afterAll(() => world.close());

async function look(): Promise<typeof users> {
  const { users: list } = (await world.call('GET', '/api/users', world.local)).json as {
    users: { id: string; suspendedWhy: string | null; locked: boolean; email: string }[];
  };
  users = new Map(list.map((user) => [user.email, user]));
  return users;
}
type Detail = {
  review: { id: string; accounts: number; decided: number; closedAt: string | null };
  items: { email: string; decision: string | null; own: boolean }[];
};
const start = async (who: Record<string, string>, body: object) =>
  // The contract of the route.
  (await world.call('POST', '/api/reviews', who, { name: 'Quarter', ...body })).json as Detail;

describe('an access review', () => {
  test('keeps whom somebody speaks for, suspends whom somebody speaks against, and at its end whom nobody spoke for', async () => {
    const kept = await world.person('kept@acme.example', ['member'], 'acme');
    const removed = await world.person('removed@acme.example', ['member'], 'acme');
    await world.person('forgotten@acme.example', ['member'], 'acme');
    await world.person('else@beta.example', ['member'], 'beta');
    await look();
    const { review, items } = await start(admin.headers, { organisation: 'acme' });
    expect(items.map(({ email }) => email).toSorted()).toEqual([
      'forgotten@acme.example',
      'kept@acme.example',
      'removed@acme.example',
    ]);
    const say = (email: string, decision: string) =>
      world.call('POST', `/api/reviews/${review.id}/decisions`, admin.headers, {
        users: [users.get(email)?.id],
        decision,
        reason: 'asked their manager',
      });
    await say('kept@acme.example', 'keep');
    await say('removed@acme.example', 'remove');
    expect((await world.call('GET', '/api/session', removed.headers)).status).toBe(401);
    const ended = (await world.call('POST', `/api/reviews/${review.id}/end`, admin.headers)).json as Detail;
    expect(ended.review).toMatchObject({ accounts: 3, decided: 2 });
    expect(ended.review.closedAt).not.toBeNull();
    await look();
    expect(
      ['kept', 'removed', 'forgotten'].map((name) => users.get(`${name}@acme.example`)?.suspendedWhy),
    ).toEqual([null, 'review', 'unreviewed']);
    expect(users.get('else@beta.example')?.suspendedWhy).toBeNull();
    expect((await world.call('GET', '/api/session', kept.headers)).status).toBe(200);
    expect((await say('kept@acme.example', 'remove')).status).toBe(409);
  });

  test('is decided by others: nobody confirms their own account', async () => {
    const { review, items } = await start(admin.headers, { organisation: 'wattle' });
    expect(items.find(({ own }) => own)?.email).toBe('first@wattle.example');
    const own = await world.call('POST', `/api/reviews/${review.id}/decisions`, admin.headers, {
      users: [(await look()).get('first@wattle.example')?.id],
      decision: 'keep',
      reason: 'it is me',
    });
    expect(own.status).toBe(400);
    expect(JSON.stringify(own.json)).toContain('colleague');
    await world.call('POST', `/api/reviews/${review.id}/decisions`, world.local, {
      users: [users.get('first@wattle.example')?.id],
      decision: 'keep',
      reason: 'known',
    });
  });

  test('of a customer is the customer\u2019s and the provider\u2019s, and nobody else\u2019s', async () => {
    const officer = await world.person('officer@acme.example', ['officer'], 'acme');
    const foreign = await world.person('officer@beta.example', ['officer'], 'beta');
    // Asked for everybody, a customer gets its own.
    const { review, items } = await start(officer.headers, { organisation: null });
    expect(items.every(({ email }) => email.endsWith('@acme.example'))).toBe(true);
    expect((await world.call('GET', `/api/reviews/${review.id}`, foreign.headers)).status).toBe(404);
    expect((await world.call('POST', `/api/reviews/${review.id}/end`, foreign.headers)).status).toBe(404);
    expect(JSON.stringify((await world.call('GET', '/api/reviews', foreign.headers)).json)).not.toContain(
      review.id,
    );
    expect((await world.call('GET', `/api/reviews/${review.id}`, admin.headers)).status).toBe(200);
    const outsider = await world.call('POST', `/api/reviews/${review.id}/decisions`, officer.headers, {
      users: [users.get('else@beta.example')?.id],
      decision: 'remove',
      reason: 'x',
    });
    expect(outsider.status).toBe(404);
  });
});

describe('the sweep', () => {
  test('closes campaigns when they are due, and suspends who was not there for 45 days', async () => {
    const idle = await world.person('idle@acme.example', ['member'], 'acme');
    world.clock.advance(44 * daySeconds);
    await world.signIn(admin);
    const busy = await world.person('busy@acme.example', ['member'], 'acme');
    world.clock.advance(daySeconds);
    expect(await sweepAccounts(world.deps)).toBeGreaterThan(0);
    await look();
    expect(users.get('officer@acme.example')?.suspendedWhy).toBe('unreviewed');
    expect(users.get('idle@acme.example')?.suspendedWhy).toBe('idle');
    expect(users.get('else@beta.example')?.suspendedWhy).toBe('idle');
    expect(users.get('busy@acme.example')?.suspendedWhy).toBeNull();
    expect(users.get('first@wattle.example')?.suspendedWhy).toBeNull();
    expect(await sweepAccounts(world.deps)).toBe(0);
    expect((await world.signIn(idle)).status).toBe(401);
    expect((await world.signIn(busy)).status).toBe(200);
  });

  test('lets whom an administrator lets in again have the whole time', async () => {
    const id = users.get('else@beta.example')?.id ?? '';
    await world.call('PATCH', `/api/users/${id}`, world.local, { locked: false });
    expect((await look()).get('else@beta.example')).toMatchObject({ locked: false, suspendedWhy: null });
    expect(await sweepAccounts(world.deps)).toBe(0);
  });

  test('is in the ledger', async () => {
    const { entries } = (await world.call('GET', '/api/ledger?limit=500', world.local)).json as {
      entries: { action: string; actor: { name: string }; facts: object }[];
    };
    expect(entries.find(({ action }) => action === 'user.suspended')).toMatchObject({
      actor: { name: 'access review' },
    });
    for (const action of ['review.started', 'review.kept', 'review.removed', 'review.closed'])
      expect(entries.map((entry) => entry.action)).toContain(action);
  });
});
