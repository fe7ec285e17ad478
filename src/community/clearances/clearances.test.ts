import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endPerson } from '#community/organisations';
import { type CommunityWorld, engines, openCommunity } from '../organisations/testing.ts';
import { clearanceChanges, confirmClearance, listClearances, setClearance } from './clearances.ts';
import type { ClearanceInput } from './contract.ts';
import { clearanceOf } from './index.ts';
import { importClearances } from './import.ts';
import { listRequirements } from './requirements.ts';

const nv1: ClearanceInput = {
  level: 'nv1',
  status: 'active',
  sponsor: 'Wattle',
  sponsorActive: true,
  grantedOn: '2024-01-31',
  revalidationDueOn: null,
  citizenships: ['AU'],
  waiver: null,
  waiverUntil: null,
};
const head =
  'email,organisation,level,status,sponsor,sponsor active,granted,citizenship,confirmed,evidence\n';

describe.each(engines())('clearances on %s', (_engine, open) => {
  let world: CommunityWorld;
  beforeAll(async () => {
    world = await openCommunity(await open());
  }, 120_000);
  afterAll(() => world.close());
  const imported = (rows: string, dryRun = false) =>
    importClearances(world.deps, world.admin, Buffer.from(head + rows), dryRun);
  const levelNow = async (person: string) =>
    (await world.tx((tx) => clearanceOf(tx, person, world.clock.now())))?.level;

  test('is usable once it is recorded and confirmed by somebody else, and a new level is to be confirmed anew', async () => {
    const { actor, person } = await world.member('eng', 'wattle');
    const { actor: officer } = await world.member('sec', 'wattle');
    await expect(confirmClearance(world.deps, officer, person.id, 'call')).rejects.toThrow(
      /nothing to confirm/,
    );
    expect(await setClearance(world.deps, officer, person.id, nv1)).toMatchObject({
      usable: false,
      why: [{ code: 'never-confirmed' }],
    });
    await expect(confirmClearance(world.deps, actor, person.id, 'call')).rejects.toThrow(/their own/);
    expect(await confirmClearance(world.deps, officer, person.id, 'call 7')).toMatchObject({ usable: true });
    world.clock.advance(60);
    expect(await setClearance(world.deps, officer, person.id, { ...nv1, level: 'nv2' })).toMatchObject({
      usable: false,
      version: 3,
    });
    const changes = await clearanceChanges(world.deps, officer, person.id);
    expect(changes.map(({ version, change, level }) => [version, change, level])).toEqual([
      [3, 'set', 'nv2'],
      [2, 'confirmed', 'nv1'],
      [1, 'set', 'nv1'],
    ]);
    const before = new Date(world.clock.now().getTime() - 1000);
    expect((await world.tx((tx) => clearanceOf(tx, person.id, before)))?.version).toBe(2);
    expect(await world.tx((tx) => clearanceOf(tx, person.id, new Date(0)))).toBeUndefined();
  });

  test('no version is ever altered, and none is lost when many write at once', async () => {
    const { person } = await world.member('many', 'wattle');
    await Promise.all(Array.from({ length: 8 }, () => setClearance(world.deps, world.admin, person.id, nv1)));
    const changes = await clearanceChanges(world.deps, world.admin, person.id);
    expect(changes.map(({ version }) => version)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
    for (const statement of [
      `update community.clearance set level = 'pv'`,
      'delete from community.clearance',
    ])
      await expect(world.tx((tx) => sql.raw(statement).execute(tx))).rejects.toThrow(/permission denied/);
  });

  test('the ledger says that it changed, and not to what', async () => {
    const text = JSON.stringify(
      (await world.ledger()).filter(({ action }) => action.startsWith('clearance.')),
    );
    expect(text).toContain('"version":1');
    expect(text).not.toMatch(/nv1|nv2|Wattle|AU/);
  });

  test('a file with one bad row changes nothing, and says which row and why', async () => {
    const a = await world.member('ann', 'wattle');
    const b = await world.member('bob', 'wattle');
    const report = await imported(
      'ann@wattle.example,,nv1,,Wattle,yes,,AU,,\r\nbob@wattle.example,,SECRET,,Wattle,yes,,AU,,\nnobody@wattle.example,,nv1,,Wattle,yes,,AU,,',
    );
    expect(report).toMatchObject({ applied: false, rows: 3, good: 1, bad: 2 });
    expect(report.report).toEqual([
      { line: 2, email: 'ann@wattle.example', outcome: 'set', why: [] },
      { line: 3, email: 'bob@wattle.example', outcome: 'refused', why: [expect.stringMatching(/SECRET/)] },
      {
        line: 4,
        email: 'nobody@wattle.example',
        outcome: 'refused',
        why: [expect.stringMatching(/Add the person/)],
      },
    ]);
    expect([await levelNow(a.person.id), await levelNow(b.person.id)]).toEqual([undefined, undefined]);
  });

  test('a dry run changes nothing; the import does; the same file again changes nothing more', async () => {
    const { person } = await world.member('cat', 'wattle');
    const rows = '\uFEFFCAT@wattle.example,wattle,NV2,,Wattle,yes,1/2/2023,AU,2026-05-01,call 9';
    const file = rows.replace('\uFEFF', '');
    expect(await imported(file, true)).toMatchObject({ dryRun: true, applied: false, good: 1, bad: 0 });
    expect(await levelNow(person.id)).toBeUndefined();
    expect(await imported(file)).toMatchObject({ applied: true, unchanged: 0 });
    expect(await listClearances(world.deps, world.admin)).toContainEqual(
      expect.objectContaining({ level: 'nv2', usable: true, grantedOn: '2023-02-01' }),
    );
    expect(await imported(file)).toMatchObject({ applied: true, unchanged: 1 });
    expect(await clearanceChanges(world.deps, world.admin, person.id)).toHaveLength(1);
  });

  test('one person in two rows is refused, by whatever spelling', async () => {
    await world.member('dup', 'wattle');
    const report = await imported(
      'dup@wattle.example,,nv1,,Wattle,yes,,AU,,\nDUP@WATTLE.example,wattle,nv2,,Wattle,yes,,AU,,',
    );
    expect(report).toMatchObject({ applied: false, bad: 1 });
    expect(report.report[1]?.why[0]).toMatch(/line 2/);
  });

  test('a file that is no table is refused whole', async () => {
    for (const [bytes, why] of [
      ['', /empty/],
      ['a,b\n1,2', /missing/],
      [`${head}"x`, /never closed/],
    ] as const)
      await expect(importClearances(world.deps, world.admin, Buffer.from(bytes), false)).rejects.toThrow(why);
  });

  test('a customer learns that its people meet what is asked, and nothing of levels', async () => {
    const { actor, person } = await world.member('ceo', 'acme');
    await setClearance(world.deps, world.admin, person.id, nv1);
    await confirmClearance(world.deps, world.admin, person.id, 'call');
    await world.member('temp', 'acme');
    const seen = await listRequirements(world.deps, actor, undefined);
    expect(seen.map(({ name, meets }) => [name, meets])).toEqual([
      ['ceo', true],
      ['temp', false],
    ]);
    expect(JSON.stringify(seen)).not.toMatch(/nv1|level/i);
    expect(() => listClearances(world.deps, actor)).toThrow(/clearance.read/);
    await expect(importClearances(world.deps, actor, Buffer.from(head), false)).rejects.toMatchObject({
      code: 'not-allowed',
    });
  });

  test('who left is not listed and can’t be given a clearance', async () => {
    const { person } = await world.member('left', 'wattle');
    await setClearance(world.deps, world.admin, person.id, nv1);
    await endPerson(world.deps, world.admin, person.id, 'left');
    const ids = (await listClearances(world.deps, world.admin)).map((one) => one.person.id);
    expect(ids).not.toContain(person.id);
    await expect(setClearance(world.deps, world.admin, person.id, nv1)).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
