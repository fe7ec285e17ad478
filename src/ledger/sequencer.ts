import { growTiles, openCheckpoint, parseVkey, sameHash, signCheckpoint } from '@ironbark/tlog';
import type { Clock } from '#platform/clock';
import type { Records, Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import { LedgerDamaged } from './errors.ts';
import type { LedgerKeys } from './keys.ts';
import {
  insertCheckpoint,
  insertLogKey,
  insertTiles,
  lockSequencer,
  logKeys,
  logSize,
  newestCheckpoint,
  readEdge,
  sequenceWaiting,
} from './store-log.ts';

export type SequencerDeps = {
  readonly records: Records;
  readonly clock: Clock;
  readonly keys: LedgerKeys;
};

const access = systemAccess('give entries their place in the log');
/** Entries of one transaction: on PGlite nobody else can work meanwhile. */
const batchSize = 2000;

/**
 * Gives what waits its place, keeps the tiles that became whole, signs a checkpoint: each batch in one transaction.
 * INVARIANT: nothing is signed that does not continue what the newest checkpoint says.
 * @returns how many entries got a place; 0 also where another process is at it
 * @throws {LedgerDamaged}
 */
export async function sequence(deps: SequencerDeps): Promise<number> {
  let total = 0;
  for (;;) {
    const placed = await deps.records.transaction(access, (tx) => sequenceBatch(tx, deps));
    total += placed;
    if (placed < batchSize) return total;
  }
}

async function sequenceBatch(tx: Tx, { clock, keys }: SequencerDeps): Promise<number> {
  if (!(await lockSequencer(tx))) return 0;
  const size = await logSize(tx);
  const newest = await newestCheckpoint(tx);
  const growing = growTiles(size, await edgeOf(tx, size));
  await checkAgainst(tx, newest, growing);
  const leaves = await sequenceWaiting(tx, size, batchSize);
  if (leaves.length === 0 && newest !== undefined) return 0;
  const tiles = leaves.flatMap((leaf) => growing.append(leaf));
  await insertTiles(
    tx,
    tiles.map(({ level, index, rows }) => ({ level, index, nodes: Buffer.concat(rows.flat()) })),
  );
  const at = clock.now();
  await noteKeys(tx, keys, size, at);
  const checkpoint = { origin: keys.origin, size: growing.size, root: growing.root() };
  await insertCheckpoint(tx, {
    size: checkpoint.size,
    root: Buffer.from(checkpoint.root),
    note: signCheckpoint(checkpoint, keys.signers),
    at,
  });
  return leaves.length;
}

async function edgeOf(tx: Tx, size: number): Promise<Uint8Array[][]> {
  const edge = await readEdge(tx, size);
  try {
    growTiles(size, edge);
  } catch {
    throw new LedgerDamaged(`entries or tiles at the end of the ${size} are missing`);
  }
  return edge;
}

/** The log as it is must be the one that was signed last, by a key that this log had. */
async function checkAgainst(
  tx: Tx,
  newest: { size: number; root: Buffer; note: string } | undefined,
  growing: { readonly size: number; root(): Uint8Array },
): Promise<void> {
  if (newest === undefined) {
    if (growing.size > 0) throw new LedgerDamaged(`it has ${growing.size} entries and no checkpoint`);
    return;
  }
  if (newest.size !== growing.size)
    throw new LedgerDamaged(`it has ${growing.size} entries, and ${newest.size} were signed`);
  if (!sameHash(growing.root(), newest.root))
    throw new LedgerDamaged(`its ${newest.size} entries have another root than the one that was signed`);
  const verifiers = (await logKeys(tx)).map(({ vkey }) => parseVkey(vkey));
  try {
    const signed = openCheckpoint(newest.note, verifiers);
    if (signed.size === newest.size && sameHash(signed.root, newest.root)) return;
  } catch {}
  throw new LedgerDamaged(`the checkpoint of ${newest.size} entries is not signed by the log`);
}

async function noteKeys(tx: Tx, keys: LedgerKeys, size: number, at: Date): Promise<void> {
  for (const { verifier } of keys.signers)
    await insertLogKey(tx, { vkey: verifier.vkey, since_size: size, at });
}
