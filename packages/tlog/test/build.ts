import { generateKeyPairSync } from 'node:crypto';
import {
  bundleOf,
  createCosigner,
  createSigner,
  type Hash,
  hashBytes,
  hashLeaf,
  type NodeReader,
  nodesFromTiles,
  tilePath,
  type TileSource,
  tilesOf,
  tileWidth,
  hashNode,
  emptyRoot,
} from '../src/index.ts';

/** The tree hash straight from its definition: what everything else is held against. @see RFC 6962, 2.1 */
export function plainRoot(leaves: readonly Hash[]): Hash {
  const [only] = leaves;
  if (only === undefined) return emptyRoot;
  if (leaves.length === 1) return only;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return hashNode(plainRoot(leaves.slice(0, split)), plainRoot(leaves.slice(split)));
}

export const entriesOf = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, at) => Buffer.from(`entry ${at}`));

/** All tiles and bundles of a log, by path; made from the definition, not by what is tested. */
export function plainTiles(entries: readonly Uint8Array[]): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const leaves = entries.map(hashLeaf);
  for (const tile of tilesOf(entries.length)) {
    const from = tile.index * tileWidth;
    if (tile.level === 'entries') {
      files.set(tilePath(tile), bundleOf(entries.slice(from, from + tile.width)));
      continue;
    }
    const span = tileWidth ** tile.level;
    const bytes = new Uint8Array(tile.width * hashBytes);
    for (let at = 0; at < tile.width; at++)
      bytes.set(plainRoot(leaves.slice((from + at) * span, (from + at + 1) * span)), at * hashBytes);
    files.set(tilePath(tile), bytes);
  }
  return files;
}

export const sourceOf =
  (files: ReadonlyMap<string, Uint8Array>): TileSource =>
  async (path) =>
    files.get(path);

/** Nodes from the leaves, without tiles. */
export const nodesOfLeaves =
  (leaves: readonly Hash[]): NodeReader =>
  async (nodes) =>
    nodes.map(({ level, index }) => plainRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)));

export const nodesOfEntries = (entries: readonly Uint8Array[]): NodeReader =>
  nodesFromTiles(sourceOf(plainTiles(entries)), entries.length);

export const newSigner = (name: string) => createSigner(name, generateKeyPairSync('ed25519').privateKey);
export const newEcdsaSigner = (name: string, namedCurve = 'P-384') =>
  createSigner(name, generateKeyPairSync('ec', { namedCurve }).privateKey);
export const newCosigner = (name: string) => createCosigner(name, generateKeyPairSync('ed25519').privateKey);
