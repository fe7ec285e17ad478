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
import { importEdition, listEditions } from './editions.ts';
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
      kinds: [catalogueKind],
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

  test('the difference is told by control, and what only a system can do is not done here', async () => {
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
    await expect(content.setActive(world.as('ann'), two.id, { active: true })).rejects.toThrow(
      'framework activate',
    );
    await expect(content.remove(world.as('ann'), two.id)).rejects.toThrow('stays');
    expect((await content.list()).packs.filter(({ name }) => name === 'house')).toHaveLength(2);
  });
});
