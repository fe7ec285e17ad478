import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Scope } from '#platform/scope';
import type { AssetKind } from './contract.ts';
import type { Fields, Said } from './fields.ts';
import type { Key, KeyKind } from './keys.ts';
import type { Observation } from './survive.ts';

/** An asset as it is kept; `root` is another where a person merged it into that one. */
export type StoredAsset = {
  readonly id: string;
  readonly tenancy: string;
  readonly environment: string;
  readonly kind: AssetKind;
  readonly name: string;
  readonly fields: Fields;
  readonly root: string;
  readonly mergedInto: string | null;
  readonly retiredAt: Date | null;
  readonly retiredWhy: string | null;
  readonly seenAt: Date | null;
  readonly revision: number;
  readonly addedAt: Date;
  readonly changedAt: Date;
};
type AssetRow = {
  id: string;
  tenancy_id: string;
  environment: string;
  kind: AssetKind;
  name: string;
  fields: Fields;
  root_id: string;
  merged_into: string | null;
  retired_at: Date | null;
  retired_why: string | null;
  seen_at: Date | null;
  revision: number;
  added_at: Date;
  changed_at: Date;
};
const columns = sql.raw(
  'id, tenancy_id, environment, kind, name, fields, root_id, merged_into, retired_at, retired_why, seen_at, revision, added_at, changed_at',
);
const fromRow = (row: AssetRow): StoredAsset => ({
  id: row.id,
  tenancy: row.tenancy_id,
  environment: row.environment,
  kind: row.kind,
  name: row.name,
  fields: row.fields,
  root: row.root_id,
  mergedInto: row.merged_into,
  retiredAt: row.retired_at,
  retiredWhy: row.retired_why,
  seenAt: row.seen_at,
  revision: row.revision,
  addedAt: row.added_at,
  changedAt: row.changed_at,
});
const within = ({ tenancies }: Scope) => sql`tenancy_id = any(${[...tenancies]}::text[])`;

/** Those that are not part of another, in the order of their names. */
export async function roots(tx: Tx, scope: Scope): Promise<StoredAsset[]> {
  const { rows } = await sql<AssetRow>`select ${columns} from assets.asset
    where ${within(scope)} and root_id = id order by name, id`.execute(tx);
  return rows.map(fromRow);
}

export async function assetsById(tx: Tx, scope: Scope, ids: readonly string[]): Promise<StoredAsset[]> {
  const { rows } = await sql<AssetRow>`select ${columns} from assets.asset
    where ${within(scope)} and id = any(${[...ids]}::text[])`.execute(tx);
  return rows.map(fromRow);
}

/** Roots that go by this id, name or key; of the first of these three that any does. */
export async function resolve(tx: Tx, scope: Scope, text: string): Promise<string[]> {
  const plain = text.trim().toLowerCase();
  const { rows } = await sql<{ id: string; level: number }>`
    select distinct root_id as id, 1 as level from assets.asset where ${within(scope)} and id = ${text.trim()}
    union select distinct root_id, 2 from assets.asset where ${within(scope)} and lower(name) = ${plain}
    union select distinct a.root_id, 3 from assets.asset_key k join assets.asset a on a.id = k.asset_id
      where k.tenancy_id = any(${[...scope.tenancies]}::text[]) and k.value in (${plain}, ${text.trim()})
    order by level, id`.execute(tx);
  return rows.filter(({ level }) => level === rows[0]?.level).map(({ id }) => id);
}

/** The asset and everything merged into it. */
export async function partsOf(tx: Tx, scope: Scope, root: string): Promise<StoredAsset[]> {
  const { rows } = await sql<AssetRow>`select ${columns} from assets.asset
    where ${within(scope)} and root_id = ${root} order by added_at, id`.execute(tx);
  return rows.map(fromRow);
}

/** The ids of each root's parts, itself among them. */
export async function partsOfAll(
  tx: Tx,
  scope: Scope,
  ids: readonly string[],
): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ id: string; root_id: string }>`select id, root_id from assets.asset
    where ${within(scope)} and root_id = any(${[...ids]}::text[])`.execute(tx);
  return new Map(
    [...Map.groupBy(rows, ({ root_id: root }) => root)].map(([root, parts]) => [
      root,
      parts.map(({ id }) => id),
    ]),
  );
}

/** Of each root: the keys, with those of what was merged into it. */
export async function keysIn(tx: Tx, tenancy: string): Promise<{ asset: string; key: Key }[]> {
  const { rows } = await sql<{ asset: string; kind: KeyKind; value: string }>`
    select a.root_id as asset, k.kind, k.value from assets.asset_key k join assets.asset a on a.id = k.asset_id
    where k.tenancy_id = ${tenancy}`.execute(tx);
  return rows.map(({ asset, kind, value }) => ({ asset, key: { kind, value } }));
}

/** The same for all in scope, sorted. */
export async function allKeys(tx: Tx, scope: Scope): Promise<{ asset: string; key: Key }[]> {
  const { rows } = await sql<{ asset: string; kind: KeyKind; value: string }>`
    select distinct a.root_id as asset, k.kind, k.value from assets.asset_key k join assets.asset a on a.id = k.asset_id
    where k.tenancy_id = any(${[...scope.tenancies]}::text[]) order by 1, 2, 3`.execute(tx);
  return rows.map(({ asset, kind, value }) => ({ asset, key: { kind, value } }));
}

export type StoredKey = Key & { readonly asset: string; readonly source: string; readonly firstSeenAt: Date };
export async function keysOfAssets(tx: Tx, ids: readonly string[]): Promise<StoredKey[]> {
  const { rows } = await sql<{
    asset_id: string;
    kind: KeyKind;
    value: string;
    source: string;
    first_seen_at: Date;
  }>`
    select asset_id, kind, value, source, first_seen_at from assets.asset_key
    where asset_id = any(${[...ids]}::text[]) order by kind, value`.execute(tx);
  return rows.map((row) => ({
    asset: row.asset_id,
    kind: row.kind,
    value: row.value,
    source: row.source,
    firstSeenAt: row.first_seen_at,
  }));
}

/** Roots other than this one that hold one of its keys. */
export async function sharingKeys(
  tx: Tx,
  scope: Scope,
  root: string,
): Promise<(StoredAsset & { by: Key })[]> {
  const { rows } = await sql<AssetRow & { key_kind: KeyKind; key_value: string }>`
    select distinct on (a.id) a.*, k.kind as key_kind, k.value as key_value
    from assets.asset_key own
    join assets.asset part on part.id = own.asset_id and part.root_id = ${root}
    join assets.asset_key k on k.tenancy_id = own.tenancy_id and k.kind = own.kind and k.value = own.value
    join assets.asset part_of on part_of.id = k.asset_id and part_of.root_id <> ${root}
    join assets.asset a on a.id = part_of.root_id
    where a.tenancy_id = any(${[...scope.tenancies]}::text[]) order by a.id limit 20`.execute(tx);
  return rows.map((row) => ({ ...fromRow(row), by: { kind: row.key_kind, value: row.key_value } }));
}

type ObservationRow = {
  asset_id: string;
  source: string;
  format: string;
  seen_at: Date;
  first_seen_at: Date;
  fields: Said;
};
export type StoredObservation = Observation & { readonly asset: string };
export async function observations(tx: Tx, ids: readonly string[]): Promise<StoredObservation[]> {
  const { rows } = await sql<ObservationRow>`
    select asset_id, source, format, seen_at, first_seen_at, fields from assets.observation
    where asset_id = any(${[...ids]}::text[]) order by source, asset_id`.execute(tx);
  return rows.map((row) => ({
    asset: row.asset_id,
    source: row.source,
    format: row.format,
    seenAt: row.seen_at,
    firstSeenAt: row.first_seen_at,
    said: row.fields,
  }));
}

const json = (rows: readonly unknown[]) => sql`${JSON.stringify(rows)}::text::jsonb`;
/** What one statement is given at a time. */
const batch = 2000;
async function inBatches<T>(
  rows: readonly T[],
  run: (part: readonly T[]) => Promise<unknown>,
): Promise<void> {
  for (let at = 0; at < rows.length; at += batch) await run(rows.slice(at, at + batch));
}

export async function insertAssets(tx: Tx, rows: readonly StoredAsset[]): Promise<void> {
  await inBatches(rows, (part) =>
    sql`insert into assets.asset (${columns})
      select id, tenancy_id, environment, kind, name, fields, root_id, null, null, null, seen_at, 1, added_at, added_at
      from jsonb_to_recordset(${json(
        part.map((one) => ({
          id: one.id,
          tenancy_id: one.tenancy,
          environment: one.environment,
          kind: one.kind,
          name: one.name,
          fields: one.fields,
          root_id: one.root,
          seen_at: one.seenAt,
          added_at: one.addedAt,
        })),
      )}) as r(id text, tenancy_id text, environment text, kind text, name text, fields jsonb, root_id text,
        seen_at timestamptz, added_at timestamptz)`.execute(tx),
  );
}

export type Became = Pick<StoredAsset, 'id' | 'kind' | 'name' | 'fields' | 'seenAt' | 'changedAt'>;
/** What the sources say now. @param quiet only seen again: nothing that a reader would call a change */
export async function updateAssets(tx: Tx, rows: readonly (Became & { quiet: boolean })[]): Promise<void> {
  await inBatches(rows, (part) =>
    sql`update assets.asset a set kind = r.kind, name = r.name, fields = r.fields, seen_at = r.seen_at,
        revision = a.revision + case when r.quiet then 0 else 1 end,
        changed_at = case when r.quiet then a.changed_at else r.changed_at end
      from jsonb_to_recordset(${json(
        part.map((one) => ({ ...one, seen_at: one.seenAt, changed_at: one.changedAt })),
      )}) as r(id text, kind text, name text, fields jsonb, seen_at timestamptz, changed_at timestamptz, quiet boolean)
      where a.id = r.id`.execute(tx),
  );
}

export async function putObservations(
  tx: Tx,
  tenancy: string,
  rows: readonly StoredObservation[],
): Promise<void> {
  await inBatches(rows, (part) =>
    sql`insert into assets.observation (asset_id, source, tenancy_id, format, seen_at, first_seen_at, fields)
      select asset_id, source, ${tenancy}, format, seen_at, first_seen_at, fields
      from jsonb_to_recordset(${json(
        part.map((one) => ({
          asset_id: one.asset,
          source: one.source,
          format: one.format,
          seen_at: one.seenAt,
          first_seen_at: one.firstSeenAt,
          fields: one.said,
        })),
      )}) as r(asset_id text, source text, format text, seen_at timestamptz, first_seen_at timestamptz, fields jsonb)
      on conflict (asset_id, source) do update set format = excluded.format, seen_at = excluded.seen_at,
        first_seen_at = excluded.first_seen_at, fields = excluded.fields`.execute(tx),
  );
}

export async function insertKeys(
  tx: Tx,
  tenancy: string,
  rows: readonly (Key & { asset: string; source: string; at: Date })[],
): Promise<void> {
  await inBatches(rows, (part) =>
    sql`insert into assets.asset_key (tenancy_id, kind, value, asset_id, source, first_seen_at)
      select ${tenancy}, kind, value, asset, source, at
      from jsonb_to_recordset(${json(part)}) as r(kind text, value text, asset text, source text, at timestamptz)
      on conflict do nothing`.execute(tx),
  );
}

/** Seen, and nothing else: no revision, and nothing to tell anybody. */
export async function seenAgain(tx: Tx, rows: readonly { asset: string; at: Date }[]): Promise<void> {
  await inBatches(rows, (part) =>
    sql`update assets.asset a set seen_at = greatest(a.seen_at, r.at)
      from jsonb_to_recordset(${json(part)}) as r(asset text, at timestamptz) where a.id = r.asset`.execute(
      tx,
    ),
  );
}

export async function setRetired(
  tx: Tx,
  id: string,
  at: Date,
  retired: { readonly why: string } | null,
): Promise<void> {
  await sql`update assets.asset set retired_at = ${retired === null ? null : at}, retired_why = ${retired?.why ?? null},
    revision = revision + 1, changed_at = ${at} where id = ${id}`.execute(tx);
}

/** Every part of `part` (itself among them) becomes part of `root`. */
export async function setRoot(
  tx: Tx,
  parts: readonly string[],
  root: string,
  top: string,
  mergedInto: string | null,
): Promise<void> {
  await sql`update assets.asset set root_id = ${root},
    merged_into = case when id = ${top} then ${mergedInto} else merged_into end,
    revision = revision + 1 where id = any(${[...parts]}::text[])`.execute(tx);
}

export type Merge = {
  readonly id: string;
  readonly kept: string;
  readonly absorbed: string;
  readonly why: string;
  readonly by: string;
  readonly at: Date;
};
export async function insertMerge(tx: Tx, tenancy: string, one: Merge): Promise<void> {
  await sql`insert into assets.merge (id, tenancy_id, kept, absorbed, why, by_name, at)
    values (${one.id}, ${tenancy}, ${one.kept}, ${one.absorbed}, ${one.why}, ${one.by}, ${one.at})`.execute(
    tx,
  );
}
export async function undoMerge(
  tx: Tx,
  absorbed: string,
  undone: { at: Date; by: string; why: string },
): Promise<void> {
  await sql`update assets.merge set undone_at = ${undone.at}, undone_by = ${undone.by}, undone_why = ${undone.why}
    where absorbed = ${absorbed} and undone_at is null`.execute(tx);
}
/** Those in force of which one of these is the kept side. */
export async function mergesInto(tx: Tx, ids: readonly string[]): Promise<(Merge & { name: string })[]> {
  const { rows } = await sql<Merge & { name: string }>`
    select m.id, m.kept, m.absorbed, m.why, m.by_name as by, m.at, a.name from assets.merge m
    join assets.asset a on a.id = m.absorbed
    where m.kept = any(${[...ids]}::text[]) and m.undone_at is null order by m.at, m.id`.execute(tx);
  return rows;
}
