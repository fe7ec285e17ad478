import {
  growTiles,
  growTree,
  hashLeaf,
  openCheckpoint,
  parseVkey,
  sameHash,
  signaturesBy,
  parseNote,
} from '@ironbark/tlog';
import type { Records, Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import { commitmentOf, parseLeaf, parsePayload, type Leaf, type Payload } from './leaf.ts';
import { oldHash } from './old-chain.ts';
import {
  type CheckpointRow,
  checkpointsAfter,
  cosignedCheckpoints,
  countTiles,
  logKeys,
  logSize,
  readTileNodes,
  readVerifiable,
  strayPayloads,
  type VerifiableRow,
} from './store-log.ts';

export type Verification =
  | {
      readonly intact: true;
      readonly entries: number;
      readonly head: string | null;
      readonly remarks: string[];
    }
  /** `index` is the first place where something is not what it was. */
  | {
      readonly intact: false;
      readonly entries: number;
      readonly index: number;
      readonly why: string;
      readonly remarks: string[];
    };

const access = systemAccess('verify the ledger');
const pageSize = 1000;
/** Entries may be recorded in an order that differs from their times by this much: transactions overlap. */
const skewMilliseconds = 60_000;

class Broken extends Error {
  readonly index: number;
  constructor(index: number, why: string) {
    super(why);
    this.index = index;
  }
}

/**
 * Works the whole log out anew from its leaves: hashes, tiles, the root of every checkpoint and its signatures, and that
 * each readable payload is the one its leaf commits to. What was re-signed after a truncation only a witness or an older
 * checkpoint can tell.
 */
export async function verifyLedger(records: Records): Promise<Verification> {
  const remarks: string[] = [];
  const state = {
    tree: growTree(),
    tiles: growTiles(0, []),
    last: undefined as Leaf | undefined,
    wholeTiles: 0,
  };
  const inTransaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => records.transaction(access, work);
  try {
    const keys = (await inTransaction(logKeys)).map(({ vkey }) => parseVkey(vkey));
    let checkpoints = await inTransaction((tx) => checkpointsAfter(tx, -1, pageSize));
    let head: string | null = null;
    const compare = async (): Promise<void> => {
      for (let next = checkpoints[0]; next?.size === state.tree.size; next = checkpoints[0]) {
        checkCheckpoint(next, state.tree.root(), keys);
        head = next.root.toString('base64');
        checkpoints.shift();
        if (checkpoints.length === 0)
          checkpoints = await inTransaction((tx) => checkpointsAfter(tx, next?.size ?? 0, pageSize));
      }
    };
    await compare();
    for (let from = 0; ; ) {
      const page = await inTransaction((tx) => readVerifiable(tx, from, pageSize));
      for (const row of page) {
        state.last = checkRow(row, state.tree.size, state.last, remarks);
        state.tree.append(row.hash);
        for (const tile of state.tiles.append(row.hash)) {
          state.wholeTiles++;
          const kept = await inTransaction((tx) => readTileNodes(tx, tile.level, tile.index));
          if (kept === undefined || !kept.equals(Buffer.concat(tile.rows.flat())))
            throw new Broken(
              row.index,
              `tile ${tile.level}/${tile.index} is not what follows from its entries`,
            );
        }
        await compare();
      }
      const last = page.at(-1);
      if (last === undefined || page.length < pageSize) break;
      from = last.index + 1;
    }
    await inTransaction((tx) => checkEnd(tx, state.tree.size, state.wholeTiles, checkpoints[0]));
    await inTransaction((tx) => checkCosignatures(tx));
    return { intact: true, entries: state.tree.size, head, remarks };
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return { intact: false, entries: state.tree.size, index: error.index, why: error.message, remarks };
  }
}

function checkCheckpoint(
  row: CheckpointRow,
  root: Uint8Array,
  keys: Parameters<typeof openCheckpoint>[1],
): void {
  if (!sameHash(root, row.root))
    throw new Broken(row.size, `the checkpoint of ${row.size} entries has another root than its entries`);
  try {
    const { size, root: signed } = openCheckpoint(row.note, keys);
    if (size === row.size && sameHash(signed, row.root)) return;
  } catch (error) {
    throw new Broken(
      row.size,
      `the checkpoint of ${row.size} entries: ${error instanceof Error ? error.message : ''}`,
    );
  }
  throw new Broken(row.size, `the checkpoint of ${row.size} entries was signed for another tree`);
}

function checkRow(row: VerifiableRow, expected: number, before: Leaf | undefined, remarks: string[]): Leaf {
  const broken = (why: string): Broken => new Broken(expected, why);
  if (row.index !== expected) throw broken(`entry ${expected} is missing`);
  if (!sameHash(hashLeaf(Buffer.from(row.leaf)), row.hash)) throw broken('its leaf is not what was hashed');
  const leaf = leafIn(row, expected);
  if (leaf.id !== row.id) throw broken('its id is not that of its leaf');
  if (row.at === null) throw broken('its payload is gone, and no erasure says so');
  if (row.at.toISOString() !== leaf.at || row.action !== leaf.action)
    throw broken('its time or action is not that of its leaf');
  if (before !== undefined && Date.parse(before.at) - Date.parse(leaf.at) > skewMilliseconds)
    remarks.push(
      `Entry ${expected} says ${leaf.at}, the one before it ${before.at}: the clock was set back.`,
    );
  if (row.salt === null || row.body === null) {
    if (!row.erased) throw broken('its payload is gone, and no erasure says so');
    return leaf;
  }
  if (commitmentOf(row.salt, row.body) !== leaf.commitment)
    throw broken('its payload is not what its leaf commits to');
  const payload = parsePayload(row.body);
  if (payload.tenancy !== row.tenancy_id || payload.subject !== row.subject)
    throw broken('its tenancy or subject is not that of its payload');
  if (payload.chain !== undefined && !chainHolds(leaf, payload, payload.chain))
    remarks.push(`Entry ${expected} did not hash to its value in the chain of before.`);
  return leaf;
}

function leafIn(row: VerifiableRow, index: number): Leaf {
  try {
    return parseLeaf(row.leaf);
  } catch {
    throw new Broken(index, 'its leaf is not that of a ledger entry');
  }
}

const chainHolds = (
  leaf: Leaf,
  { actor, subject, tenancy, facts }: Payload,
  chain: NonNullable<Payload['chain']>,
): boolean =>
  oldHash({
    sequence: chain.sequence,
    at: new Date(leaf.at),
    actor,
    action: leaf.action,
    subject,
    tenancy,
    facts,
    previousHash: Buffer.from(chain.previousHash, 'hex'),
  }).toString('hex') === chain.hash;

/** Entries that were sequenced meanwhile came with a checkpoint of their own, so only what lies behind them is wrong. */
async function checkEnd(
  tx: Tx,
  size: number,
  wholeTiles: number,
  next: CheckpointRow | undefined,
): Promise<void> {
  const now = await logSize(tx);
  if (now > size) return;
  if (next !== undefined)
    throw new Broken(size, `${next.size} entries were signed, and only ${size} are there`);
  const [newest] = await cosignedCheckpoints(tx, { size: 0, witnessed: false, limit: 1 });
  if ((newest?.size ?? 0) !== size)
    throw new Broken(size, `${size} entries are there, and ${newest?.size ?? 0} were signed`);
  const tiles = await countTiles(tx);
  if (tiles !== wholeTiles)
    throw new Broken(size, `${tiles} tiles are kept, and ${wholeTiles} follow from the entries`);
  const [stray] = await strayPayloads(tx);
  if (stray !== undefined) throw new Broken(size, `the payload ${stray} belongs to no entry`);
}

/** Cosignatures of the newest checkpoints are those of the witnesses they are kept for. */
async function checkCosignatures(tx: Tx): Promise<void> {
  for (const { size, note, lines, witnesses } of await cosignedCheckpoints(tx, {
    size: 0,
    witnessed: true,
    limit: 100,
  })) {
    try {
      if (
        signaturesBy(parseNote(note + lines.join('')), witnesses.map(parseVkey)).length === witnesses.length
      )
        continue;
    } catch {}
    throw new Broken(size, `a cosignature of the checkpoint of ${size} entries is wrong`);
  }
}
