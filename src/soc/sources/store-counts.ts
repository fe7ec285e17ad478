import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import { type Scope, type SourceId, sourceId } from '#platform/scope';
import type { RejectedItem } from './contract.ts';
import { keptBytes, type Rejection, type SourceDelta } from './counting.ts';

/** Items that the spool could not give back: numbers that the pipeline never saw. */
export type Damaged = { readonly source: SourceId; readonly items: number };

export async function addCounts(tx: Tx, deltas: readonly SourceDelta[]): Promise<Damaged[]> {
  const { rows } = await sql<{ source_id: string; missing: number }>`
    with d as (
      select * from jsonb_to_recordset(${JSON.stringify(deltas)}::jsonb)
        as d(source text, processed bigint, stored bigint, rejected bigint, unmapped bigint, "lastEventAt" timestamptz)
    ), locked as (
      select b.source_id, greatest(0, d.processed - b.processed - d.stored - d.rejected) as missing
      from soc.source_balance b join d on d.source = b.source_id
      order by b.source_id for update of b
    )
    update soc.source_balance b set
      processed = greatest(b.processed, d.processed),
      stored = b.stored + d.stored,
      rejected = b.rejected + d.rejected + locked.missing,
      unmapped = b.unmapped + d.unmapped,
      last_event_at = greatest(b.last_event_at, d."lastEventAt")
    from d join locked on locked.source_id = d.source
    where b.source_id = d.source
    returning b.source_id, locked.missing`.execute(tx);
  return rows
    .filter(({ missing }) => missing > 0)
    .map((row) => ({ source: sourceId(row.source_id), items: row.missing }));
}

export type DoorCount = {
  readonly source: SourceId;
  readonly doorRejected: number;
  readonly duplicates: number;
  readonly refused: number;
};

export async function addDoorCounts(tx: Tx, counts: readonly DoorCount[]): Promise<void> {
  await sql`
    with d as (
      select * from jsonb_to_recordset(${JSON.stringify(counts)}::jsonb)
        as d(source text, "doorRejected" bigint, duplicates bigint, refused bigint)
    ), locked as (
      select b.source_id from soc.source_balance b join d on d.source = b.source_id order by b.source_id for update of b
    )
    update soc.source_balance b set
      door_rejected = b.door_rejected + d."doorRejected",
      duplicates = b.duplicates + d.duplicates,
      refused = b.refused + d.refused
    from d join locked on locked.source_id = d.source
    where b.source_id = d.source`.execute(tx);
}

/** Bytes of items that go into one statement. */
const statementBytes = 1024 * 1024;

/** Rejections of sources that are not there (any more) are left out. */
export async function keepRejected(
  tx: Tx,
  items: readonly (Rejection & { readonly id: string })[],
): Promise<void> {
  let rows: object[] = [];
  let size = 0;
  async function write(): Promise<void> {
    if (rows.length === 0) return;
    await sql`
      insert into soc.rejected_item (id, source_id, tenancy_id, received_at, code, reason, wire, peer, client_id, size_bytes, bytes)
      select d.id, s.id, s.tenancy_id, d."receivedAt", d.code, d.reason, d.wire, d.peer, d."clientId", d."sizeBytes", decode(d.bytes, 'base64')
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as d(id text, source text, "receivedAt" timestamptz, code text,
        reason text, wire text, peer text, "clientId" text, "sizeBytes" bigint, bytes text)
      join soc.source s on s.id = d.source`.execute(tx);
    rows = [];
    size = 0;
  }
  for (const item of items) {
    const bytes = item.bytes.subarray(0, keptBytes);
    rows.push({
      ...item,
      reason: storable(item.reason),
      clientId: storable(item.clientId),
      bytes: bytes.toString('base64'),
    });
    size += bytes.length + 500;
    if (size >= statementBytes) await write();
  }
  await write();
}

/** PostgreSQL's text takes no NUL and no half of a surrogate pair. */
const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd');

type RejectedRow = {
  id: string;
  source_id: string;
  received_at: Date;
  code: string;
  reason: string;
  size_bytes: number;
  preview: Buffer;
  replayed_at: Date | null;
};

/** Newest first; of each item the first 4,096 bytes. */
export async function rejectedPage(
  tx: Tx,
  scope: Scope,
  source: string,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<RejectedItem[]> {
  const before = after === undefined ? sql`true` : sql`id < ${after}`;
  const { rows } = await sql<RejectedRow>`
    select id, source_id, received_at, code, reason, size_bytes, substring(bytes from 1 for 4096) as preview, replayed_at
    from soc.rejected_item
    where tenancy_id = any(${[...scope.tenancies]}::text[]) and source_id = ${source} and ${before}
    order by id desc limit ${limit}`.execute(tx);
  return rows.map((row) => ({
    id: row.id,
    source: row.source_id,
    receivedAt: row.received_at.toISOString(),
    code: row.code,
    reason: row.reason,
    sizeBytes: row.size_bytes,
    preview: row.preview.toString('utf8'),
    replayedAt: row.replayed_at?.toISOString() ?? null,
  }));
}

export async function rejectedTotal(tx: Tx, scope: Scope, source: string): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    select count(*)::int as total from soc.rejected_item
    where tenancy_id = any(${[...scope.tenancies]}::text[]) and source_id = ${source}`.execute(tx);
  return rows[0]?.total ?? 0;
}

type ReplayRow = {
  id: string;
  received_at: Date;
  wire: Rejection['wire'];
  peer: string;
  client_id: string;
  size_bytes: number;
  bytes: Buffer;
};
export type Replayable = Pick<
  Rejection,
  'receivedAt' | 'wire' | 'peer' | 'clientId' | 'bytes' | 'sizeBytes'
> & { readonly id: string };

/** Oldest first, what was not replayed yet; `ids` empty: whichever. Locked until the transaction ends. */
export async function toReplay(
  tx: Tx,
  scope: Scope,
  source: string,
  ids: readonly string[],
  limit: number,
): Promise<Replayable[]> {
  const chosen = ids.length === 0 ? sql`true` : sql`id = any(${[...ids]}::text[])`;
  const { rows } = await sql<ReplayRow>`
    select id, received_at, wire, peer, client_id, size_bytes, bytes from soc.rejected_item
    where tenancy_id = any(${[...scope.tenancies]}::text[]) and source_id = ${source} and replayed_at is null
      and code <> 'spool-damaged' and ${chosen}
    order by id limit ${limit} for update`.execute(tx);
  return rows.map((row) => ({
    id: row.id,
    receivedAt: row.received_at,
    wire: row.wire,
    peer: row.peer,
    clientId: row.client_id,
    bytes: row.bytes,
    sizeBytes: row.size_bytes,
  }));
}

export async function markReplayed(tx: Tx, scope: Scope, ids: readonly string[], at: Date): Promise<void> {
  await sql`
    update soc.rejected_item set replayed_at = ${at}
    where tenancy_id = any(${[...scope.tenancies]}::text[]) and id = any(${[...ids]}::text[])`.execute(tx);
}

/** Keeps the newest `keep` of each source; the counts stay. */
export async function pruneRejected(tx: Tx, keep: number): Promise<void> {
  await sql`
    delete from soc.rejected_item r using (
      select source_id, (array_agg(id order by id desc))[${keep}::int] as oldest_kept
      from soc.rejected_item group by source_id having count(*) > ${keep}
    ) full_source
    where r.source_id = full_source.source_id and r.id < full_source.oldest_kept`.execute(tx);
}
