import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { RunSummary, SystemParameters } from './contract.ts';
import type { Exploit, FeedName } from './feeds.ts';
import type { FindingRecord } from './finding.ts';

type FindingRow = {
  id: string;
  environment: string;
  tenancy_id: string;
  asset_id: string;
  vulnerability: string;
  package: string;
  title: string;
  source: string;
  cvss: number | null;
  vector: string | null;
  epss: number | null;
  kev: boolean;
  hours: number | null;
  first_seen_at: Date;
  last_seen_at: Date;
};
const columns =
  sql.raw(`id, environment, tenancy_id, asset_id, vulnerability, package, title, source, cvss, vector, epss,
  kev, hours, first_seen_at, last_seen_at`);

/** Those that are open, by id. */
export async function openFindings(tx: Tx, environment: string): Promise<FindingRecord[]> {
  const { rows } = await sql<FindingRow>`
    select ${columns} from governance.risk_finding where environment = ${environment} and closed_at is null
    order by id`.execute(tx);
  return rows.map((row) => ({
    id: row.id,
    environment: row.environment,
    tenancy: row.tenancy_id,
    asset: row.asset_id,
    vulnerability: row.vulnerability,
    package: row.package,
    title: row.title,
    source: row.source,
    cvss: row.cvss ?? undefined,
    vector: row.vector ?? undefined,
    epss: row.epss ?? undefined,
    kev: row.kev,
    hours: row.hours ?? undefined,
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
  }));
}

/** New ones; one that was closed and is found again opens with its first date of now. */
export async function saveFindings(tx: Tx, findings: readonly FindingRecord[]): Promise<void> {
  const size = 500;
  for (let from = 0; from < findings.length; from += size) {
    const rows = findings.slice(from, from + size).map(
      (
        one,
      ) => sql`(${one.id}, ${one.environment}, ${one.tenancy}, ${one.asset}, ${one.vulnerability}, ${one.package},
        ${one.title}, ${one.source}, ${one.cvss ?? null}::double precision, ${one.vector ?? null},
        ${one.epss ?? null}::double precision, ${one.kev}, ${one.hours ?? null}::double precision,
        ${one.firstSeenAt}::timestamptz, ${one.lastSeenAt}::timestamptz)`,
    );
    await sql`
      insert into governance.risk_finding (${columns}) values ${sql.join(rows)}
      on conflict (environment, asset_id, vulnerability, package, source) do update set
        title = excluded.title, cvss = excluded.cvss, vector = excluded.vector, epss = excluded.epss, kev = excluded.kev,
        hours = excluded.hours, last_seen_at = excluded.last_seen_at, closed_at = null,
        first_seen_at = case when risk_finding.closed_at is null then risk_finding.first_seen_at
          else excluded.first_seen_at end`.execute(tx);
  }
}

export async function closeFindings(tx: Tx, ids: readonly string[], now: Date): Promise<void> {
  await sql`update governance.risk_finding set closed_at = ${now} where id = any(${[...ids]}::text[])`.execute(
    tx,
  );
}

/** What the feeds say of a vulnerability, together. An advisory that tells of exploitation counts as KEV does. */
export type Told = {
  readonly epss: number | undefined;
  readonly kev: boolean;
  readonly cvss: number | undefined;
  readonly vector: string | undefined;
};

export async function exploitsOf(tx: Tx, cves: readonly string[]): Promise<Map<string, Told>> {
  const { rows } = await sql<{
    cve: string;
    epss: number | null;
    exploited: boolean;
    advisory_cvss: number | null;
    advisory_vector: string | null;
  }>`
    select cve, epss, kev_at is not null or advisory_exploited_at is not null as exploited, advisory_cvss, advisory_vector
    from governance.risk_exploit where cve = any(${[...cves]}::text[])`.execute(tx);
  return new Map(
    rows.map((row) => [
      row.cve,
      {
        epss: row.epss ?? undefined,
        kev: row.exploited,
        cvss: row.advisory_cvss ?? undefined,
        vector: row.advisory_vector ?? undefined,
      },
    ]),
  );
}

const cleared = {
  kev: 'kev_at = null',
  epss: 'epss = null, epss_at = null',
  advisories: 'advisory_cvss = null, advisory_vector = null, advisory_exploited_at = null',
} as const;

/** The feed as a whole: what it does not name any more is forgotten. */
export async function replaceFeed(
  tx: Tx,
  feed: FeedName,
  rows: readonly Exploit[],
  asOf: Date,
): Promise<void> {
  await sql`update governance.risk_exploit set ${sql.raw(cleared[feed])}`.execute(tx);
  const size = 5000;
  for (let from = 0; from < rows.length; from += size) {
    const part = rows.slice(from, from + size);
    const cves = part.map(({ cve }) => cve);
    const exploited = part.map((row) => row.exploited?.toISOString() ?? null);
    if (feed === 'kev')
      await sql`
        insert into governance.risk_exploit (cve, kev_at)
        select * from unnest(${cves}::text[], ${exploited}::timestamptz[])
        on conflict (cve) do update set kev_at = excluded.kev_at`.execute(tx);
    else if (feed === 'epss')
      await sql`
        insert into governance.risk_exploit (cve, epss, epss_at)
        select cve, epss, ${asOf}::timestamptz
        from unnest(${cves}::text[], ${part.map(({ epss }) => epss ?? 0)}::double precision[]) as fed (cve, epss)
        on conflict (cve) do update set epss = excluded.epss, epss_at = excluded.epss_at`.execute(tx);
    else
      await sql`
        insert into governance.risk_exploit (cve, advisory_cvss, advisory_vector, advisory_exploited_at)
        select * from unnest(${cves}::text[], ${part.map(({ cvss }) => cvss ?? null)}::double precision[],
          ${part.map(({ vector }) => vector ?? null)}::text[], ${exploited}::timestamptz[])
        on conflict (cve) do update set advisory_cvss = excluded.advisory_cvss,
          advisory_vector = excluded.advisory_vector, advisory_exploited_at = excluded.advisory_exploited_at`.execute(
        tx,
      );
  }
}

export type ParametersRow = {
  readonly version: number;
  readonly parameters: SystemParameters;
  readonly why: string;
  readonly by: string;
  readonly at: Date;
};

export async function newestParameters(tx: Tx, environment: string): Promise<ParametersRow | undefined> {
  const { rows } = await sql<{
    version: number;
    parameters: SystemParameters;
    why: string;
    by_name: string;
    at: Date;
  }>`
    select version, parameters, why, by_name, at from governance.risk_parameters
    where environment = ${environment} order by version desc limit 1`.execute(tx);
  return rows.map(({ by_name, ...row }) => ({ ...row, by: by_name }))[0];
}

/** @returns false where that version is there already */
export async function insertParameters(
  tx: Tx,
  row: ParametersRow & { environment: string; tenancy: string; byId: string },
): Promise<boolean> {
  const { rows } = await sql<{ version: number }>`
    insert into governance.risk_parameters (environment, tenancy_id, version, parameters, why, by_id, by_name, at)
    values (${row.environment}, ${row.tenancy}, ${row.version}, ${JSON.stringify(row.parameters)}::jsonb, ${row.why},
      ${row.byId}, ${row.by}, ${row.at})
    on conflict do nothing returning version`.execute(tx);
  return rows.length > 0;
}

export type NewRun = {
  readonly id: string;
  readonly environment: string;
  readonly tenancy: string;
  readonly at: Date;
  readonly seed: number;
  readonly draws: number;
  readonly modelHash: string;
  /** gzip */
  readonly model: Uint8Array;
  /** JSON */
  readonly result: string;
  readonly resultHash: string;
  readonly tookMs: number;
};

export async function insertRun(tx: Tx, run: NewRun): Promise<void> {
  await sql`
    insert into governance.risk_run (id, environment, tenancy_id, at, seed, draws, model_hash, model, result, result_hash, took_ms)
    values (${run.id}, ${run.environment}, ${run.tenancy}, ${run.at}, ${run.seed}, ${run.draws}, ${run.modelHash},
      ${run.model}, ${run.result}::jsonb, ${run.resultHash}, ${run.tookMs})`.execute(tx);
}

type RunRow = {
  id: string;
  at: Date;
  seed: string | number;
  draws: number;
  model_hash: string;
  result_hash: string;
  took_ms: number;
  loss_mean: number;
  loss_p95: number;
  top: number | null;
};
const runColumns = sql.raw(`id, at, seed, draws, model_hash, result_hash, took_ms,
  (result->'loss'->>'mean')::double precision as loss_mean, (result->'loss'->>'p95')::double precision as loss_p95,
  (result->'outcomes'->0->>'probability')::double precision as top`);

/** Newest first. */
export async function runs(tx: Tx, environment: string, limit: number): Promise<RunSummary[]> {
  const { rows } = await sql<RunRow>`
    select ${runColumns} from governance.risk_run where environment = ${environment}
    order by at desc, id desc limit ${limit}`.execute(tx);
  return rows.map((row) => ({
    id: row.id,
    at: row.at.toISOString(),
    seed: Number(row.seed),
    draws: row.draws,
    model: row.model_hash,
    resultHash: row.result_hash,
    tookMs: row.took_ms,
    lossMean: row.loss_mean,
    lossP95: row.loss_p95,
    top: row.top ?? 0,
  }));
}

export async function runById(
  tx: Tx,
  environment: string,
  id: string,
): Promise<
  { model: Uint8Array; result: unknown; resultHash: string; seed: number; draws: number } | undefined
> {
  const { rows } = await sql<{
    model: Uint8Array;
    result: unknown;
    result_hash: string;
    seed: string;
    draws: number;
  }>`
    select model, result, result_hash, seed, draws from governance.risk_run
    where environment = ${environment} and id = ${id}`.execute(tx);
  return rows.map((row) => ({
    model: row.model,
    result: row.result,
    resultHash: row.result_hash,
    seed: Number(row.seed),
    draws: row.draws,
  }))[0];
}

export async function environmentsWithFindings(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ environment: string }>`
    select distinct environment from governance.risk_finding where closed_at is null order by environment`.execute(
    tx,
  );
  return rows.map(({ environment }) => environment);
}
