import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startJobs } from '#platform/jobs';
import { NotFound } from '#platform/errors';
import { scopeOf, systemAccess, tenancyId } from '#platform/scope';
import { type CommunityWorld, engines, openCommunity } from '../community/organisations/testing.ts';
import { assess, assessment, governanceChanged } from './changes.ts';
import { systemOf, systemsIn } from './systems.ts';

const environment = 'odce';

describe.each(engines())('the assessment of a system on %s', (_engine, open) => {
  let world: CommunityWorld;
  beforeAll(async () => {
    world = await openCommunity(await open());
  }, 120_000);
  afterAll(() => world.close());

  const change = () =>
    world.tx((tx) => governanceChanged(tx, { environment, what: 'evidence', now: world.clock.now() }));
  const running = (step: (environment: string) => Promise<void>) => {
    const { records, clock } = world.deps;
    const deps = { records, now: () => clock.now() };
    return startJobs({
      records,
      clock,
      log: { warn: () => undefined, error: () => undefined },
      handlers: {
        // What governanceChanged wrote.
        [assessment]: (payload) => assess(deps, [step], payload as { environment: string; revision: number }),
      },
    });
  };

  test('many changes before it cost one, and a change during it another one', async () => {
    for (let change_ = 0; change_ < 5; change_++) await change();
    let runs = 0;
    const done = Promise.withResolvers<void>();
    const jobs = running(async (which) => {
      expect(which).toBe(environment);
      if (++runs === 1) await change();
      else done.resolve();
    });
    await done.promise;
    await jobs.stop();
    expect(runs).toBe(2);
  });

  test('a change that was rolled back asks for nothing', async () => {
    await expect(
      world.tx(async (tx) => {
        await governanceChanged(tx, { environment, what: 'controls', now: world.clock.now() });
        throw new Error('not this time');
      }),
    ).rejects.toThrow('not this time');
    let runs = 0;
    const jobs = running(async () => void runs++);
    await jobs.stop();
    expect(runs).toBe(0);
  });

  test('a system is seen by whose scope covers the internal tenancy of its environment', async () => {
    const all = await world.tx((tx) => systemsIn(tx, systemAccess('test')));
    expect(all.map((system) => system.environment)).toEqual(['odce', 'pdce']);
    const own = scopeOf([tenancyId(all[0]?.tenancy ?? '')]);
    const foreign = scopeOf([tenancyId('acme-odce')]);
    if (own === undefined || foreign === undefined) throw new Error('no scope');
    expect(await world.tx((tx) => systemOf(tx, own, 'odce'))).toEqual(all[0]);
    await expect(world.tx((tx) => systemOf(tx, own, 'pdce'))).rejects.toThrow(NotFound);
    expect(await world.tx((tx) => systemsIn(tx, foreign))).toEqual([]);
  });
});
