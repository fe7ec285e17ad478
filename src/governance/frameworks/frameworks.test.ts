import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packOf } from '#platform/content';
import { engines } from '../testing.ts';
import {
  activateEdition,
  compareEditions,
  importEdition,
  listActive,
  listEditions,
  putAside,
  showEdition,
} from './editions.ts';
import { controlsOf } from './index.ts';
import { addMapping, endMapping, listMappings } from './mapping.ts';
import { decideTailoring, listTailoring, proposeTailoring } from './tailoring.ts';
import { openGovernance, ownCatalogue, type TestGovernance } from './testing.ts';

describe.each(engines())('frameworks on %s', (_, open) => {
  let world: TestGovernance;
  beforeAll(async () => {
    world = await openGovernance(await open());
  });
  afterAll(() => world.close());
  const ids = async (environment: string): Promise<string[]> =>
    (await world.tx((tx) => controlsOf(tx, environment))).map(({ id }) => id);
  const ann = () => world.as('ann');
  const bob = () => world.as('bob');

  test('editions lie beside each other, and the same file again is the one that is there', async () => {
    const first = await world.imported('1', { a: 'Do this.', b: 'Do that.', c: 'Keep it.' });
    const second = await world.imported('2', { a: 'Do this.', b: 'Do that always.', d: 'New.' });
    expect(first.created).toBe(true);
    const again = await world.imported('1', { a: 'Do this.', b: 'Do that.', c: 'Keep it.' });
    expect(again).toMatchObject({ created: false, edition: { id: first.edition.id } });
    await expect(world.imported('1', { a: 'Other.' })).rejects.toMatchObject({ code: 'conflict' });
    const { editions } = await listEditions(world.deps, ann());
    expect(editions.map(({ version, controls }) => [version, controls])).toEqual([
      ['1', 3],
      ['2', 3],
    ]);
    const diff = await compareEditions(world.deps, ann(), first.edition.id, second.edition.id);
    expect(diff.counts).toMatchObject({ added: 1, removed: 1, reworded: 1, silently: 1, same: 1 });
    expect(diff.changed[0]?.words.map(({ kind, text }) => [kind, text])).toEqual([
      ['same', 'Do '],
      ['removed', 'that.'],
      ['added', 'that always.'],
    ]);
  });

  test('a system is assessed against the edition it activated, and can go back', async () => {
    const { editions } = await listEditions(world.deps, ann());
    const [one, two] = editions.map(({ id }) => id);
    await activateEdition(world.deps, ann(), 'odce', { edition: one ?? '', profile: 'all' });
    expect(await ids('odce')).toEqual(['a', 'b', 'c']);
    expect(await ids('pdce')).toEqual([]);
    await activateEdition(world.deps, ann(), 'odce', { edition: two ?? '', profile: 'all' });
    expect(await ids('odce')).toEqual(['a', 'b', 'd']);
    const back = await activateEdition(world.deps, ann(), 'odce', { edition: one ?? '', profile: 'all' });
    expect(back).toMatchObject({ active: [{ framework: 'own', version: '1' }], suggested: 'OS' });
    expect(await ids('odce')).toEqual(['a', 'b', 'c']);
    expect((await world.ledger()).filter(({ action }) => action === 'framework.activated')).toHaveLength(3);
    await expect(
      activateEdition(world.deps, ann(), 'odce', { edition: one ?? '', profile: 'TS' }),
    ).rejects.toMatchObject({ code: 'not-found' });
  });

  test('two frameworks of a system may not share a control’s id', async () => {
    const other = await world.imported('1', { a: 'Something else.' }, 'other');
    const wanted = { edition: other.edition.id, profile: 'all' };
    await expect(activateEdition(world.deps, ann(), 'odce', wanted)).rejects.toThrow(/"own".*"a"/);
    await putAside(world.deps, ann(), 'odce', 'own');
    await activateEdition(world.deps, ann(), 'odce', wanted);
    expect(await ids('odce')).toEqual(['a']);
    await putAside(world.deps, ann(), 'odce', 'other');
    expect(await listActive(world.deps, ann(), 'odce')).toMatchObject({ active: [] });
  });

  test('what is left out is proposed by one and approved by another, and stays listed', async () => {
    const { editions } = await listEditions(world.deps, ann());
    await activateEdition(world.deps, ann(), 'odce', {
      edition: editions.find((one) => one.framework === 'own')?.id ?? '',
      profile: 'all',
    });
    const asked = { control: 'b', choice: 'exclude', reason: 'There is none here.' } as const;
    await proposeTailoring(world.deps, ann(), 'odce', asked);
    await expect(proposeTailoring(world.deps, bob(), 'odce', asked)).rejects.toMatchObject({
      code: 'conflict',
    });
    const approve = { decision: 'approve', note: 'seen' } as const;
    await expect(decideTailoring(world.deps, ann(), 'odce', 'b', approve)).rejects.toThrow(/colleague/);
    const excluded = async () =>
      (await world.tx((tx) => controlsOf(tx, 'odce'))).find(({ id }) => id === 'b')?.excluded;
    expect(await excluded()).toBeUndefined();
    await decideTailoring(world.deps, bob(), 'odce', 'b', approve);
    expect(await excluded()).toMatchObject({ reason: 'There is none here.', approvedBy: 'bob' });
    expect((await listTailoring(world.deps, ann(), 'odce')).map(({ state }) => state)).toEqual([
      'approved',
      'proposed',
    ]);
    await proposeTailoring(world.deps, bob(), 'odce', {
      control: 'b',
      choice: 'as-profile',
      reason: 'There is one now.',
    });
    await decideTailoring(world.deps, ann(), 'odce', 'b', approve);
    expect(await excluded()).toBeUndefined();
    await expect(
      proposeTailoring(world.deps, ann(), 'odce', { control: 'a', choice: 'include', reason: 'x' }),
    ).rejects.toThrow(/nothing to take in/);
  });

  test('mappings keep who said so, and end without being lost', async () => {
    const given = {
      source: 'a',
      target: 'z',
      relation: 'superset',
      together: false,
      confidence: 'high',
      rationale: 'It asks the same and more.',
      author: 'Ann',
    } as const;
    const made = await addMapping(world.deps, ann(), given);
    expect(await listMappings(world.deps, ann(), 'z')).toMatchObject([{ author: 'Ann', version: 1 }]);
    await expect(addMapping(world.deps, ann(), { ...given, together: true })).rejects.toThrow(/part/);
    await endMapping(world.deps, bob(), made.id);
    expect(await listMappings(world.deps, ann(), undefined)).toEqual([]);
    expect(await world.rows('governance.mapping')).toBe(2);
  });

  test('a customer neither sees the systems nor imports', async () => {
    const eve = world.as('eve', 'acme', ['odce']);
    await expect(listActive(world.deps, eve, 'odce')).rejects.toMatchObject({ code: 'not-found' });
    await expect(
      importEdition(world.deps, eve, { name: 'x.json', bytes: Buffer.from('{}') }),
    ).rejects.toMatchObject({ code: 'not-allowed' });
    const { editions } = await listEditions(world.deps, eve);
    expect(editions.flatMap(({ usedBy }) => usedBy)).toEqual([]);
  });

  test.each([
    ['no JSON', '{', /not JSON/],
    ['XML', '<?xml version="1.0"?><catalog/>', /XML/],
    ['another document', '{"rules":[]}', /none of OSCAL's models/],
    [
      'an OSCAL version we do not know',
      JSON.stringify(ownCatalogue('1', { a: 'x' })).replace('1.1.2', '2.0.0'),
      /1\.0\.0 to 1\.2/,
    ],
    [
      'a control without an id',
      JSON.stringify(ownCatalogue('1', { a: 'x' })).replace('"id":"a"', '"id":7'),
      /string is due/,
    ],
    ['no control', JSON.stringify(ownCatalogue('1', {})), /list is empty/],
    [
      'a control twice',
      JSON.stringify(ownCatalogue('1', { a: 'x', b: 'y' })).replace('"id":"b"', '"id":"a"'),
      /there already/,
    ],
    [
      'a link to a part that is not there',
      JSON.stringify(ownCatalogue('1', { a: 'See [this](#1f0c4a3e-6f0e-4a5e-9f2b-1d2c3b4a5f99).' })).replace(
        '"groups"',
        '"back-matter":{"resources":[{"uuid":"1f0c4a3e-6f0e-4a5e-9f2b-1d2c3b4a5f61"}]},"groups"',
      ),
      /no resource of the back matter/,
    ],
    [
      'a link into back matter that is missing',
      JSON.stringify(ownCatalogue('1', { a: 'See [this](#1f0c4a3e-6f0e-4a5e-9f2b-1d2c3b4a5f99).' })),
      /back matter, and there is none/,
    ],
    [
      'groups without end',
      `{"catalog":{"uuid":"x","metadata":{"title":"t","version":"1","oscal-version":"1.1.2"},"groups":${'[{"title":"g","groups":'.repeat(200)}[]${'}]'.repeat(200)}}}`,
      /deep/,
    ],
  ])('refuses %s, and nothing of it is in', async (_name, text, why) => {
    const before = await world.rows('platform.content_pack');
    await expect(
      importEdition(world.deps, ann(), { name: 'bad.json', bytes: Buffer.from(text) }),
    ).rejects.toThrow(why);
    expect(await world.rows('platform.content_pack')).toBe(before);
  });

  test('profiles that import each other, or point to back matter that is missing, are left out and told; the catalogue is in', async () => {
    const file = (path: string, root: object) => ({ path, text: JSON.stringify(root) });
    const profile = (title: string, uuid: string, href: string) => ({
      profile: {
        uuid,
        metadata: { ...ownCatalogue('1', {}).catalog.metadata, title },
        imports: [{ href, 'include-all': {} }],
      },
    });
    const uuid = (at: number): string => `1f0c4a3e-6f0e-4a5e-9f2b-1d2c3b4a5f7${at}`;
    const added = await world.deps.content.add(ann(), {
      file: 'pack.zip',
      origin: 'pack.zip',
      name: 'crossed',
      content: packOf([
        file('catalog.json', ownCatalogue('1', { q: 'Do this.' })),
        file('one.json', profile('One', uuid(1), 'two.json')),
        file('two.json', profile('Two', uuid(2), 'one.json')),
        file('three.json', profile('Three', uuid(3), `#${uuid(9)}`)),
        file('four.json', profile('Four', uuid(4), 'catalog.json')),
      ]),
    });
    const told = added.faults.map(({ why }) => why);
    // In the order of the files' names.
    expect(told).toEqual([
      expect.stringMatching(/^one\.json was left out.*circle/),
      expect.stringMatching(/^three\.json was left out.*no back matter/),
      expect.stringMatching(/^two\.json was left out.*circle/),
    ]);
    const { profiles } = await showEdition(world.deps, ann(), added.id);
    expect(profiles.map(({ id }) => id)).toEqual(['four', 'all']);
  });
});
