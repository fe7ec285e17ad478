import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Scope } from '#platform/scope';
import type { AssetKind } from './contract.ts';
import { mergedIn } from './store-edges.ts';

// The whole inventory comes as one text a statement: 10,000 rows take a second to hand over one by one.

const within = ({ tenancies }: Scope) => sql`tenancy_id = any(${[...tenancies]}::text[])`;

/** One writer of a tenancy's inventory at a time: two imports of one new host must not make two assets. */
export async function lockInventory(tx: Tx, tenancy: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`assets ${tenancy}`}, 0))`.execute(tx);
  await changed(tx, tenancy);
}

/** INVARIANT: whoever writes a row of a tenancy's inventory says so here, in the same transaction. */
export async function changed(tx: Tx, tenancy: string): Promise<void> {
  await sql`insert into assets.inventory as i (tenancy_id, version) values (${tenancy}, 1)
    on conflict (tenancy_id) do update set version = i.version + 1`.execute(tx);
}

/** The same as long as nothing in these tenancies' inventories is otherwise. */
export async function versionOf(tx: Tx, scope: Scope): Promise<string> {
  const { rows } = await sql<{ version: string }>`
    select coalesce(string_agg(tenancy_id || '=' || version, ' ' order by tenancy_id), '') as version
    from assets.inventory where ${within(scope)}`.execute(tx);
  return rows[0]?.version ?? '';
}

/** What a list says of an asset. */
export type Line = {
  readonly id: string;
  readonly tenancy: string;
  readonly environment: string;
  readonly kind: AssetKind;
  readonly name: string;
  readonly retiredAt: Date | null;
  readonly seenAt: Date | null;
  readonly fields: {
    readonly owner?: string;
    readonly classification?: string;
    readonly exposure?: string;
    readonly os?: string;
    readonly osVersion?: string;
  };
};
type LineRow = [
  id: string,
  tenancy: string,
  environment: string,
  kind: AssetKind,
  name: string,
  retiredMs: number | null,
  seenMs: number | null,
  owner: string | null,
  classification: string | null,
  exposure: string | null,
  os: string | null,
  osVersion: string | null,
];

/** Those that are not part of another, in the order of their names. */
export async function lines(tx: Tx, scope: Scope): Promise<Line[]> {
  const { rows } = await sql<{ lines: string }>`
    select coalesce(json_agg(json_build_array(id, tenancy_id, environment, kind, name,
      (extract(epoch from retired_at) * 1000)::bigint, (extract(epoch from seen_at) * 1000)::bigint, fields ->> 'owner',
      fields ->> 'classification', fields ->> 'exposure', fields ->> 'os', fields ->> 'osVersion') order by name, id),
      '[]')::text as lines
    from assets.asset where ${within(scope)} and root_id = id`.execute(tx);
  // As the query builds it.
  const all = JSON.parse(rows[0]?.lines ?? '[]') as LineRow[];
  return all.map(
    ([
      id,
      tenancy,
      environment,
      kind,
      name,
      retired,
      seen,
      owner,
      classification,
      exposure,
      os,
      osVersion,
    ]) => ({
      id,
      tenancy,
      environment,
      kind,
      name,
      retiredAt: retired === null ? null : new Date(retired),
      seenAt: seen === null ? null : new Date(seen),
      fields: {
        ...(owner !== null && { owner }),
        ...(classification !== null && { classification }),
        ...(exposure !== null && { exposure }),
        ...(os !== null && { os }),
        ...(osVersion !== null && { osVersion }),
      },
    }),
  );
}

/** What stands around each root: sources by name, and how many packages and edges. */
export async function surroundings(
  tx: Tx,
  scope: Scope,
): Promise<{
  sources: Map<string, string[]>;
  packages: Map<string, number>;
  dependsOn: Map<string, number>;
  dependedBy: Map<string, number>;
}> {
  const { rows } = await sql<{ sources: string; packages: string; dependants: string; dependencies: string }>`
    select
      (select coalesce(json_agg(json_build_array(asset_id, source)), '[]') from assets.observation
        where ${within(scope)})::text as sources,
      (select coalesce(json_agg(json_build_array(asset_id, cardinality(packages))), '[]') from assets.software
        where ${within(scope)})::text as packages,
      (select coalesce(json_agg(json_build_array(dependant, n)), '[]') from (select dependant, count(*) as n
        from assets.dependency where ${within(scope)} group by dependant) d)::text as dependants,
      (select coalesce(json_agg(json_build_array(dependency, n)), '[]') from (select dependency, count(*) as n
        from assets.dependency where ${within(scope)} group by dependency) d)::text as dependencies`.execute(
    tx,
  );
  const merged = await mergedIn(tx, scope);
  const rootOf = (id: string): string => merged.get(id) ?? id;
  // As the query builds them.
  const read = <T>(text: string | undefined): [string, T][] => JSON.parse(text ?? '[]') as [string, T][];
  const sources = new Map<string, string[]>();
  for (const [id, source] of read<string>(rows[0]?.sources)) {
    const own = sources.get(rootOf(id));
    if (own === undefined) sources.set(rootOf(id), [source]);
    else if (!own.includes(source)) own.push(source);
  }
  for (const own of sources.values()) if (own.length > 1) own.sort();
  const packages = new Map<string, number>();
  for (const [id, count] of read<number>(rows[0]?.packages))
    packages.set(rootOf(id), Math.max(count, packages.get(rootOf(id)) ?? 0));
  const summed = (text: string | undefined): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const [id, count] of read<number>(text))
      counts.set(rootOf(id), (counts.get(rootOf(id)) ?? 0) + count);
    return counts;
  };
  return {
    sources,
    packages,
    dependsOn: summed(rows[0]?.dependants),
    dependedBy: summed(rows[0]?.dependencies),
  };
}
