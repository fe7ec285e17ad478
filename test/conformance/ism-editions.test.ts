import { readFileSync } from 'node:fs';
import { createTestRecords } from '#platform/records/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compareEditions, importEdition, showEdition } from '../../src/governance/frameworks/editions.ts';
import { openGovernance, type TestGovernance } from '../../src/governance/frameworks/testing.ts';
import { sharedData } from '../shared.ts';

const data = sharedData('governance');

let world: TestGovernance;
beforeAll(async () => {
  const records = await createTestRecords();
  world = await openGovernance({ records, close: () => records.close() });
});
afterAll(() => world.close());

test.skipIf(data === undefined)(
  'the ISM of December 2025 after that of October: 21 more, 6 fewer, 89 reworded, 12 of them without a revision',
  async () => {
    const ann = world.as('ann');
    const file = (version: string) => ({
      name: `ISM ${version}.json`,
      bytes: readFileSync(`${data}/ism/${version}/ISM_catalog.json`),
    });
    const october = await importEdition(world.deps, ann, file('v2025.10.8'));
    const december = await importEdition(world.deps, ann, file('v2025.12.9'));
    expect(december.edition).toMatchObject({ framework: 'ism', version: '2025.12.9' });
    const { counts } = await compareEditions(world.deps, ann, october.edition.id, december.edition.id);
    expect(counts).toMatchObject({
      added: 21,
      removed: 6,
      reworded: 89,
      silently: 12,
      applicability: 0,
      e8Levels: 0,
    });
    const { edition, profiles } = await showEdition(world.deps, ann, december.edition.id);
    expect(edition.controls).toBe(1073);
    expect(Object.fromEntries(profiles.map(({ id, controls }) => [id, controls]))).toMatchObject({
      ML1: 46,
      ML2: 87,
      ML3: 123,
      OS: 992,
      P: 992,
      all: 1107,
    });
  },
);
