import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkConsistency,
  checkInclusion,
  checkSubtreeConsistency,
  checkSubtreeInclusion,
  growTiles,
  hashBytes,
  hashLeaf,
  joinHashes,
  nodesOf,
  proveConsistency,
  proveInclusion,
  proveSubtreeConsistency,
  proveSubtreeInclusion,
  readRoot,
  tileLevels,
  tilePath,
  tileWidth,
  toBase64,
  verifyTiles,
} from '../src/index.ts';
import { entriesOf, nodesOfEntries, nodesOfLeaves, plainRoot, plainTiles, sourceOf } from './build.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('the roots of the eight well-known leaves are the well-known roots', () => {
  const leaves = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ].map((text) => hashLeaf(Buffer.from(text, 'hex')));
  const roots = leaves.map((_, at) => hex(plainRoot(leaves.slice(0, at + 1))));
  // SOURCE: the test vectors of Certificate Transparency's own Merkle tree.
  expect(roots).toEqual([
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ]);
});

const size = fc.integer({ min: 1, max: 1200 });
const treeAndSizes = size.chain((to) =>
  fc.record({
    to: fc.constant(to),
    from: fc.integer({ min: 1, max: to }),
    index: fc.integer({ min: 0, max: to - 1 }),
  }),
);

describe('in any tree', () => {
  test('every proof of inclusion that is made holds, and no other leaf, place or size with it', async () => {
    await fc.assert(
      fc.asyncProperty(treeAndSizes, async ({ to, index }) => {
        const leaves = entriesOf(to).map(hashLeaf);
        const root = plainRoot(leaves);
        const leaf = leaves[index] ?? root;
        const proof = await proveInclusion(nodesOfLeaves(leaves), index, to);
        const claim = { index, size: to, leaf, root, proof };
        checkInclusion(claim);
        expect(() => checkInclusion({ ...claim, leaf: hashLeaf(Buffer.from('other')) })).toThrow();
        expect(() => checkInclusion({ ...claim, index: index + 1 })).toThrow();
        expect(() => checkInclusion({ ...claim, proof: [...proof, root] })).toThrow();
        if (proof.length > 0) expect(() => checkInclusion({ ...claim, proof: proof.slice(1) })).toThrow();
      }),
      { numRuns: 60 },
    );
  });

  test('every proof of consistency that is made holds, and none for another beginning', async () => {
    await fc.assert(
      fc.asyncProperty(treeAndSizes, async ({ to, from }) => {
        const leaves = entriesOf(to).map(hashLeaf);
        const [fromRoot, toRoot] = [plainRoot(leaves.slice(0, from)), plainRoot(leaves)];
        const proof = await proveConsistency(nodesOfLeaves(leaves), from, to);
        checkConsistency({ from, to, fromRoot, toRoot, proof });
        const other = plainRoot([...leaves.slice(0, from - 1), hashLeaf(Buffer.from('other'))]);
        expect(() => checkConsistency({ from, to, fromRoot: other, toRoot, proof })).toThrow();
        expect(() => checkConsistency({ from, to, fromRoot, toRoot: other, proof })).toThrow();
        expect(() => checkConsistency({ from, to, fromRoot, toRoot, proof: [...proof, toRoot] })).toThrow();
      }),
      { numRuns: 60 },
    );
  });

  test('every subtree proof that is made holds', async () => {
    const subtree = fc
      .record({ span: fc.integer({ min: 0, max: 8 }), at: fc.integer({ min: 0, max: 7 }) })
      .chain(({ span, at }) =>
        fc.record({
          begin: fc.constant(at * 2 ** span),
          end: fc.integer({ min: at * 2 ** span + Math.floor(2 ** span / 2) + 1, max: (at + 1) * 2 ** span }),
          more: fc.integer({ min: 0, max: 300 }),
        }),
      );
    await fc.assert(
      fc.asyncProperty(subtree, fc.nat(), async ({ begin, end, more }, pick) => {
        const leaves = entriesOf(end + more).map(hashLeaf);
        const [subtreeRoot, root] = [plainRoot(leaves.slice(begin, end)), plainRoot(leaves)];
        const read = nodesOfLeaves(leaves);
        const range = { begin, end };
        const proof = await proveSubtreeConsistency(read, range, leaves.length);
        checkSubtreeConsistency({ subtree: range, size: leaves.length, subtreeRoot, root, proof });
        expect(() =>
          checkSubtreeConsistency({
            subtree: range,
            size: leaves.length,
            subtreeRoot: hashLeaf(root),
            root,
            proof,
          }),
        ).toThrow();
        const index = begin + (pick % (end - begin));
        const inclusion = await proveSubtreeInclusion(read, index, range);
        const leaf = leaves[index] ?? root;
        checkSubtreeInclusion({ index, subtree: range, leaf, root: subtreeRoot, proof: inclusion });
      }),
      { numRuns: 60 },
    );
  });

  test('a range is made of complete subtrees, at most one of each size, that give its hash', () => {
    fc.assert(
      fc.property(size, (to) => {
        const leaves = entriesOf(to).map(hashLeaf);
        const nodes = nodesOf({ begin: 0, end: to });
        expect(nodes.length).toBe(to.toString(2).replaceAll('0', '').length);
        const hashes = nodes.map(({ level, index }) =>
          plainRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)),
        );
        expect(hex(joinHashes(hashes))).toBe(hex(plainRoot(leaves)));
      }),
      { numRuns: 40 },
    );
  });
});

describe('tiles', () => {
  test.each([1, 2, 255, 256, 257, 511, 512, 1000])(
    'of %i entries give its root and its proofs',
    async (count) => {
      const entries = entriesOf(count);
      const leaves = entries.map(hashLeaf);
      const root = plainRoot(leaves);
      const read = nodesOfEntries(entries);
      expect(toBase64(await readRoot(read, count))).toBe(toBase64(root));
      for (const index of [0, Math.floor(count / 2), count - 1]) {
        const proof = await proveInclusion(read, index, count);
        checkInclusion({ index, size: count, leaf: leaves[index] ?? root, root, proof });
      }
      await verifyTiles(sourceOf(plainTiles(entries)), { size: count, root }, { bundles: true });
    },
  );

  test('that are grown leaf by leaf, from any point on, are those of the definition', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1100 }), fc.integer({ min: 0, max: 700 }), (before, more) => {
        const entries = entriesOf(before + more);
        const leaves = entries.map(hashLeaf);
        const expected = plainTiles(entries);
        const edge = tileLevels(before).map((hashes, level) => {
          const span = tileWidth ** level;
          const first = Math.floor(hashes / tileWidth) * tileWidth;
          return Array.from({ length: hashes - first }, (_, at) =>
            plainRoot(leaves.slice((first + at) * span, (first + at + 1) * span)),
          );
        });
        const growing = growTiles(before, edge);
        for (const leaf of leaves.slice(before))
          for (const { level, index, rows } of growing.append(leaf)) {
            const path = tilePath({ level, index, width: tileWidth });
            expect(toBase64(Buffer.concat(rows[0] ?? []))).toBe(
              toBase64(expected.get(path) ?? new Uint8Array()),
            );
          }
        expect(growing.size).toBe(before + more);
        expect(hex(growing.root())).toBe(hex(plainRoot(leaves)));
      }),
      { numRuns: 15 },
    );
  });

  test('of a log of 70,000 are as many and as wide as the specification counts them', () => {
    expect(tileLevels(70_000)).toEqual([70_000, 273, 1]);
    const last = tilePath({ level: 0, index: 273, width: 70_000 % 256 });
    expect(last).toBe('tile/0/273.p/112');
    expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067');
  });

  test('show an entry, a hash and a root that were changed, by name', async () => {
    const entries = entriesOf(600);
    const checkpoint = { size: 600, root: plainRoot(entries.map(hashLeaf)) };
    const check = (change: (files: Map<string, Uint8Array>) => void) => {
      const files = plainTiles(entries);
      change(files);
      return verifyTiles(sourceOf(files), checkpoint, { bundles: true });
    };
    const flip = (path: string) => (files: Map<string, Uint8Array>) => {
      const bytes = Buffer.from(files.get(path) ?? '');
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
      files.set(path, bytes);
    };
    await expect(check(() => undefined)).resolves.toBeUndefined();
    await expect(check(flip('tile/entries/001'))).rejects.toThrow('tile/entries/001: entry 511');
    await expect(check(flip('tile/0/002.p/88'))).rejects.toThrow('entry 599');
    await expect(check(flip('tile/1/000.p/2'))).rejects.toThrow('tile/1/000.p/2: hash 1');
    await expect(check((files) => files.delete('tile/0/001'))).rejects.toThrow('there is no tile/0/001');
    await expect(check((files) => files.set('tile/0/001', new Uint8Array(hashBytes)))).rejects.toThrow(
      '256 hashes',
    );
    await expect(
      verifyTiles(
        sourceOf(plainTiles(entries)),
        { ...checkpoint, root: hashLeaf(checkpoint.root) },
        { bundles: true },
      ),
    ).rejects.toThrow('another root');
  });
});
