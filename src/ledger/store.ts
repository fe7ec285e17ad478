import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Json } from './canonical.ts';
import type { Entry } from './entry.ts';

type EntryTable = {
  sequence: number;
  at: Date;
  actor_kind: Entry['actor']['kind'];
  actor_id: string;
  actor_name: string;
  action: string;
  subject: string;
  tenancy_id: string | null;
  facts: { readonly [name: string]: Json };
  previous_hash: Buffer;
  hash: Buffer;
};

const tables = (tx: Tx) => tx.withTables<{ 'ledger.entry': EntryTable }>();

/** "ledger" in ASCII: one writer at a time, until its transaction ends. */
const chainLock = 0x6c6564676572;

/** The last link of the chain. Nobody else can add one before this transaction ends. */
export async function lockHead(tx: Tx): Promise<{ sequence: number; hash: Buffer } | undefined> {
  // A statement of its own: the next one sees what the transaction that held the lock has committed.
  await sql`select pg_advisory_xact_lock(${sql.lit(chainLock)})`.execute(tx);
  return tables(tx)
    .selectFrom('ledger.entry')
    .select(['sequence', 'hash'])
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export async function insert(tx: Tx, entry: Entry): Promise<void> {
  await sql`insert into ledger.entry
    (sequence, at, actor_kind, actor_id, actor_name, action, subject, tenancy_id, facts, previous_hash, hash)
    values (${entry.sequence}, ${entry.at}, ${entry.actor.kind}, ${entry.actor.id}, ${entry.actor.name}, ${entry.action},
      ${entry.subject}, ${entry.tenancy}, ${JSON.stringify(entry.facts)}::jsonb, ${entry.previousHash}, ${entry.hash})`.execute(
    tx,
  );
}

export type Reading = {
  /** Undefined: all. Otherwise entries of these tenancies only; what concerns the whole community is left out. */
  readonly tenancies: readonly string[] | undefined;
  readonly subject: string | undefined;
  readonly limit: number;
} & ({ readonly after: number } | { readonly before: number | undefined });

/** With `after`: oldest first from there on. With `before`: newest first. */
export async function read(tx: Tx, reading: Reading): Promise<Entry[]> {
  let query = tables(tx).selectFrom('ledger.entry').selectAll().limit(reading.limit);
  if (reading.tenancies !== undefined) query = query.where('tenancy_id', 'in', [...reading.tenancies]);
  if (reading.subject !== undefined) query = query.where('subject', '=', reading.subject);
  if ('after' in reading) query = query.where('sequence', '>', reading.after).orderBy('sequence', 'asc');
  else query = query.orderBy('sequence', 'desc');
  if ('before' in reading && reading.before !== undefined)
    query = query.where('sequence', '<', reading.before);
  return (await query.execute()).map(fromRow);
}

function fromRow(row: EntryTable): Entry {
  return {
    sequence: row.sequence,
    at: row.at,
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    action: row.action,
    subject: row.subject,
    tenancy: row.tenancy_id,
    facts: row.facts,
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}
