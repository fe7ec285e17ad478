import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Json } from './canonical.ts';
import type { OldEntry } from './old-chain.ts';

type OldRow = {
  sequence: number;
  at: Date;
  actor_kind: OldEntry['actor']['kind'];
  actor_id: string;
  actor_name: string;
  action: string;
  subject: string;
  tenancy_id: string | null;
  facts: { readonly [name: string]: Json };
  previous_hash: Buffer;
  hash: Buffer;
};

/** "carry" in ASCII: one process at a time, until its transaction ends. */
const carryLock = 0x6361727279;

/** The first `limit` entries of the chain of hashes, which nobody else can carry over before this transaction ends. */
export async function oldEntries(tx: Tx, limit: number): Promise<OldEntry[]> {
  // A statement of its own: the next one sees what the transaction that held the lock has committed.
  await sql`select pg_advisory_xact_lock(${sql.lit(carryLock)})`.execute(tx);
  const { rows } = await sql<OldRow>`select * from ledger.old_entry order by sequence limit ${limit}`.execute(
    tx,
  );
  return rows.map((row) => ({
    sequence: row.sequence,
    at: row.at,
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    action: row.action,
    subject: row.subject,
    tenancy: row.tenancy_id,
    facts: row.facts,
    previousHash: row.previous_hash,
    hash: row.hash,
  }));
}

/** Only rows that are in the log let themselves be deleted. */
export async function dropOldEntries(tx: Tx, upTo: number): Promise<void> {
  await sql`delete from ledger.old_entry where sequence <= ${upTo}`.execute(tx);
}
