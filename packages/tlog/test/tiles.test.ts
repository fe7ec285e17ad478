import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bundleOf,
  hashBytes,
  parseBundle,
  parseTile,
  parseTilePath,
  tilePath,
  TlogError,
} from '../src/index.ts';

describe('the path of a tile', () => {
  test('is read back to the tile it was made of', () => {
    const tile = fc.record({
      level: fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 })),
      index: fc.maxSafeNat(),
      width: fc.integer({ min: 1, max: 256 }),
    });
    fc.assert(
      fc.property(tile, (one) => {
        expect(parseTilePath(tilePath(one))).toEqual(one);
      }),
    );
  });

  test.each([
    'tile/0/0',
    'tile/00/000',
    'tile/64/000',
    'tile/0/x000/001',
    'tile/0/001/001',
    'tile/0/x001',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/000.p/1000',
    'tile/-1/000',
    'tile/0/000/',
    '/tile/0/000',
    'tile/0/000?x',
    'tile/0/../000',
    'tile/0/x999/x999/x999/x999/x999/999',
    'tile/entry/000',
    '',
  ])('%s is none', (path) => {
    expect(() => parseTilePath(path)).toThrow(TlogError);
  });

  test('can not be made of what is no tile', () => {
    for (const bad of [
      { level: 64, index: 0, width: 1 },
      { level: 0, index: -1, width: 1 },
      { level: 0, index: 0.5, width: 1 },
      { level: 0, index: 0, width: 0 },
      { level: 0, index: 0, width: 257 },
      { level: 0, index: 2 ** 60, width: 1 },
    ])
      expect(() => tilePath(bad)).toThrow(TlogError);
  });
});

describe('a bundle', () => {
  test('is read back to the entries it was made of', () => {
    const entries = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 256 });
    fc.assert(
      fc.property(entries, (list) => {
        const read = parseBundle(bundleOf(list), { level: 'entries', index: 0, width: list.length });
        expect(read.map((entry) => Buffer.from(entry).toString('hex'))).toEqual(
          list.map((entry) => Buffer.from(entry).toString('hex')),
        );
      }),
    );
  });

  test('of another width, cut off or with something behind it is refused', () => {
    const bundle = Buffer.from(bundleOf([Buffer.from('one'), Buffer.from('two')]));
    const read = (bytes: Uint8Array, width = 2) => parseBundle(bytes, { level: 'entries', index: 0, width });
    expect(read(bundle)).toHaveLength(2);
    for (const bad of [
      () => read(bundle, 1),
      () => read(bundle, 3),
      () => read(bundle.subarray(0, -1)),
      () => read(Buffer.concat([bundle, Buffer.from([0])])),
      () => read(Buffer.concat([bundle, Buffer.from([0, 0])])),
      () => read(Buffer.alloc(0)),
    ])
      expect(bad).toThrow('not');
  });

  test('with an entry that is too long is not made', () => {
    expect(() => bundleOf([Buffer.alloc(0x10000)])).toThrow('65535');
    expect(bundleOf([Buffer.alloc(0xffff)])).toHaveLength(0x10001);
  });
});

test('a tile of another width is refused', () => {
  const tile = { level: 0, index: 3, width: 2 };
  expect(parseTile(new Uint8Array(2 * hashBytes), tile)).toHaveLength(2);
  for (const bytes of [0, 1, hashBytes, 2 * hashBytes - 1, 3 * hashBytes])
    expect(() => parseTile(new Uint8Array(bytes), tile)).toThrow('tile 0/3');
});
