import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import { type Hash, hashBytes, tileLevels, tileWidth } from '@ironbark/tlog';

/** "ledger" in ASCII: one process gives out places at a time, until its transaction ends. */
const sequencerLock = 0x6c6564676572;

/** False while another process does. Writers of entries never wait for it. */
export async function lockSequencer(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(${sql.lit(sequencerLock)}) as mine`.execute(tx);
  return rows[0]?.mine === true;
}

export async function logSize(tx: Tx): Promise<number> {
  const { rows } = await sql<{ size: number }>`
    select coalesce(max(index) + 1, 0)::bigint as size from ledger.leaf`.execute(tx);
  return rows[0]?.size ?? 0;
}

/** How many wait for a place, and since when the first of them does. */
export async function waiting(tx: Tx): Promise<{ count: number; since: Date | null }> {
  const { rows } = await sql<{ count: number; since: Date | null }>`
    select count(*)::bigint as count, min(payload.at) as since
    from ledger.waiting join ledger.payload on payload.recorded = waiting.recorded`.execute(tx);
  return rows[0] ?? { count: 0, since: null };
}

const hashesIn = (bytes: Buffer | null | undefined): Hash[] => {
  const hashes: Hash[] = [];
  for (let at = 0; at < (bytes?.length ?? 0); at += hashBytes)
    hashes.push(bytes?.subarray(at, at + hashBytes) ?? new Uint8Array());
  return hashes;
};

/** Gives the first `limit` that wait the places from `size` on. @returns their hashes, in the order of their places */
export async function sequenceWaiting(tx: Tx, size: number, limit: number): Promise<Hash[]> {
  const { rows } = await sql<{ hashes: Buffer | null }>`
    with gone as (
      delete from ledger.waiting
      where recorded = any (array(select recorded from ledger.waiting order by recorded limit ${limit}))
      returning recorded, id, leaf, hash
    ), added as (
      insert into ledger.leaf (index, id, leaf, hash)
      select ${size}::bigint + row_number() over (order by recorded) - 1, id, leaf, hash from gone
      returning index, hash
    )
    select string_agg(hash, ''::bytea order by index) as hashes from added`.execute(tx);
  return hashesIn(rows[0]?.hashes);
}

/** The hashes of the leaves `from` up to, not including, `to`. */
export async function leafHashes(tx: Tx, from: number, to: number): Promise<Hash[]> {
  const { rows } = await sql<{ hashes: Buffer | null }>`
    select string_agg(hash, ''::bytea order by index) as hashes from ledger.leaf
    where index >= ${from} and index < ${to}`.execute(tx);
  return hashesIn(rows[0]?.hashes);
}

/** Where the root of a whole tile lies among its nodes: the last of them. SQL counts bytes from 1. */
const rootByte = (2 * tileWidth - 2) * hashBytes + 1;

/** The roots of whole tiles of `level`, `from` up to, not including, `to`. */
export async function tileRoots(tx: Tx, level: number, from: number, to: number): Promise<Hash[]> {
  const { rows } = await sql<{ hashes: Buffer | null }>`
    select string_agg(substring(nodes from ${sql.lit(rootByte)} for ${sql.lit(hashBytes)}), ''::bytea order by index) as hashes
    from ledger.tile where level = ${level} and index >= ${from} and index < ${to}`.execute(tx);
  return hashesIn(rows[0]?.hashes);
}

/** The hashes of one level of tiles, `from` up to, not including, `to`. */
export const levelHashes = (tx: Tx, level: number, from: number, to: number): Promise<Hash[]> =>
  level === 0 ? leafHashes(tx, from, to) : tileRoots(tx, level - 1, from, to);

/** The partial tile of each level of a log of `size`, lowest first. */
export async function readEdge(tx: Tx, size: number): Promise<Hash[][]> {
  const edge: Hash[][] = [];
  for (const [level, hashes] of tileLevels(size).entries())
    edge.push(await levelHashes(tx, level, hashes - (hashes % tileWidth), hashes));
  return edge;
}

/** All 511 hashes of a whole tile, row by row; undefined where there is none. */
export async function readTileNodes(tx: Tx, level: number, index: number): Promise<Buffer | undefined> {
  const { rows } = await sql<{ nodes: Buffer }>`
    select nodes from ledger.tile where level = ${level} and index = ${index}`.execute(tx);
  return rows[0]?.nodes;
}

export async function countTiles(tx: Tx): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::bigint as count from ledger.tile`.execute(
    tx,
  );
  return rows[0]?.count ?? 0;
}

export async function insertTiles(
  tx: Tx,
  tiles: readonly { level: number; index: number; nodes: Uint8Array }[],
): Promise<void> {
  if (tiles.length === 0) return;
  // In hex, and all at once: PGlite turns bytes into text one by one.
  const hex = tiles.map(({ nodes }) =>
    Buffer.from(nodes.buffer, nodes.byteOffset, nodes.length).toString('hex'),
  );
  await sql`insert into ledger.tile (level, index, nodes)
    select level, index, decode(nodes, 'hex') from unnest(
      ${tiles.map(({ level }) => level)}::smallint[], ${tiles.map(({ index }) => index)}::bigint[], ${hex}::text[]
    ) as one (level, index, nodes)`.execute(tx);
}

export type CheckpointRow = { size: number; root: Buffer; note: string; at: Date };

export async function insertCheckpoint(tx: Tx, { size, root, note, at }: CheckpointRow): Promise<void> {
  await sql`insert into ledger.checkpoint (size, root, note, at) values (${size}, ${root}, ${note}, ${at})`.execute(
    tx,
  );
}

export async function newestCheckpoint(tx: Tx): Promise<CheckpointRow | undefined> {
  const { rows } = await sql<CheckpointRow>`
    select size, root, note, at from ledger.checkpoint order by size desc limit 1`.execute(tx);
  return rows[0];
}

/** Checkpoints of more than `after` entries, smallest first. */
export async function checkpointsAfter(tx: Tx, after: number, limit: number): Promise<CheckpointRow[]> {
  const { rows } = await sql<CheckpointRow>`
    select size, root, note, at from ledger.checkpoint where size > ${after} order by size limit ${limit}`.execute(
    tx,
  );
  return rows;
}

export type CosignedRow = CheckpointRow & { lines: string[]; witnesses: string[] };

/** The newest checkpoints of at least `size` entries with the cosignatures they have, newest first. */
export async function cosignedCheckpoints(
  tx: Tx,
  { size, witnessed, limit }: { size: number; witnessed: boolean; limit: number },
): Promise<CosignedRow[]> {
  const { rows } = await sql<CosignedRow>`
    select newest.*, coalesce(cosigned.lines, '{}') as lines, coalesce(cosigned.witnesses, '{}') as witnesses
    from (
      select size, root, note, at from ledger.checkpoint
      where size >= ${size}
        and (not ${witnessed} or exists (select from ledger.cosignature where cosignature.size = checkpoint.size))
      order by size desc limit ${limit}
    ) as newest
    left join lateral (
      select array_agg(line order by witness) as lines, array_agg(witness order by witness) as witnesses
      from ledger.cosignature where cosignature.size = newest.size
    ) as cosigned on true
    order by newest.size desc`.execute(tx);
  return rows;
}

/** A witness signs a checkpoint once; a second time changes nothing. */
export async function insertCosignature(
  tx: Tx,
  { size, witness, line, seconds }: { size: number; witness: string; line: string; seconds: number },
): Promise<void> {
  await sql`insert into ledger.cosignature (size, witness, line, seconds)
    values (${size}, ${witness}, ${line}, ${seconds}) on conflict do nothing`.execute(tx);
}

export type KeyRow = { vkey: string; since_size: number; at: Date };

export async function logKeys(tx: Tx): Promise<KeyRow[]> {
  const { rows } =
    await sql<KeyRow>`select vkey, since_size, at from ledger.log_key order by at, vkey`.execute(tx);
  return rows;
}

export async function insertLogKey(tx: Tx, { vkey, since_size, at }: KeyRow): Promise<void> {
  await sql`insert into ledger.log_key (vkey, since_size, at) values (${vkey}, ${since_size}, ${at})
    on conflict do nothing`.execute(tx);
}

/** The entries of a bundle, as they were hashed. */
export async function readLeaves(tx: Tx, from: number, to: number): Promise<string[]> {
  const { rows } = await sql<{ leaf: string }>`
    select leaf from ledger.leaf where index >= ${from} and index < ${to} order by index`.execute(tx);
  return rows.map(({ leaf }) => leaf);
}

export type VerifiableRow = {
  index: number;
  id: string;
  leaf: string;
  hash: Buffer;
  /** Null where the payload's row is gone. */
  recorded: number | null;
  at: Date | null;
  action: string | null;
  tenancy_id: string | null;
  subject: string | null;
  salt: Buffer | null;
  body: string | null;
  erased: boolean;
};

/** Everything that belongs to a leaf, from `from` on, in the order of the log. */
export async function readVerifiable(tx: Tx, from: number, limit: number): Promise<VerifiableRow[]> {
  const { rows } = await sql<VerifiableRow>`
    select leaf.index, leaf.id, leaf.leaf, leaf.hash, payload.recorded, payload.at, payload.action, payload.tenancy_id,
      payload.subject, payload.salt, payload.body, erasure.id is not null as erased
    from ledger.leaf left join ledger.payload on payload.id = leaf.id left join ledger.erasure on erasure.id = leaf.id
    where leaf.index >= ${from} order by leaf.index limit ${limit}`.execute(tx);
  return rows;
}

/** Payloads that belong to nothing that was or will be logged. */
export async function strayPayloads(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select payload.id from ledger.payload
    where not exists (select from ledger.leaf where leaf.id = payload.id)
      and not exists (select from ledger.waiting where waiting.id = payload.id)
    limit 10`.execute(tx);
  return rows.map(({ id }) => id);
}
