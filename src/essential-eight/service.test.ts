import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImplementationStatus } from '#contract/governance';
import { type Actor, actorOf } from '#identity';
import { NotFound } from '#platform/errors';
import { scopeOf, tenancyId } from '#platform/scope';
import { sql } from 'kysely';
import { type CommunityWorld, engines, openCommunity } from '../community/organisations/testing.ts';
import {
  changeTarget,
  type ControlStanding,
  type EssentialEightDeps,
  listMaturity,
  maturityOverTime,
  readMaturity,
  recordMaturity,
} from './service.ts';
import { shippedTable } from './testing.ts';

const table = shippedTable();

describe.each(engines())('the essential eight of an environment on %s', (_engine, open) => {
  let world: CommunityWorld;
  let deps: EssentialEightDeps;
  let officer: Actor;
  let stranger: Actor;
  const standings = new Map<string, ControlStanding>();
  const catalogue = new Map<string, readonly string[]>();
  const all = (status: ImplementationStatus): void => {
    for (const { id } of table.controls) standings.set(id, { control: id, status, because: 'said so' });
  };

  beforeAll(async () => {
    world = await openCommunity(await open());
    deps = {
      ...world.deps,
      table,
      standingsOf: async () => [...standings.values()],
      catalogueLevels: async () => catalogue,
    };
    const of = (tenancy: string): Actor =>
      actorOf({
        kind: 'user',
        id: `of-${tenancy}`,
        name: 'Mira',
        organisation: 'wattle',
        ofProvider: true,
        roles: [],
        permissions: new Set(['governance.read', 'governance.manage']),
        scopeOrNone: scopeOf([tenancyId(tenancy)]),
      });
    officer = of('wattle-odce');
    stranger = of('acme-odce');
  }, 120_000);
  afterAll(() => world.close());

  test('of which nothing is known is at ML0 and could be at ML3, held to ML2', async () => {
    const [odce, ...others] = await listMaturity(deps, officer);
    expect(others).toEqual([]);
    expect(odce).toMatchObject({
      environment: 'odce',
      level: 0,
      possible: 3,
      target: 2,
      met: 'unknown',
      levelsFrom: 'table',
      asOf: null,
    });
    const { gaps, controls, changes } = await readMaturity(deps, officer, 'odce');
    expect(controls).toHaveLength(126);
    expect(gaps).toHaveLength(87);
    expect(gaps.every(({ verdict, bring }) => verdict === 'unknown' && bring.length > 0)).toBe(true);
    expect(changes).toEqual({ since: null, level: null, strategies: [], controls: [] });
  });

  test('is kept when it changes, and not when it does not', async () => {
    all('Effective');
    await recordMaturity(deps, 'odce');
    world.clock.advance(3600);
    await recordMaturity(deps, 'odce');
    expect((await maturityOverTime(deps, officer, 'odce', 90)).points).toHaveLength(1);
    world.clock.advance(86_400);
    standings.set('ism-1511', {
      control: 'ism-1511',
      status: 'Ineffective',
      because: '1 of 2 data sets don’t have a backup as fresh as the plan asks.',
      failing: [
        {
          subject: 'Ledger',
          why: 'its newest backup was of 2026-05-01',
          due: new Date('2026-05-02T00:00:00Z'),
        },
      ],
      owner: 'Ben',
      asOf: new Date('2026-05-03T00:00:00Z'),
      exception: { until: new Date('2026-07-01T00:00:00Z') },
    });
    await recordMaturity(deps, 'odce');
    const { points } = await maturityOverTime(deps, officer, 'odce', 90);
    expect(points.map(({ level }) => level)).toEqual([3, 0]);
    expect(points[1]?.strategies['regular-backups']).toEqual({ level: 0, possible: 0 });
  });

  test('says in words what its target lacks, and what changed since yesterday', async () => {
    const { gaps, changes, asOf, met } = await readMaturity(deps, officer, 'odce');
    expect(met).toBe('no');
    expect(asOf).toBe('2026-05-03T00:00:00.000Z');
    expect(gaps.map(({ text }) => text)).toEqual([
      '1 of 2 data sets don’t have a backup as fresh as the plan asks. Ledger, due 2026-05-02. Ben owes it. Accepted until 2026-07-01; it stays not met.',
    ]);
    expect(changes).toMatchObject({
      level: { before: 3, after: 0 },
      strategies: [{ strategy: 'regular-backups', before: 3, after: 0 }],
      controls: [{ control: 'ism-1511', before: 'met', after: 'not-met' }],
    });
  });

  test('is held to another level by whoever may, and the ledger says so', async () => {
    expect(await changeTarget(deps, officer, 'odce', 3)).toMatchObject({ target: 3, met: 'no' });
    const entry = (await world.ledger()).find(({ action }) => action === 'essential-eight.target');
    expect(entry).toMatchObject({ facts: { before: 2, after: 3 }, tenancy: 'wattle-odce' });
    expect((await listMaturity(deps, officer))[0]?.target).toBe(3);
  });

  test('takes its levels from the catalogue, and tells where it differs from ours', async () => {
    for (const { id, levels } of table.controls)
      catalogue.set(
        id,
        levels.map((at) => `ML${at}`),
      );
    catalogue.set('ism-1896', ['ML2', 'ML3']);
    const [odce] = await listMaturity(deps, officer);
    expect(odce).toMatchObject({
      levelsFrom: 'catalogue',
      differences: [{ control: 'ism-1896', table: [3], catalogue: [2, 3], placed: true }],
    });
    catalogue.clear();
  });

  test('isn’t seen by those whose scope doesn’t reach it', async () => {
    expect(await listMaturity(deps, stranger)).toEqual([]);
    await expect(readMaturity(deps, stranger, 'odce')).rejects.toThrow(NotFound);
    await expect(maturityOverTime(deps, stranger, 'odce', 9)).rejects.toThrow(NotFound);
    await expect(changeTarget(deps, stranger, 'odce', 1)).rejects.toThrow(NotFound);
    // The second wall: rows of another tenancy.
    const { rows } = await world.deps.records.transaction(stranger.scope, (tx) =>
      sql`select environment from essential_eight.maturity`.execute(tx),
    );
    expect(rows).toEqual([]);
  });
});
