import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Scope } from '#platform/scope';
import type { GateKind, ReachVia } from './contract.ts';

/** Degrees in percent; ends as they were said, which a merge may have made parts of others. */
export type Dependency = {
  readonly dependant: string;
  readonly dependency: string;
  readonly c: number;
  readonly i: number;
  readonly a: number;
  readonly gate: string | null;
  readonly source: string;
  readonly note: string;
  readonly at: Date;
};
export type Gate = {
  readonly dependant: string;
  readonly name: string;
  readonly kind: GateKind;
  readonly k: number | null;
};
export type Reach = {
  readonly from: string;
  readonly to: string;
  readonly via: ReachVia;
  readonly probability: number;
  readonly note: string;
  readonly at: Date;
};

const within = ({ tenancies }: Scope, table: string) =>
  sql`${sql.ref(`${table}.tenancy_id`)} = any(${[...tenancies]}::text[])`;

/**
 * Edges with both ends at their roots; those within one asset are none. What lies outside the scope keeps its own id.
 * @param of only with one of these roots at an end
 */
export async function dependencies(tx: Tx, scope: Scope, of?: readonly string[]): Promise<Dependency[]> {
  const some =
    of === undefined
      ? sql`true`
      : sql`(coalesce(f.root_id, d.dependant) = any(${[...of]}::text[]) or coalesce(t.root_id, d.dependency) = any(${[...of]}::text[]))`;
  const { rows } = await sql<Dependency>`
    select coalesce(f.root_id, d.dependant) as dependant, coalesce(t.root_id, d.dependency) as dependency,
      d.c, d.i, d.a, d.gate, d.source, d.note, d.at
    from assets.dependency d
    left join assets.asset f on f.id = d.dependant left join assets.asset t on t.id = d.dependency
    where ${within(scope, 'd')} and ${some} and coalesce(f.root_id, d.dependant) <> coalesce(t.root_id, d.dependency)
    order by 1, 2`.execute(tx);
  return rows;
}

/** What was merged, by its id: the asset it is part of. Few, and so cheaper than a join of every edge. */
export async function mergedIn(tx: Tx, scope: Scope): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; root: string }>`
    select id, root_id as root from assets.asset
    where tenancy_id = any(${[...scope.tenancies]}::text[]) and merged_into is not null`.execute(tx);
  return new Map(rows.map(({ id, root }) => [id, root]));
}

export type WholeEdge = Pick<Dependency, 'dependant' | 'dependency' | 'c' | 'i' | 'a' | 'gate'>;
/**
 * The same for all in scope, without who said it and when: as one text, since 100,000 rows take seconds to hand over one by
 * one.
 */
export async function wholeDependencies(tx: Tx, scope: Scope): Promise<WholeEdge[]> {
  const roots = await mergedIn(tx, scope);
  const { rows } = await sql<{ edges: string }>`
    select coalesce(json_agg(json_build_array(dependant, dependency, c, i, a, gate)), '[]')::text as edges
    from assets.dependency d where ${within(scope, 'd')}`.execute(tx);
  // As the query builds it.
  const edges = JSON.parse(rows[0]?.edges ?? '[]') as [
    string,
    string,
    number,
    number,
    number,
    string | null,
  ][];
  return edges
    .map(([from, to, c, i, a, gate]) => ({
      dependant: roots.get(from) ?? from,
      dependency: roots.get(to) ?? to,
      c,
      i,
      a,
      gate,
    }))
    .filter(({ dependant, dependency }) => dependant !== dependency);
}

export async function gates(tx: Tx, scope: Scope): Promise<Gate[]> {
  const { rows } = await sql<Gate>`
    select coalesce(f.root_id, g.dependant) as dependant, g.name, g.kind, g.k from assets.gate g
    left join assets.asset f on f.id = g.dependant where ${within(scope, 'g')} order by 1, 2`.execute(tx);
  return rows;
}

export async function reaches(tx: Tx, scope: Scope, of?: readonly string[]): Promise<Reach[]> {
  const some =
    of === undefined
      ? sql`true`
      : sql`(coalesce(f.root_id, r.from_id) = any(${[...of]}::text[]) or coalesce(t.root_id, r.to_id) = any(${[...of]}::text[]))`;
  const { rows } = await sql<Reach>`
    select coalesce(f.root_id, r.from_id) as "from", coalesce(t.root_id, r.to_id) as "to", r.via, r.probability,
      r.note, r.at
    from assets.reach r
    left join assets.asset f on f.id = r.from_id left join assets.asset t on t.id = r.to_id
    where ${within(scope, 'r')} and ${some} and coalesce(f.root_id, r.from_id) <> coalesce(t.root_id, r.to_id)
    order by 1, 2, 3`.execute(tx);
  return rows;
}

export async function putGate(tx: Tx, tenancy: string, gate: Gate): Promise<void> {
  await sql`insert into assets.gate (dependant, name, tenancy_id, kind, k)
    values (${gate.dependant}, ${gate.name}, ${tenancy}, ${gate.kind}, ${gate.k})
    on conflict (dependant, name) do update set kind = excluded.kind, k = excluded.k`.execute(tx);
}

/** Gates that no dependency goes through any more. */
export async function dropIdleGates(tx: Tx, dependant: string): Promise<void> {
  await sql`delete from assets.gate g where g.dependant = ${dependant}
    and not exists (select 1 from assets.dependency d where d.dependant = g.dependant and d.gate = g.name)`.execute(
    tx,
  );
}

/** @param keepPerson what a person said stays as it is @returns the dependants of what became another */
export async function putDependencies(
  tx: Tx,
  tenancy: string,
  edges: readonly Dependency[],
  keepPerson: boolean,
): Promise<string[]> {
  const changed: string[] = [];
  for (let at = 0; at < edges.length; at += 5000) {
    const { rows } = await sql<{ dependant: string }>`
      insert into assets.dependency as d (dependant, dependency, tenancy_id, c, i, a, gate, source, note, at)
      select dependant, dependency, ${tenancy}, c, i, a, gate, source, note, at
      from jsonb_to_recordset(${JSON.stringify(edges.slice(at, at + 5000))}::text::jsonb)
        as r(dependant text, dependency text, c smallint, i smallint, a smallint, gate text, source text, note text,
          at timestamptz)
      on conflict (dependant, dependency) do update set c = excluded.c, i = excluded.i, a = excluded.a,
        gate = excluded.gate, source = excluded.source, note = excluded.note, at = excluded.at
      where (${!keepPerson} or d.source <> 'person')
        and (d.c, d.i, d.a, coalesce(d.gate, ''), d.source, d.note)
          is distinct from (excluded.c, excluded.i, excluded.a, coalesce(excluded.gate, ''), excluded.source, excluded.note)
      returning d.dependant`.execute(tx);
    changed.push(...rows.map(({ dependant }) => dependant));
  }
  return changed;
}

/** Takes away what this source said of these before and says no more: a machine that moved runs somewhere else. */
export async function dropDependencies(
  tx: Tx,
  source: string,
  dependants: readonly string[],
  kept: readonly { dependant: string; dependency: string }[],
): Promise<string[]> {
  const { rows } = await sql<{ dependant: string }>`
    delete from assets.dependency d where d.source = ${source} and d.dependant = any(${[...dependants]}::text[])
      and not exists (select 1 from jsonb_to_recordset(${JSON.stringify(kept)}::text::jsonb)
        as r(dependant text, dependency text) where r.dependant = d.dependant and r.dependency = d.dependency)
    returning d.dependant`.execute(tx);
  return rows.map(({ dependant }) => dependant);
}

/** @returns whether there was one; parts of merged assets included */
export async function deleteDependency(tx: Tx, scope: Scope, from: string, to: string): Promise<boolean> {
  const { rows } = await sql<{ dependant: string }>`
    delete from assets.dependency d using assets.asset f, assets.asset t
    where f.id = d.dependant and t.id = d.dependency and f.root_id = ${from} and t.root_id = ${to}
      and ${within(scope, 'd')} returning d.dependant`.execute(tx);
  for (const { dependant } of rows) await dropIdleGates(tx, dependant);
  return rows.length > 0;
}

export async function putReaches(tx: Tx, tenancy: string, edges: readonly Reach[]): Promise<string[]> {
  const changed: string[] = [];
  for (let at = 0; at < edges.length; at += 5000) {
    const { rows } = await sql<{ from_id: string }>`
      insert into assets.reach as e (from_id, to_id, via, tenancy_id, probability, note, at)
      select "from", "to", via, ${tenancy}, probability, note, at
      from jsonb_to_recordset(${JSON.stringify(edges.slice(at, at + 5000))}::text::jsonb)
        as r("from" text, "to" text, via text, probability double precision, note text, at timestamptz)
      on conflict (from_id, to_id, via) do update set probability = excluded.probability, note = excluded.note,
        at = excluded.at where (e.probability, e.note) is distinct from (excluded.probability, excluded.note)
      returning e.from_id`.execute(tx);
    changed.push(...rows.map(({ from_id: from }) => from));
  }
  return changed;
}

export async function deleteReach(
  tx: Tx,
  scope: Scope,
  edge: { from: string; to: string; via: ReachVia },
): Promise<boolean> {
  const { rows } = await sql<{ from_id: string }>`
    delete from assets.reach r using assets.asset f, assets.asset t
    where f.id = r.from_id and t.id = r.to_id and f.root_id = ${edge.from} and t.root_id = ${edge.to}
      and r.via = ${edge.via} and ${within(scope, 'r')} returning r.from_id`.execute(tx);
  return rows.length > 0;
}
