import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sharedData } from '../../../test/shared.ts';
import {
  checkConsistency,
  checkInclusion,
  checkSubtreeConsistency,
  checkSubtreeInclusion,
  hashLeaf,
  nodesFromTiles,
  openCheckpoint,
  openNote,
  parseTilePath,
  parseVkey,
  proveConsistency,
  proveInclusion,
  tilePath,
  toBase64,
  verifyGrowth,
  verifyTiles,
} from '../src/index.ts';
import { plainTiles } from './build.ts';

/* What others publish: transparency-dev's proofs, Go's and C2SP's notes, a whole log of Tessera's. */

const folder = sharedData('ledger');
const bytes = (text: string): Uint8Array => Buffer.from(text, 'base64');
const proofOf = (proof: readonly string[] | null): Uint8Array[] => (proof ?? []).map(bytes);

/** One JSON object a line, of a shape that its README says. */
function lines<Line>(name: string): Line[] {
  const text = readFileSync(`${folder}/${name}`, 'utf8').trimEnd();
  return text.split('\n').map((line) => JSON.parse(line) as Line); // the shape is the file's, stated by the caller
}
type Case = {
  readonly name: string;
  readonly wantErr: boolean;
  readonly proof: readonly string[] | null;
};

/** Whether `check` refused, for each case beside what its authors want. */
function differences<Line extends Case>(cases: readonly Line[], check: (line: Line) => void): string[] {
  return cases
    .filter((line) => {
      try {
        check(line);
        return line.wantErr;
      } catch {
        return !line.wantErr;
      }
    })
    .map(({ name }) => name);
}

describe.skipIf(folder === undefined)('published proofs', () => {
  test('53 inclusion proofs are judged as their authors say', () => {
    const cases = lines<Case & { leafIdx: number; treeSize: number; root: string; leafHash: string }>(
      'merkle-inclusion.jsonl',
    );
    expect(cases).toHaveLength(53);
    const judged = differences(cases, ({ leafIdx, treeSize, root, leafHash, proof }) =>
      checkInclusion({
        index: leafIdx,
        size: treeSize,
        leaf: bytes(leafHash),
        root: bytes(root),
        proof: proofOf(proof),
      }),
    );
    expect(judged).toEqual([]);
  });

  test('43 consistency proofs are judged as their authors say', () => {
    const cases = lines<Case & { size1: number; size2: number; root1: string; root2: string }>(
      'merkle-consistency.jsonl',
    );
    expect(cases).toHaveLength(43);
    const judged = differences(cases, ({ size1, size2, root1, root2, proof }) =>
      checkConsistency({
        from: size1,
        to: size2,
        fromRoot: bytes(root1),
        toRoot: bytes(root2),
        proof: proofOf(proof),
      }),
    );
    expect(judged).toEqual([]);
  });

  test('106 subtree inclusion proofs are judged as their authors say', () => {
    const cases = lines<
      Case & { leafIdx: number; start: number; end: number; root: string; leafHash: string }
    >('merkle-subtreeinclusion.jsonl');
    expect(cases).toHaveLength(106);
    const judged = differences(cases, ({ leafIdx, start, end, root, leafHash, proof }) =>
      checkSubtreeInclusion({
        index: leafIdx,
        subtree: { begin: start, end },
        leaf: bytes(leafHash),
        root: bytes(root),
        proof: proofOf(proof),
      }),
    );
    expect(judged).toEqual([]);
  });

  test('45 subtree consistency proofs are judged as their authors say', () => {
    const cases = lines<Case & { start: number; end: number; size: number; root1: string; root2: string }>(
      'merkle-subtreeconsistency.jsonl',
    );
    expect(cases).toHaveLength(45);
    const judged = differences(cases, ({ start, end, size, root1, root2, proof }) =>
      checkSubtreeConsistency({
        subtree: { begin: start, end },
        size,
        subtreeRoot: bytes(root1),
        root: bytes(root2),
        proof: proofOf(proof),
      }),
    );
    expect(judged).toEqual([]);
  });

  test('8 signed notes are judged as their authors say, and signed by whom they say', () => {
    const cases = lines<{
      name: string;
      note: string;
      trusted_vkeys: string[];
      accept: boolean;
      verified: string[];
    }>('signed-notes.jsonl');
    expect(cases).toHaveLength(8);
    for (const { name, note, trusted_vkeys, accept, verified } of cases) {
      const open = () => openNote(note, trusted_vkeys.map(parseVkey)).signed.map((one) => one.verifier.name);
      if (accept) expect(open(), name).toEqual(verified);
      else expect(open, name).toThrow();
    }
  });
});

describe.skipIf(folder === undefined)('a log of 15 entries made by Tessera', () => {
  type Log = {
    vkey: string;
    origin: string;
    entries: string[];
    checkpoints: Record<string, string>;
    tiles: Record<string, string>;
  };
  const log = (): Log => JSON.parse(readFileSync(`${folder}/tlog-tiles-15.json`, 'utf8')) as Log; // its README says so
  const read = (tiles: Log['tiles']) => async (path: string) => {
    const tile = tiles[path];
    return tile === undefined ? undefined : bytes(tile);
  };

  test('its 16 checkpoints are signed, and each continues the ones before', async () => {
    const { vkey, checkpoints, tiles } = log();
    const opened = Object.values(checkpoints).map((note) => openCheckpoint(note, [parseVkey(vkey)]));
    expect(opened.map(({ size }) => size).sort((a, b) => a - b)).toEqual([...Array(16).keys()]);
    for (const before of opened)
      for (const now of opened) {
        const grown = verifyGrowth(read(tiles), before, now);
        if (before.size <= now.size) await grown;
        else await expect(grown).rejects.toThrow('shrank');
      }
  });

  test('its entries give its tiles, its roots and proofs that hold', async () => {
    const { vkey, checkpoints, tiles, entries } = log();
    for (const note of Object.values(checkpoints)) {
      const { size, root } = openCheckpoint(note, [parseVkey(vkey)]);
      const own = plainTiles(entries.slice(0, size).map((entry) => Buffer.from(entry)));
      for (const [path, made] of own) {
        if (path.startsWith('tile/entries/')) continue;
        expect(toBase64(made), path).toBe(tiles[path]);
        expect(tilePath(parseTilePath(path))).toBe(path);
      }
      const ours = async (path: string) => own.get(path);
      await verifyTiles(ours, { size, root }, { bundles: true });
      for (let index = 0; index < size; index++) {
        const proof = await proveInclusion(nodesFromTiles(read(tiles), size), index, size);
        checkInclusion({ index, size, leaf: hashLeaf(Buffer.from(entries[index] ?? '')), root, proof });
      }
      for (let from = 1; from <= size; from++) {
        const before = openCheckpoint(checkpoints[String(from)] ?? '', [parseVkey(vkey)]);
        const proof = await proveConsistency(nodesFromTiles(read(tiles), size), from, size);
        checkConsistency({ from, to: size, fromRoot: before.root, toRoot: root, proof });
      }
    }
  });
});
