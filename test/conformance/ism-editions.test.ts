import { readFileSync } from 'node:fs';
import { createTestRecords } from '#platform/records/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compareEditions, importEdition, showEdition } from '../../src/governance/frameworks/editions.ts';
import { readEdition } from '../../src/governance/frameworks/read-catalogue.ts';
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

test.skipIf(data === undefined)(
  'a profile that comes with its catalogue is resolved to what ASD resolved it to; the resolved one is left out',
  () => {
    const file = (name: string) => ({
      path: name,
      text: readFileSync(`${data}/ism/v2025.12.9/${name}`, 'utf8'),
    });
    const resolvedName = 'ISM_PROTECTED-baseline-resolved-profile_catalog.json';
    const { profiles, notes } = readEdition('ism.zip', [
      file('ISM_PROTECTED-baseline_profile.json'),
      file(resolvedName),
      file('ISM_catalog.json'),
    ]);
    const [own] = profiles.filter(({ derived }) => !derived);
    const ids = [...file(resolvedName).text.matchAll(/"id" : "(ism-(?:\d+|principle-[a-z]+-\d+))"/g)].map(
      ([, id]) => id,
    );
    expect(own?.controls).toHaveLength(992);
    expect(own?.controls).toEqual(ids);
    expect(new Set(own?.controls)).toEqual(new Set(profiles.find(({ id }) => id === 'P')?.controls));
    expect(notes).toEqual([expect.stringContaining('resolved profile')]);
  },
);

test('what ships can be read: a baseline of 133 controls, the 93 of Annex A, and 28 of the PSPF', () => {
  const read = (name: string) =>
    readEdition(name, [
      {
        path: name,
        text: readFileSync(new URL(`../../content/frameworks/${name}`, import.meta.url), 'utf8'),
      },
    ]).controls.length;
  expect(['ironbark-baseline.json', 'iso-27001-annex-a.json', 'pspf.json'].map(read)).toEqual([133, 93, 28]);
});
