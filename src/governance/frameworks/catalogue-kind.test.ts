import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Content,
  createContent,
  manifestOf,
  packKeys,
  packOf,
  packSigner,
  seal,
  sealName,
} from '#platform/content';
import { engines } from '../testing.ts';
import { catalogueKind } from './catalogue-kind.ts';
import { activateEdition, importEdition, listActive, listEditions, putAside } from './editions.ts';
import { openGovernance, ownCatalogue, type TestGovernance } from './testing.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const signer = packSigner(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
const catalogue = (version: string, statements: Record<string, string>) => ({
  path: 'catalog.json',
  text: JSON.stringify(ownCatalogue(version, statements)),
});

describe.each(engines())('catalogues as content on %s', (_engine, open) => {
  let world: TestGovernance;
  let content: Content;
  beforeAll(async () => {
    world = await openGovernance(await open());
    content = createContent({
      ...world.deps,
      kinds: [catalogueKind(world.deps)],
      trusted: packKeys('test', publicKey.export({ type: 'spki', format: 'pem' }).toString()),
      plain: 'refused',
      mirrors: [],
    });
  }, 120_000);
  afterAll(() => world.close());
  const add = (version: string, statements: Record<string, string>, signed = true) => {
    const file = catalogue(version, statements);
    const manifest = manifestOf({ kind: 'catalogue', name: 'house', version }, [file], world.clock.now());
    return content.add(world.as('ann'), {
      file: 'house.tar.gz',
      origin: 'test',
      content: packOf([file, { path: sealName, text: seal(manifest, signed ? signer : undefined) }]),
    });
  };

  test('a signed one becomes an edition beside the others; one that nobody signed does not, where that is refused', async () => {
    await expect(add('1', { a: 'Do this.' }, false)).rejects.toMatchObject({ code: 'pack-untrusted' });
    const one = await add('1', { a: 'Do this.', b: 'Do that.' });
    expect(one).toMatchObject({
      kind: 'catalogue',
      name: 'house',
      facts: { controls: 2 },
      signature: { state: 'signed' },
    });
    const { editions } = await listEditions(world.deps, world.as('ann'));
    expect(editions.map(({ framework, version }) => [framework, version])).toContainEqual(['house', '1']);
  });

  test('the same file imported as a framework is the edition that is there', async () => {
    const file = catalogue('1', { a: 'Do this.', b: 'Do that.' });
    const again = await importEdition(world.deps, world.as('ann'), {
      name: 'catalog.json',
      bytes: Buffer.from(file.text),
      framework: 'house',
    });
    expect(again.created).toBe(false);
  });

  test('the difference is told by control, and an edition is never forgotten', async () => {
    const { packs } = await content.list();
    const one = packs.find(({ name }) => name === 'house');
    world.clock.advance(60);
    const two = await add('2', { a: 'Do this now.', c: 'And this.' });
    const { changes } = await content.diff(two.id, one?.id ?? '');
    expect(changes?.map(({ change, id }) => `${change} ${id}`)).toEqual([
      'removed b',
      'added c',
      'changed a',
    ]);
    expect(changes?.at(-1)?.why).toContain('reworded');
    await expect(content.remove(world.as('ann'), two.id)).rejects.toThrow('stays');
    expect((await content.list()).packs.filter(({ name }) => name === 'house')).toHaveLength(2);
  });

  const used = async (environment: string) =>
    (await listActive(world.deps, world.as('ann'), environment)).active.map(
      ({ framework, version, profile }) => `${framework} ${version} ${profile}`,
    );
  const packOfVersion = async (version: string) => {
    const { packs } = await content.list();
    const found = packs.find((one) => one.name === 'house' && one.version === version);
    if (found === undefined) throw new Error(`there is no house ${version}`);
    return found;
  };

  test('activated, it is put to use by every system; a newer one by those that used it; rolled back, the one before', async () => {
    await content.setActive(world.as('ann'), (await packOfVersion('1')).id, { active: true, older: true });
    expect([await used('odce'), await used('pdce')]).toEqual([['house 1 all'], ['house 1 all']]);
    await putAside(world.deps, world.as('ann'), 'pdce', 'house');
    await content.setActive(world.as('ann'), (await packOfVersion('2')).id, { active: true });
    expect([await used('odce'), await used('pdce')]).toEqual([['house 2 all'], []]);
    const back = await content.rollBack(world.as('ann'), { kind: 'catalogue', name: 'house' });
    expect(back).toMatchObject({ version: '1', active: true });
    expect(await used('odce')).toEqual(['house 1 all']);
    await content.setActive(world.as('ann'), back.id, { active: false });
    expect(await used('odce')).toEqual([]);
    const ledger = (await world.ledger()).map(({ action }) => action);
    expect(ledger.filter((action) => action === 'framework.activated')).toHaveLength(4);
    expect(ledger.filter((action) => action === 'framework.put-aside')).toHaveLength(2);
  });

  test('a framework that is imported is held to the policy of signatures, and so is each activation', async () => {
    const deps = { ...world.deps, content };
    const file = {
      name: 'plain.json',
      bytes: Buffer.from(catalogue('9', { z: 'Nobody signed.' }).text),
      framework: 'plain',
    };
    const before = await world.rows('governance.edition');
    await expect(importEdition(deps, world.as('ann'), file)).rejects.toMatchObject({
      code: 'pack-untrusted',
    });
    expect(await world.rows('governance.edition')).toBe(before);
    // It came in while that was allowed.
    const { edition } = await importEdition(world.deps, world.as('ann'), file);
    const wanted = { edition: edition.id, profile: 'all' };
    await expect(activateEdition(deps, world.as('ann'), 'odce', wanted)).rejects.toMatchObject({
      code: 'pack-untrusted',
    });
    expect(await used('odce')).toEqual([]);
    const shipped = await importEdition(deps, world.as('ann'), { ...file, framework: 'ours', own: true });
    expect(shipped.edition).toMatchObject({ own: true, framework: 'ours' });
  });

  test('what ships gives way to what was imported where they share a control, and comes back by being activated', async () => {
    const bytes = (version: string, statements: Record<string, string>) =>
      Buffer.from(catalogue(version, statements).text);
    const baseline = await importEdition(world.deps, world.as('ann'), {
      name: 'baseline.json',
      bytes: bytes('1', { q: 'In our own words.', only: 'Ours alone.' }),
      framework: 'baseline',
      own: true,
    });
    const ours = { edition: baseline.edition.id, profile: 'all' };
    await activateEdition(world.deps, world.as('ann'), 'odce', ours);
    const { edition } = await importEdition(world.deps, world.as('ann'), {
      name: 'big.json',
      bytes: bytes('1', { q: 'In its words.', r: 'And more.' }),
      framework: 'big',
    });
    await activateEdition(world.deps, world.as('ann'), 'odce', { edition: edition.id, profile: 'all' });
    expect(await used('odce')).toEqual(['big 1 all']);
    expect((await world.ledger()).at(-2)).toMatchObject({
      action: 'framework.put-aside',
      facts: { framework: 'baseline', for: 'big' },
    });
    await expect(activateEdition(world.deps, world.as('ann'), 'odce', ours)).rejects.toThrow(/"big".*"q"/);
    await putAside(world.deps, world.as('ann'), 'odce', 'big');
    await activateEdition(world.deps, world.as('ann'), 'odce', ours);
    expect(await used('odce')).toEqual(['baseline 1 all']);
    await putAside(world.deps, world.as('ann'), 'odce', 'baseline');
  });
});
