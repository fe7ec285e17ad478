import { sql } from 'kysely';
import type { JournalHit } from './correlation.ts';
import { withoutNul } from './detections.ts';
import type { EventStore } from '#platform/events';
import type { Tx } from '#platform/records';
import type { Position } from '#platform/spool';

export type Checkpoint = {
  readonly position: Position;
  readonly correlation: Uint8Array | null;
  readonly journal: readonly JournalHit[];
};

type Row = { segment: number; byte_offset: number; correlation: Buffer | null };

/** @returns undefined before the first batch was committed */
export async function loadCheckpoint(tx: Tx): Promise<Checkpoint | undefined> {
  const { rows } =
    await sql<Row>`select segment, byte_offset, correlation from soc.checkpoint where id = 1`.execute(tx);
  const [row] = rows;
  if (row === undefined) return undefined;
  const journal = await sql<{ hits: JournalHit[] }>`select hits from soc.correlation_hit order by id`.execute(
    tx,
  );
  return {
    position: { segment: row.segment, offset: row.byte_offset },
    correlation: row.correlation,
    journal: journal.rows.flatMap(({ hits }) => hits),
  };
}

/** Whether the checkpoint is at or behind this position already. */
export async function isCommitted(tx: Tx, end: Position): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`
    select (segment, byte_offset) >= (${end.segment}::bigint, ${end.offset}::bigint) as there from soc.checkpoint where id = 1`.execute(
    tx,
  );
  return rows[0]?.there ?? false;
}

/** @param state the whole state, which makes the journal so far superfluous; null: `hits` are added to the journal */
export async function saveCorrelation(
  tx: Tx,
  state: Uint8Array | null,
  hits: readonly JournalHit[],
): Promise<void> {
  if (state !== null) await sql`delete from soc.correlation_hit`.execute(tx);
  else if (hits.length > 0)
    await sql`insert into soc.correlation_hit (hits) values (${withoutNul(JSON.stringify(hits))}::jsonb)`.execute(
      tx,
    );
}

export async function saveCheckpoint(
  tx: Tx,
  at: Position,
  rulesVersion: string,
  correlation: Uint8Array | null,
  committedAt: Date,
): Promise<void> {
  const state = correlation === null ? null : Buffer.from(correlation);
  await sql`
    insert into soc.checkpoint (id, segment, byte_offset, rules_version, correlation, committed_at)
    values (1, ${at.segment}, ${at.offset}, ${rulesVersion}, ${state}, ${committedAt})
    on conflict (id) do update set segment = excluded.segment, byte_offset = excluded.byte_offset,
      rules_version = excluded.rules_version, correlation = coalesce(excluded.correlation, soc.checkpoint.correlation),
      committed_at = excluded.committed_at`.execute(tx);
}

/**
 * Which of these sequences of a source are in the event store. Reads two narrow columns of the tenancy.
 * @param from @param to inclusive
 */
export async function storedSequences(
  events: EventStore,
  tenancy: string,
  source: string,
  from: number,
  to: number,
): Promise<Set<number>> {
  const rows = await events.systemQuery<{ sequence: number | string }>({
    sql: `select source_sequence as sequence from event
      where tenancy_id = {tenancy:String} and source_id = {source:String} and source_sequence between {from:UInt64} and {to:UInt64}`,
    params: { tenancy, source, from, to },
    maxRows: 1_000_000,
    maxSeconds: 120,
  });
  return new Set(rows.map((row) => Number(row.sequence)));
}
