import {
  bundleOf,
  type Hash,
  hashBytes,
  type Node,
  type NodeReader,
  proveConsistency,
  proveInclusion,
  type Tile,
  tileAt,
  tileOfNode,
  tilePath,
  tileRows,
  tileWidth,
  writeProof,
} from '@ironbark/tlog';
import type { Records, Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import { isUuid } from './ids.ts';
import type { Receipt } from './receipt.ts';
import { readSequenced } from './store.ts';
import {
  type CosignedRow,
  cosignedCheckpoints,
  levelHashes,
  logSize,
  readLeaves,
  readTileNodes,
} from './store-log.ts';

/** Reads the log: its newest checkpoint, tiles, proofs. What is read is as good as the database; who asks checks it. */
export type LogReader = {
  /** The checkpoint that is shown to the world: signed note with its cosignatures. Undefined before the first. */
  checkpoint(): Promise<ShownCheckpoint | undefined>;
  /** A tile or bundle, as bytes; undefined where the log has none of this width. */
  tile(tile: Tile): Promise<Uint8Array | undefined>;
  /** @throws {TlogError} malformed, where the log has no such place or size */
  inclusion(index: number, size: number): Promise<Hash[]>;
  consistency(from: number, to: number): Promise<Hash[]>;
  receipt(id: string): Promise<Receipt | undefined>;
  /** How many entries have a place. */
  size(): Promise<number>;
};

export type ShownCheckpoint = {
  readonly size: number;
  readonly root: Buffer;
  readonly note: string;
  readonly at: Date;
  /** Verifier keys of the witnesses that cosigned it. */
  readonly witnesses: readonly string[];
};

const access = systemAccess('read the log');
/** Whole tiles kept in memory, 16 KB each: they never change. */
const tilesKept = 512;
/** Tiles at the right edge kept, at most as large: each new checkpoint brings others. */
const edgesKept = 64;
/** So much newer may a checkpoint be that no witness saw yet, and the one that was seen is shown. */
const waitForWitnessMilliseconds = 10_000;

export function createLogReader({ records }: { records: Records }): LogReader {
  const kept = new Map<string, Buffer>();
  const wholeTile = async (tx: Tx, level: number, index: number): Promise<Buffer | undefined> => {
    const key = `${level}/${index}`;
    const known = kept.get(key);
    const nodes = known ?? (await readTileNodes(tx, level, index));
    if (nodes === undefined) return undefined;
    // The one used last is the last to go.
    kept.delete(key);
    kept.set(key, nodes);
    for (const oldest of kept.keys()) {
      if (kept.size <= tilesKept) break;
      kept.delete(oldest);
    }
    return nodes;
  };
  const edges = new Map<string, Hash[][]>();
  /** The tile at the right edge of a log of `size`, row by row: for this width it never changes either. */
  const edgeTile = async (tx: Tx, { level, index, width }: Tile & { level: number }): Promise<Hash[][]> => {
    const key = tilePath({ level, index, width });
    const rows = edges.get(key) ?? tileRows(await hashesOf(tx, level, index, width));
    edges.delete(key);
    edges.set(key, rows);
    const [oldest] = edges.keys();
    if (edges.size > edgesKept && oldest !== undefined) edges.delete(oldest);
    return rows;
  };
  /** Without a transaction where all that a proof needs is kept: most proofs of a busy log are. */
  const fromKept = (one: Node, size: number): Hash | undefined => {
    const place = tileOfNode(one);
    const tile = tileAt(place.level, place.index, size);
    if (tile === undefined) return undefined;
    const whole = tile.width === tileWidth ? kept.get(`${place.level}/${place.index}`) : undefined;
    if (whole !== undefined) return nodeIn(whole, place);
    return edges.get(tilePath(tile))?.[Math.log2(place.count)]?.[place.from / place.count];
  };
  const proving =
    (size: number): NodeReader =>
    async (nodes) => {
      const hashes = nodes.flatMap((one) => fromKept(one, size) ?? []);
      return hashes.length === nodes.length ? hashes : inTransaction((tx) => reading(tx, size)(nodes));
    };
  const node = async (tx: Tx, one: Node, size: number): Promise<Hash> => {
    const place = tileOfNode(one);
    const tile = tileAt(place.level, place.index, size);
    const row = Math.log2(place.count);
    if (tile?.width === tileWidth) {
      const whole = await wholeTile(tx, place.level, place.index);
      if (whole !== undefined) return nodeIn(whole, place);
    } else if (tile !== undefined) {
      const rows = await edgeTile(tx, { ...tile, level: place.level });
      const hash = rows[row]?.[place.from / place.count];
      if (hash !== undefined) return hash;
    }
    throw new Error(`the log has no node ${one.level}/${one.index}`);
  };
  const reading =
    (tx: Tx, size: number): NodeReader =>
    async (nodes) => {
      const hashes: Hash[] = [];
      // One after the other: it is one connection.
      for (const one of nodes) hashes.push(await node(tx, one, size));
      return hashes;
    };
  const inTransaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => records.transaction(access, work);
  return {
    checkpoint: () => inTransaction((tx) => shownCheckpoint(tx, 0)),
    size: () => inTransaction(logSize),
    inclusion: (index, size) => proveInclusion(proving(size), index, size),
    consistency: (from, to) => proveConsistency(proving(to), from, to),
    tile: (tile) =>
      inTransaction(async (tx) => {
        const { level, index, width } = tile;
        const there = tileAt(level, index, await logSize(tx));
        if (there === undefined || there.width < width) return undefined;
        const from = index * tileWidth;
        if (level === 'entries')
          return bundleOf((await readLeaves(tx, from, from + width)).map((leaf) => Buffer.from(leaf)));
        const whole = await wholeTile(tx, level, index);
        if (whole !== undefined) return whole.subarray(0, width * hashBytes);
        return Buffer.concat(await levelHashes(tx, level, from, from + width));
      }),
    receipt: (id) =>
      inTransaction(async (tx) => {
        const entry = isUuid(id) ? await readSequenced(tx, id) : undefined;
        if (entry === undefined) return undefined;
        const checkpoint = await shownCheckpoint(tx, entry.index + 1);
        if (checkpoint === undefined) return undefined;
        const proof = await proveInclusion(reading(tx, checkpoint.size), entry.index, checkpoint.size);
        return {
          leaf: entry.leaf,
          salt: entry.salt?.toString('base64') ?? null,
          payload: entry.body,
          tlogProof: writeProof({ index: entry.index, proof, checkpoint: checkpoint.note, extra: undefined }),
        };
      }),
  };
}

async function hashesOf(tx: Tx, level: number, index: number, width: number): Promise<Hash[]> {
  const from = index * tileWidth;
  const hashes = await levelHashes(tx, level, from, from + width);
  if (hashes.length !== width) throw new Error(`the log has not all of tile ${level}/${index}`);
  return hashes;
}

/** The newest checkpoint that a witness saw, unless a much newer one waits for it in vain; of at least `size` entries. */
async function shownCheckpoint(tx: Tx, size: number): Promise<ShownCheckpoint | undefined> {
  const [newest] = await cosignedCheckpoints(tx, { size, witnessed: false, limit: 1 });
  if (newest === undefined) return undefined;
  if (newest.lines.length > 0) return shown(newest);
  const [seen] = await cosignedCheckpoints(tx, { size, witnessed: true, limit: 1 });
  if (seen === undefined || newest.at.getTime() - seen.at.getTime() > waitForWitnessMilliseconds)
    return shown(newest);
  return shown(seen);
}

const shown = ({ size, root, note, at, lines, witnesses }: CosignedRow): ShownCheckpoint => ({
  size,
  root,
  note: note + lines.join(''),
  at,
  witnesses,
});

/** One hash of the 511 of a whole tile. */
function nodeIn(nodes: Buffer, { from, count }: { from: number; count: number }): Hash {
  // Rows of 256, 128 … hashes: those before the row of subtrees of `count` leaves are 512 - 512 / count.
  const before = 2 * tileWidth - (2 * tileWidth) / count;
  const at = (before + from / count) * hashBytes;
  return nodes.subarray(at, at + hashBytes);
}
