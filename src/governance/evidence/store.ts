import { sql } from 'kysely';
import type { Confidence } from '#contract/governance';
import type { Json } from '#ledger';
import type { Tx } from '#platform/records';
import type { By } from './deps.ts';
import type { Collection } from './evaluator.ts';
import type { Part } from './pack.ts';

/** A collection with all that is kept of it. */
export type StoredCollection = Collection & {
  readonly importer: string;
  readonly identity: string;
  readonly rawBytes: number | undefined;
  readonly receivedAt: Date;
  readonly packedBytes: number;
  readonly by: By;
  readonly report: Json;
};

type Row = {
  id: string;
  environment: string;
  tenancy_id: string;
  kind: string;
  source: string;
  origin: string;
  importer: string;
  identity: string;
  hash: string;
  raw_bytes: number | null;
  collected_at: Date;
  expires_at: Date;
  received_at: Date;
  covered: number;
  population: number | null;
  basis: string;
  facts: number;
  packed_bytes: number;
  ceiling: Confidence;
  by_kind: By['kind'];
  by_id: string;
  by_name: string;
  report: Json;
};

const columns =
  sql.raw(`id, environment, tenancy_id, kind, source, origin, importer, identity, hash, raw_bytes,
  collected_at, expires_at, received_at, covered, population, basis, facts, packed_bytes, ceiling, by_kind, by_id,
  by_name, report`);
/** For judging, where there may be thousands: without the report. */
const lightColumns =
  sql.raw(`id, environment, tenancy_id, kind, source, origin, hash, collected_at, expires_at,
  covered, population, basis, facts, ceiling`);

/** @returns false when the same content is there already; nothing was written then */
export async function insertCollection(tx: Tx, one: StoredCollection): Promise<boolean> {
  const { population, by } = one;
  const { rows } = await sql`
    insert into governance.evidence_collection (${columns})
    values (${one.id}, ${one.environment}, ${one.tenancy}, ${one.kind}, ${one.source}, ${one.origin}, ${one.importer},
      ${one.identity}, ${one.hash}, ${one.rawBytes ?? null}, ${one.collectedAt}, ${one.expiresAt}, ${one.receivedAt},
      ${population.covered}, ${population.of ?? null}, ${population.basis}, ${one.facts}, ${one.packedBytes},
      ${one.ceiling}, ${by.kind}, ${by.id}, ${by.name}, ${JSON.stringify(one.report)}::jsonb)
    on conflict (environment, identity) do nothing returning id`.execute(tx);
  return rows.length > 0;
}

export async function insertParts(tx: Tx, of: Collection, parts: readonly Part[]): Promise<void> {
  for (const [part, { facts, packed }] of parts.entries())
    await sql`insert into governance.evidence_part (collection_id, tenancy_id, part, facts, packed)
      values (${of.id}, ${of.tenancy}, ${part}, ${facts}, ${packed})`.execute(tx);
}

export async function collectionOfIdentity(
  tx: Tx,
  environment: string,
  identity: string,
): Promise<StoredCollection | undefined> {
  const { rows } = await sql<Row>`select ${columns} from governance.evidence_collection
    where environment = ${environment} and identity = ${identity}`.execute(tx);
  return rows.map(fromRow)[0];
}

/** Row-level security hides it outside the scope. */
export async function collectionById(tx: Tx, id: string): Promise<StoredCollection | undefined> {
  const { rows } =
    await sql<Row>`select ${columns} from governance.evidence_collection where id = ${id}`.execute(tx);
  return rows.map(fromRow)[0];
}

/** Newest arrivals first. */
export async function collectionsPage(
  tx: Tx,
  of: { environment: string; kind: string | undefined; before: string | undefined; limit: number },
): Promise<StoredCollection[]> {
  const kind = of.kind === undefined ? sql`true` : sql`kind = ${of.kind}`;
  const before = of.before === undefined ? sql`true` : sql`id < ${of.before}`;
  const { rows } = await sql<Row>`select ${columns} from governance.evidence_collection
    where environment = ${of.environment} and ${kind} and ${before} order by id desc limit ${of.limit}`.execute(
    tx,
  );
  return rows.map(fromRow);
}

/** What may count at `now`: all that have not expired, and the newest of each source whether it has or not. */
export async function collectionsAround(tx: Tx, environment: string, now: Date): Promise<Collection[]> {
  const { rows } = await sql<Row>`
    select ${lightColumns} from governance.evidence_collection
    where environment = ${environment} and expires_at > ${now} and collected_at <= ${now}
    union
    select * from (
      select distinct on (kind, source) ${lightColumns} from governance.evidence_collection
      where environment = ${environment} and collected_at <= ${now}
      order by kind, source, collected_at desc, id desc) newest`.execute(tx);
  return rows.map(lightFromRow);
}

/** The newest collection of a kind and source; undefined when there is none yet. */
export async function newestOf(
  tx: Tx,
  of: { environment: string; kind: string; source: string },
): Promise<{ collectedAt: Date } | undefined> {
  const { rows } = await sql<{ collected_at: Date }>`
    select collected_at from governance.evidence_collection
    where environment = ${of.environment} and kind = ${of.kind} and source = ${of.source}
    order by collected_at desc limit 1`.execute(tx);
  return rows.map((row) => ({ collectedAt: row.collected_at }))[0];
}

/** Parts of a collection in order, beginning with `from`. */
export async function partsOf(tx: Tx, collection: string, from: number, limit: number): Promise<Part[]> {
  const { rows } = await sql<{ facts: number; packed: Buffer }>`
    select facts, packed from governance.evidence_part
    where collection_id = ${collection} and part >= ${from} order by part limit ${limit}`.execute(tx);
  return rows;
}

/** How many facts lie in the parts before each part. */
export async function partSizes(tx: Tx, collection: string): Promise<number[]> {
  const { rows } = await sql<{ facts: number }>`
    select facts from governance.evidence_part where collection_id = ${collection} order by part`.execute(tx);
  return rows.map(({ facts }) => facts);
}

export async function knownHashes(tx: Tx, hashes: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ hash: string }>`
    select distinct hash from governance.evidence_collection where hash = any(${[...hashes]}::text[])`.execute(
    tx,
  );
  return new Set(rows.map(({ hash }) => hash));
}

export type Sums = Readonly<Record<string, Json>>;

export async function sumsOf(tx: Tx, collections: readonly string[]): Promise<Map<string, Sums>> {
  const { rows } = await sql<{ collection_id: string; sums: Sums }>`
    select collection_id, sums from governance.evidence_sum
    where collection_id = any(${[...collections]}::text[])`.execute(tx);
  return new Map(rows.map((row) => [row.collection_id, row.sums]));
}

/** Puts sums in the place of what was kept of these collections. */
export async function putSums(
  tx: Tx,
  tenancy: string,
  all: readonly { collection: string; sums: Sums }[],
): Promise<void> {
  await sql`
    insert into governance.evidence_sum (collection_id, tenancy_id, sums)
    select one.collection, ${tenancy}, one.sums
    from jsonb_to_recordset(${JSON.stringify(all)}::jsonb) as one(collection text, sums jsonb)
    on conflict (collection_id) do update set sums = excluded.sums`.execute(tx);
}

const fromRow = (row: Row): StoredCollection => ({
  ...lightFromRow(row),
  importer: row.importer,
  identity: row.identity,
  rawBytes: row.raw_bytes ?? undefined,
  receivedAt: row.received_at,
  packedBytes: row.packed_bytes,
  by: { kind: row.by_kind, id: row.by_id, name: row.by_name },
  report: row.report,
});

const lightFromRow = (row: Row): Collection => ({
  id: row.id,
  environment: row.environment,
  tenancy: row.tenancy_id,
  kind: row.kind,
  source: row.source,
  origin: row.origin,
  collectedAt: row.collected_at,
  expiresAt: row.expires_at,
  population: { covered: row.covered, of: row.population ?? undefined, basis: row.basis },
  facts: row.facts,
  hash: row.hash,
  ceiling: row.ceiling,
});
