import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Scope } from '#platform/scope';
import type { Package } from './readers/record.ts';

export const packageText = (one: Package): string =>
  JSON.stringify([one.type, one.name, one.version, one.architecture, one.origin, one.purl]);

const batch = 5000;

/** The numbers of these packages, those that are new to the tenancy among them. */
export async function numberPackages(
  tx: Tx,
  tenancy: string,
  packages: ReadonlyMap<string, Package>,
): Promise<Map<string, number>> {
  const numbers = new Map<string, number>();
  const all = [...packages.values()];
  for (let at = 0; at < all.length; at += batch) {
    const part = JSON.stringify(all.slice(at, at + batch));
    await sql`insert into assets.package (tenancy_id, type, name, version, architecture, origin, purl)
      select distinct ${tenancy}, r.type, r.name, r.version, r.architecture, r.origin, r.purl
      from jsonb_to_recordset(${part}::text::jsonb)
        as r(type text, name text, version text, architecture text, origin text, purl text)
      on conflict do nothing`.execute(tx);
    const { rows } = await sql<Package & { id: number }>`
      select p.id, p.type, p.name, p.version, p.architecture, p.origin, p.purl from assets.package p
      join jsonb_to_recordset(${part}::text::jsonb)
        as r(type text, name text, version text, architecture text, origin text, purl text)
      on p.tenancy_id = ${tenancy} and p.type = r.type and p.name = r.name and p.version = r.version
        and p.architecture = r.architecture and p.origin = r.origin and p.purl = r.purl`.execute(tx);
    for (const { id, ...one } of rows) numbers.set(packageText(one), id);
  }
  return numbers;
}

export type SoftwareList = {
  readonly asset: string;
  readonly source: string;
  readonly seenAt: Date;
  /** Numbers of packages, sorted, each once. */
  readonly packages: readonly number[];
};

export async function softwareLists(
  tx: Tx,
  ids: readonly string[],
  source: string,
): Promise<Map<string, SoftwareList>> {
  const { rows } = await sql<{ asset_id: string; seen_at: Date; packages: number[] }>`
    select asset_id, seen_at, packages from assets.software
    where asset_id = any(${[...ids]}::text[]) and source = ${source}`.execute(tx);
  return new Map(
    rows.map((row) => [
      row.asset_id,
      { asset: row.asset_id, source, seenAt: row.seen_at, packages: row.packages },
    ]),
  );
}

export async function putSoftware(tx: Tx, tenancy: string, lists: readonly SoftwareList[]): Promise<void> {
  for (let at = 0; at < lists.length; at += 200) {
    const part = lists.slice(at, at + 200).map(({ asset, source, seenAt, packages }) => ({
      asset,
      source,
      seen_at: seenAt,
      packages: `{${packages.join(',')}}`,
    }));
    await sql`insert into assets.software (asset_id, source, tenancy_id, seen_at, packages)
      select asset, source, ${tenancy}, seen_at, packages::integer[]
      from jsonb_to_recordset(${JSON.stringify(part)}::text::jsonb)
        as r(asset text, source text, seen_at timestamptz, packages text)
      on conflict (asset_id, source) do update set seen_at = excluded.seen_at, packages = excluded.packages`.execute(
      tx,
    );
  }
}

export type Installed = Package & { readonly asset: string; readonly source: string; readonly seenAt: Date };

/**
 * What is installed on each asset, by its root; a package that two sources tell of is there once for each.
 * @param only of these roots; left out: of all in scope
 */
export async function installed(tx: Tx, scope: Scope, only?: readonly string[]): Promise<Installed[]> {
  const some = only === undefined ? sql`true` : sql`a.root_id = any(${[...only]}::text[])`;
  const { rows } = await sql<Installed>`
    select a.root_id as asset, s.source, s.seen_at as "seenAt",
      p.type, p.name, p.version, p.architecture, p.origin, p.purl
    from assets.software s join assets.asset a on a.id = s.asset_id
    cross join unnest(s.packages) as u(id) join assets.package p on p.id = u.id
    where s.tenancy_id = any(${[...scope.tenancies]}::text[]) and ${some}
    order by p.name, p.version, s.source`.execute(tx);
  return rows;
}
