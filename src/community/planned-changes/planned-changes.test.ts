import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Actor, actorOf } from '#identity';
import { scopeOf, tenancyId } from '#platform/scope';
import { type CommunityWorld, engines, openCommunity } from '../organisations/testing.ts';
import { newChange } from './contract.ts';
import { decisionFault, windowFault } from './planned-change.ts';
import { closeChange, decideOnChange, listChanges, requestChange, showChange } from './planned-changes.ts';
import { changesToDecideBy } from './store.ts';

const now = new Date('2026-05-04T08:00:00.000Z');
const hours = (count: number): Date => new Date(now.getTime() + count * 3_600_000);

describe('a window', () => {
  test.each([
    ['that ends before it begins', hours(2), hours(1), false],
    ['without any length', hours(1), hours(1), false],
    ['that is over', hours(-2), now, false],
    ['of more than 14 days', hours(1), hours(14 * 24 + 1.001), false],
    ['of an emergency of more than a day', hours(0), hours(24.001), true],
  ])('%s is refused', (_name, from, until, emergency) => {
    expect(windowFault({ from, until, emergency }, now)).toEqual(expect.any(String));
  });

  test('of 14 days, and an emergency of a day that has begun already, are not', () => {
    expect(windowFault({ from: hours(1), until: hours(14 * 24 + 1), emergency: false }, now)).toBeUndefined();
    expect(windowFault({ from: hours(-1), until: hours(23), emergency: true }, now)).toBeUndefined();
  });
});

test('a change can be decided on until its window ends, and not at that very moment', () => {
  const one = { state: 'draft', requestedBy: { id: 'asker', name: 'A' }, until: hours(1) } as const;
  expect(decisionFault(one, 'boss', new Date(hours(1).getTime() - 1))).toBeUndefined();
  expect(decisionFault(one, 'boss', hours(1))).toMatch(/over/);
  expect(decisionFault(one, 'asker', now)).toMatch(/Somebody else/);
});

const asked = newChange.parse({
  environment: 'odce',
  title: 'Replace the edge router',
  plan: 'Drain, replace, restore.',
  backOut: 'Put the old one back.',
  risk: 'medium',
  from: hours(1).toISOString(),
  until: hours(3).toISOString(),
});

describe.each(engines())('planned changes on %s', (_engine, open) => {
  let world: CommunityWorld;
  let asker: Actor;
  let boss: Actor;
  /** The provider's people see its own tenancies. */
  const ofProvider = (id: string, environments: readonly string[] = ['odce', 'pdce']): Actor =>
    actorOf({
      kind: 'user',
      id,
      userId: id,
      name: id,
      organisation: 'wattle',
      ofProvider: true,
      roles: ['administrator'],
      permissions: new Set(),
      scopeOrNone: scopeOf(environments.map((one) => tenancyId(`wattle-${one}`))),
    });
  beforeAll(async () => {
    world = await openCommunity(await open());
    asker = ofProvider('asker');
    boss = ofProvider('boss');
  }, 120_000);
  afterAll(() => world.close());

  test('is asked for, approved by another, open in its window, and closed with what came of it', async () => {
    const made = await requestChange(world.deps, asker, asked);
    expect(made).toMatchObject({
      state: 'draft',
      open: false,
      requestedBy: { id: 'asker' },
      decidedBy: null,
    });
    const approved = await decideOnChange(world.deps, boss, made.id, { decision: 'approve', note: 'agreed' });
    expect(approved).toMatchObject({ state: 'approved', open: false, decidedBy: { id: 'boss' } });
    world.clock.advance(3600);
    expect(await showChange(world.deps, asker, made.id)).toMatchObject({ state: 'approved', open: true });
    const closed = await closeChange(world.deps, asker, made.id, { outcome: 'done', note: 'no remarks' });
    expect(closed).toMatchObject({ state: 'closed', open: false, outcome: 'done', closedBy: 'asker' });
    expect(await showChange(world.deps, boss, made.id)).toEqual(closed);
    await expect(
      closeChange(world.deps, asker, made.id, { outcome: 'done', note: 'again' }),
    ).rejects.toMatchObject({ code: 'conflict' });
    const entries = (await world.ledger()).filter(({ action }) => action.startsWith('change.'));
    expect(entries.map(({ action, tenancy }) => [action, tenancy])).toEqual([
      ['change.requested', 'wattle-odce'],
      ['change.approved', 'wattle-odce'],
      ['change.closed', 'wattle-odce'],
    ]);
  });

  test('is not approved by who asked for it, an emergency either, and the attempt is recorded', async () => {
    const given = {
      ...asked,
      from: world.clock.now().toISOString(),
      emergencyReason: 'The storage is failing.',
    };
    const made = await requestChange(world.deps, asker, {
      ...given,
      until: new Date(world.clock.now().getTime() + 3_600_000).toISOString(),
    });
    await expect(
      decideOnChange(world.deps, asker, made.id, { decision: 'approve', note: 'mine' }),
    ).rejects.toMatchObject({ code: 'change-refused' });
    expect((await world.ledger()).at(-1)).toMatchObject({ action: 'change.decision-refused' });
    expect(await showChange(world.deps, asker, made.id)).toMatchObject({ state: 'draft', open: false });
    expect(
      await decideOnChange(world.deps, boss, made.id, { decision: 'approve', note: 'go' }),
    ).toMatchObject({ open: true });
  });

  test('what was rejected is not approved afterwards, and nothing is done under a draft', async () => {
    const until = new Date(world.clock.now().getTime() + 7_200_000).toISOString();
    const made = await requestChange(world.deps, asker, { ...asked, until });
    await expect(
      closeChange(world.deps, asker, made.id, { outcome: 'done', note: 'already' }),
    ).rejects.toMatchObject({ code: 'conflict' });
    await decideOnChange(world.deps, boss, made.id, { decision: 'reject', note: 'not now' });
    await expect(
      decideOnChange(world.deps, boss, made.id, { decision: 'approve', note: 'after all' }),
    ).rejects.toMatchObject({ code: 'change-refused' });
    const [entry] = await world.tx((tx) => changesToDecideBy(tx, [made.id]));
    expect(entry).toMatchObject({ state: 'rejected' });
  });

  test('two who approve at once make one approval', async () => {
    const until = new Date(world.clock.now().getTime() + 7_200_000).toISOString();
    const { id } = await requestChange(world.deps, asker, { ...asked, until });
    const both = await Promise.allSettled(
      [boss, ofProvider('chief')].map((one) =>
        decideOnChange(world.deps, one, id, { decision: 'approve', note: 'yes' }),
      ),
    );
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test('an environment out of scope, and who is no person, are refused', async () => {
    const until = new Date(world.clock.now().getTime() + 7_200_000).toISOString();
    const inPdce = { ...asked, until, environment: 'pdce' };
    const { id } = await requestChange(world.deps, asker, inPdce);
    const narrow = ofProvider('narrow', ['odce']);
    await expect(requestChange(world.deps, narrow, inPdce)).rejects.toMatchObject({ code: 'not-found' });
    await expect(showChange(world.deps, narrow, id)).rejects.toMatchObject({ code: 'not-found' });
    await expect(
      decideOnChange(world.deps, narrow, id, { decision: 'approve', note: 'x' }),
    ).rejects.toMatchObject({ code: 'not-found' });
    expect((await listChanges(world.deps, narrow, {})).map(({ environment }) => environment)).not.toContain(
      'pdce',
    );
    expect(await listChanges(world.deps, asker, { environment: 'pdce', state: 'draft' })).toMatchObject([
      { id },
    ]);
    await expect(requestChange(world.deps, world.admin, asked)).rejects.toMatchObject({ code: 'invalid' });
    await expect(requestChange(world.deps, world.as('carol', 'acme'), asked)).rejects.toMatchObject({
      code: 'not-allowed',
    });
  });
});
