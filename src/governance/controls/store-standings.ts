import type { ImplementationStatus } from '#governance';
import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Standing } from './standing.ts';

/** As it was when it was last looked at. */
export type Kept = Pick<Standing, 'control' | 'status' | 'basis' | 'because' | 'reaffirm'> & {
  readonly confidence: string | null;
  readonly unknownWhy: string | null;
  readonly exception: string | null;
};

export type StandingChange = {
  readonly control: string;
  readonly status: ImplementationStatus | null;
  readonly before: ImplementationStatus | null;
  readonly basis: Standing['basis'];
  readonly confidence: string | null;
  readonly because: string;
  readonly reaffirm: boolean;
  readonly exception: string | null;
  readonly at: Date;
};

export const keptOf = (one: Standing): Kept => ({
  control: one.control,
  status: one.status,
  basis: one.basis,
  because: one.because,
  reaffirm: one.reaffirm,
  confidence: one.confidence ?? null,
  unknownWhy: one.unknownWhy ?? null,
  exception: one.exception?.id ?? null,
});

type KeptRow = {
  control_id: string;
  status: ImplementationStatus;
  basis: Standing['basis'];
  confidence: string | null;
  because: string;
  unknown_why: string | null;
  reaffirm: boolean;
  exception_id: string | null;
};

export async function keptStandings(tx: Tx, environment: string): Promise<Kept[]> {
  const { rows } = await sql<KeptRow>`
    select control_id, status, basis, confidence, because, unknown_why, reaffirm, exception_id
    from governance.standing where environment = ${environment}`.execute(tx);
  return rows.map((row) => ({
    control: row.control_id,
    status: row.status,
    basis: row.basis,
    because: row.because,
    reaffirm: row.reaffirm,
    confidence: row.confidence,
    unknownWhy: row.unknown_why,
    exception: row.exception_id,
  }));
}

export async function keepStandings(
  tx: Tx,
  system: { readonly environment: string; readonly tenancy: string },
  all: readonly Kept[],
  gone: readonly string[],
  now: Date,
): Promise<void> {
  const rows = all.map((one) => ({
    control_id: one.control,
    status: one.status,
    basis: one.basis,
    confidence: one.confidence,
    because: one.because,
    unknown_why: one.unknownWhy,
    reaffirm: one.reaffirm,
    exception_id: one.exception,
  }));
  await sql`
    insert into governance.standing (environment, tenancy_id, control_id, status, basis, confidence, because, unknown_why,
      reaffirm, exception_id, since)
    select ${system.environment}, ${system.tenancy}, control_id, status, basis, confidence, because, unknown_why, reaffirm,
      exception_id, ${now}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as one (control_id text, status text, basis text,
      confidence text, because text, unknown_why text, reaffirm boolean, exception_id text)
    on conflict (environment, control_id) do update set status = excluded.status, basis = excluded.basis,
      confidence = excluded.confidence, because = excluded.because, unknown_why = excluded.unknown_why,
      reaffirm = excluded.reaffirm, exception_id = excluded.exception_id, since = excluded.since`.execute(tx);
  if (gone.length > 0)
    await sql`
      delete from governance.standing where environment = ${system.environment}
        and control_id = any(${[...gone]}::text[])`.execute(tx);
}

export async function insertChanges(
  tx: Tx,
  system: { readonly environment: string; readonly tenancy: string },
  all: readonly StandingChange[],
): Promise<void> {
  const rows = all.map((one) => ({
    control_id: one.control,
    status: one.status,
    before_status: one.before,
    basis: one.basis,
    confidence: one.confidence,
    because: one.because,
    reaffirm: one.reaffirm,
    exception_id: one.exception,
    at: one.at.toISOString(),
  }));
  await sql`
    insert into governance.standing_change (environment, tenancy_id, control_id, status, before_status, basis, confidence,
      because, reaffirm, exception_id, at)
    select ${system.environment}, ${system.tenancy}, control_id, status, before_status, basis, confidence, because, reaffirm,
      exception_id, at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as one (control_id text, status text, before_status text,
      basis text, confidence text, because text, reaffirm boolean, exception_id text, at timestamptz)`.execute(
    tx,
  );
}

/** Newest first. */
export async function changesOf(
  tx: Tx,
  environment: string,
  {
    since,
    control,
    limit,
    arrivals = true,
  }: {
    readonly since?: Date;
    readonly control?: string;
    readonly limit: number;
    /** With those that are among the system's controls for the first time. */
    readonly arrivals?: boolean;
  },
): Promise<StandingChange[]> {
  const { rows } = await sql<{
    control_id: string;
    status: ImplementationStatus | null;
    before_status: ImplementationStatus | null;
    basis: Standing['basis'];
    confidence: string | null;
    because: string;
    reaffirm: boolean;
    exception_id: string | null;
    at: Date;
  }>`
    select control_id, status, before_status, basis, confidence, because, reaffirm, exception_id, at
    from governance.standing_change where environment = ${environment}
      and ${since === undefined ? sql`true` : sql`at > ${since}`}
      and ${control === undefined ? sql`true` : sql`control_id = ${control}`}
      and ${arrivals ? sql`true` : sql`before_status is not null`}
    order by at desc, number desc limit ${limit}`.execute(tx);
  return rows.map((row) => ({
    control: row.control_id,
    status: row.status,
    before: row.before_status,
    basis: row.basis,
    confidence: row.confidence,
    because: row.because,
    reaffirm: row.reaffirm,
    exception: row.exception_id,
    at: row.at,
  }));
}

/** Without arrivals. */
export async function countChanges(tx: Tx, environment: string, since: Date): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from governance.standing_change where environment = ${environment} and at > ${since}
      and before_status is not null`.execute(tx);
  return rows[0]?.count ?? 0;
}

export type Counts = Readonly<Record<ImplementationStatus, number>>;

export async function keepCounts(
  tx: Tx,
  system: { readonly environment: string; readonly tenancy: string },
  counts: Counts,
  now: Date,
): Promise<void> {
  await sql`
    insert into governance.standing_count (environment, tenancy_id, at, counts)
    values (${system.environment}, ${system.tenancy}, ${now}, ${JSON.stringify(counts)}::jsonb)
    on conflict (environment, at) do update set counts = excluded.counts`.execute(tx);
}

/** The last of each day, oldest first. */
export async function trendOf(
  tx: Tx,
  environment: string,
  days: number,
): Promise<{ readonly at: Date; readonly counts: Counts }[]> {
  const { rows } = await sql<{ at: Date; counts: Counts }>`
    select at, counts from (
      select distinct on (date_trunc('day', at)) at, counts from governance.standing_count
      where environment = ${environment} order by date_trunc('day', at) desc, at desc limit ${days}
    ) newest order by at`.execute(tx);
  return rows;
}
