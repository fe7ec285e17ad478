import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Entry } from './entry.ts';
import { parsePayload } from './leaf.ts';

/** The key of the pseudonyms of tenancies; one for each installation. */
export async function pseudonymKey(tx: Tx): Promise<Buffer> {
  const { rows } = await sql<{ key: Buffer }>`select key from ledger.pseudonym_key`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new Error('the ledger has no key for pseudonyms');
  return row.key;
}

/** An entry, ready to be written. */
export type Prepared = {
  readonly id: string;
  readonly leaf: string;
  /** In hex. */
  readonly hash: string;
  readonly at: Date;
  readonly action: string;
  readonly tenancy: string | null;
  readonly subject: string;
  readonly salt: Uint8Array;
  readonly body: string;
  readonly oldSequence: number | null;
};

/** Values of one statement: more entries go in several. */
const rowsAStatement = 2000;
const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');

/** Units and records of ASCII: hardly ever in a text. */
const [betweenTexts, noText] = ['\u001f', '\u001e'];

/**
 * Many texts as one parameter that the database takes apart: an array's own notation quotes every one of them, and reading
 * that costs more than keeping the rows does.
 */
function texts(values: readonly (string | null)[]) {
  const joined = values.map((value) => value ?? noText).join(betweenTexts);
  const plain =
    values.length > 1 &&
    !values.some((value) => value !== null && (value.includes(betweenTexts) || value === noText));
  return plain
    ? sql`string_to_array(${joined}, ${sql.lit(betweenTexts)}, ${sql.lit(noText)})`
    : sql`${[...values]}::text[]`;
}

/** In the order given. Locks nothing that another writer would wait for. */
export async function insertEntries(tx: Tx, entries: readonly Prepared[]): Promise<void> {
  for (let from = 0; from < entries.length; from += rowsAStatement) {
    const part = entries.slice(from, from + rowsAStatement);
    // A shorter list is filled up with nulls: only what is carried over has one.
    const carried = part.some(({ oldSequence }) => oldSequence !== null);
    const oldSequences = carried ? part.map(({ oldSequence }) => oldSequence) : [];
    await sql`with given as materialized (
        select nextval('ledger.recorded') as recorded, one.* from unnest(
          ${texts(part.map(({ id }) => id))}, ${texts(part.map(({ leaf }) => leaf))},
          ${texts(part.map(({ hash }) => hash))}, ${texts(part.map(({ at }) => at.toISOString()))},
          ${texts(part.map(({ action }) => action))}, ${texts(part.map(({ tenancy }) => tenancy))},
          ${texts(part.map(({ subject }) => subject))}, ${texts(part.map(({ salt }) => hex(salt)))},
          ${texts(part.map(({ body }) => body))}, ${oldSequences}::bigint[]
        ) as one (id, leaf, hash, at, action, tenancy_id, subject, salt, body, old_sequence)
      ), waits as (
        insert into ledger.waiting (recorded, id, leaf, hash)
        select recorded, id::uuid, leaf, decode(hash, 'hex') from given
      )
      insert into ledger.payload (recorded, id, at, action, tenancy_id, subject, salt, body, old_sequence)
      select recorded, id::uuid, at::timestamptz, action, tenancy_id, subject, decode(salt, 'hex'), body, old_sequence from given`.execute(
      tx,
    );
  }
}

type EntryRow = {
  recorded: number;
  id: string;
  index: number | null;
  at: Date;
  action: string;
  tenancy_id: string | null;
  body: string | null;
};

export type Reading = {
  /** Undefined: all. Otherwise entries of these tenancies only; what concerns the whole community is left out. */
  readonly tenancies: readonly string[] | undefined;
  readonly subject?: string | undefined;
  readonly action?: string | undefined;
  /** Older than this `sequence`. */
  readonly before?: number | undefined;
  readonly limit: number;
};

/** Newest first. */
export async function readEntries(tx: Tx, reading: Reading): Promise<Entry[]> {
  const { tenancies, subject, action, before, limit } = reading;
  const { rows } = await sql<EntryRow>`
    select payload.recorded, payload.id, leaf.index, payload.at, payload.action, payload.tenancy_id, payload.body
    from ledger.payload left join ledger.leaf on leaf.id = payload.id
    where (${tenancies === undefined} or payload.tenancy_id = any (${[...(tenancies ?? [])]}::text[]))
      and (${subject ?? null}::text is null or payload.subject = ${subject ?? null}::text)
      and (${action ?? null}::text is null or payload.action = ${action ?? null}::text
        or starts_with(payload.action, ${`${action ?? ''}.`}::text))
      and (${before ?? null}::bigint is null or payload.recorded < ${before ?? null}::bigint)
    order by payload.recorded desc limit ${limit}`.execute(tx);
  return rows.map(fromRow);
}

/** Undefined outside `tenancies`, as for what there is not. */
export async function readEntry(
  tx: Tx,
  id: string,
  tenancies: readonly string[] | undefined,
): Promise<Entry | undefined> {
  const { rows } = await sql<EntryRow>`
    select payload.recorded, payload.id, leaf.index, payload.at, payload.action, payload.tenancy_id, payload.body
    from ledger.payload left join ledger.leaf on leaf.id = payload.id
    where payload.id = ${id}::uuid
      and (${tenancies === undefined} or payload.tenancy_id = any (${[...(tenancies ?? [])]}::text[]))`.execute(
    tx,
  );
  return rows[0] && fromRow(rows[0]);
}

/** The first entry of an action about each of these subjects; what has none, or was erased, is left out. */
export async function entryIdsOf(
  tx: Tx,
  action: string,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (subjects.length === 0) return new Map();
  const { rows } = await sql<{ subject: string; id: string }>`
    select distinct on (subject) subject, id from ledger.payload
    where subject = any(${[...subjects]}::text[]) and action = ${action} order by subject, recorded`.execute(
    tx,
  );
  return new Map(rows.map(({ subject, id }) => [subject, id]));
}

function fromRow(row: EntryRow): Entry {
  const payload = row.body === null ? null : parsePayload(row.body);
  return {
    sequence: row.recorded,
    id: row.id,
    index: row.index,
    at: row.at,
    action: row.action,
    tenancy: row.tenancy_id,
    actor: payload?.actor ?? null,
    subject: payload?.subject ?? null,
    facts: payload?.facts ?? null,
    erased: payload === null,
  };
}

/** What an entry's receipt is made of; undefined while it has no place in the log. */
export async function readSequenced(
  tx: Tx,
  id: string,
): Promise<{ index: number; leaf: string; salt: Buffer | null; body: string | null } | undefined> {
  const { rows } = await sql<{ index: number; leaf: string; salt: Buffer | null; body: string | null }>`
    select leaf.index, leaf.leaf, payload.salt, payload.body
    from ledger.leaf join ledger.payload on payload.id = leaf.id where leaf.id = ${id}::uuid`.execute(tx);
  return rows[0];
}

/** Writes the erasure down, then removes the readable part. @returns false when it was erased before */
export async function erasePayload(tx: Tx, id: string, at: Date): Promise<boolean> {
  const { rows } = await sql`insert into ledger.erasure (id, at) values (${id}::uuid, ${at})
    on conflict do nothing returning id`.execute(tx);
  if (rows.length === 0) return false;
  await sql`update ledger.payload set salt = null, body = null, subject = null where id = ${id}::uuid`.execute(
    tx,
  );
  return true;
}
