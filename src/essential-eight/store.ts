import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Verdict } from './maturity.ts';
import type { Level, Reached, StrategyId } from './strategy.ts';

export type Found = {
  readonly at: Date;
  readonly level: Reached;
  readonly possible: Reached;
  readonly target: Level;
  readonly strategies: Readonly<Partial<Record<StrategyId, readonly [Reached, Reached]>>>;
  readonly verdicts: Readonly<Record<string, Verdict>>;
};
export type Place = { readonly environment: string; readonly tenancy: string };

/** Undefined where nobody set one. */
export async function targetOf(tx: Tx, environment: string): Promise<Level | undefined> {
  const { rows } = await sql<{ level: Level }>`
    select level from essential_eight.target where environment = ${environment}`.execute(tx);
  return rows[0]?.level;
}

export async function setTarget(
  tx: Tx,
  { environment, tenancy }: Place,
  level: Level,
  by: string,
  at: Date,
): Promise<void> {
  await sql`
    insert into essential_eight.target (environment, tenancy_id, level, set_by, set_at)
    values (${environment}, ${tenancy}, ${level}, ${by}, ${at})
    on conflict (environment) do update set level = excluded.level, set_by = excluded.set_by, set_at = excluded.set_at`.execute(
    tx,
  );
}

/** The newest that was found by then; undefined where nothing was. */
export async function foundBy(tx: Tx, environment: string, by: Date): Promise<Found | undefined> {
  const { rows } = await sql<Found>`
    select at, level, possible, target, strategies, verdicts from essential_eight.maturity
    where environment = ${environment} and at <= ${by} order by at desc limit 1`.execute(tx);
  return rows[0];
}

/** Oldest first, with the one that was in force when the span began. */
export async function foundSince(
  tx: Tx,
  environment: string,
  since: Date,
): Promise<Omit<Found, 'verdicts'>[]> {
  const { rows } = await sql<Omit<Found, 'verdicts'>>`
    select at, level, possible, target, strategies from essential_eight.maturity
    where environment = ${environment} and at >= coalesce(
      (select max(at) from essential_eight.maturity where environment = ${environment} and at <= ${since}), ${since})
    order by at limit 2000`.execute(tx);
  return rows;
}

/** Two finds of one millisecond are one. */
export async function insertFound(tx: Tx, { environment, tenancy }: Place, found: Found): Promise<void> {
  await sql`
    insert into essential_eight.maturity (environment, tenancy_id, at, level, possible, target, strategies, verdicts)
    values (${environment}, ${tenancy}, ${found.at}, ${found.level}, ${found.possible}, ${found.target},
      ${JSON.stringify(found.strategies)}::jsonb, ${JSON.stringify(found.verdicts)}::jsonb)
    on conflict (environment, at) do update set level = excluded.level, possible = excluded.possible,
      target = excluded.target, strategies = excluded.strategies, verdicts = excluded.verdicts`.execute(tx);
}
