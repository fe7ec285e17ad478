import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Judgement } from './evaluator.ts';
import { judgementOfJson, type JudgementJson, jsonOfJudgement } from './judgement-json.ts';

export type StoredJudgement = {
  readonly environment: string;
  readonly tenancy: string;
  readonly evaluator: string;
  readonly version: number;
  readonly controls: readonly string[];
  readonly judgement: Judgement;
  readonly collections: readonly string[];
  readonly input: string;
  readonly judgedAt: Date;
  readonly validUntil: Date;
  /** What runs out then, in words, and what would settle it. */
  readonly runsOut: string;
  readonly settle: readonly string[];
};

type Row = {
  environment: string;
  tenancy_id: string;
  evaluator: string;
  version: number;
  controls: string[];
  judgement: JudgementJson;
  collections: string[];
  input: string;
  judged_at: Date;
  valid_until: Date;
  runs_out: string;
  settle: string[];
};

/** One evaluation of a system at a time, until the transaction ends. */
export async function lockSystem(tx: Tx, environment: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('governance.evidence'), hashtext(${environment}))`.execute(
    tx,
  );
}

/** For whom it is time to be asked again: without what was said. */
export type Asked = Pick<StoredJudgement, 'evaluator' | 'input' | 'validUntil'>;

export async function askedBefore(tx: Tx, environment: string): Promise<Map<string, Asked>> {
  // One row: a thousand rows take longer to hand over than to find.
  const { rows } = await sql<{ all: readonly [string, string, string][] | null }>`
    select json_agg(json_build_array(evaluator, input, valid_until)) as all from governance.evidence_judgement
    where environment = ${environment}`.execute(tx);
  return new Map(
    (rows[0]?.all ?? []).map(([evaluator, input, validUntil]) => [
      evaluator,
      { evaluator, input, validUntil: new Date(validUntil) },
    ]),
  );
}

/** @param of the evaluators that are asked for; left out: all */
export async function storedJudgements(
  tx: Tx,
  environment: string,
  of?: readonly string[],
): Promise<StoredJudgement[]> {
  const only = of === undefined ? sql`true` : sql`evaluator = any(${[...of]}::text[])`;
  const { rows } = await sql<Row>`
    select environment, tenancy_id, evaluator, version, controls, judgement, collections, input, judged_at, valid_until,
      runs_out, settle
    from governance.evidence_judgement where environment = ${environment} and ${only} order by evaluator`.execute(
    tx,
  );
  return rows.map((row) => ({
    environment: row.environment,
    tenancy: row.tenancy_id,
    evaluator: row.evaluator,
    version: row.version,
    controls: row.controls,
    judgement: judgementOfJson(row.judgement),
    collections: row.collections,
    input: row.input,
    judgedAt: row.judged_at,
    validUntil: row.valid_until,
    runsOut: row.runs_out,
    settle: row.settle,
  }));
}

const asRow = (one: StoredJudgement) => ({
  environment: one.environment,
  tenancy_id: one.tenancy,
  evaluator: one.evaluator,
  version: one.version,
  controls: one.controls,
  judgement: jsonOfJudgement(one.judgement),
  collections: one.collections,
  input: one.input,
  judged_at: one.judgedAt.toISOString(),
  valid_until: one.validUntil.toISOString(),
  runs_out: one.runsOut,
  settle: one.settle,
});

/** Puts each in the place of what its evaluator said before. */
export async function putJudgements(tx: Tx, all: readonly StoredJudgement[]): Promise<void> {
  if (all.length === 0) return;
  await sql`
    insert into governance.evidence_judgement (environment, tenancy_id, evaluator, version, controls, judgement,
      collections, input, judged_at, valid_until, runs_out, settle)
    select environment, tenancy_id, evaluator, version, controls, judgement, collections, input, judged_at, valid_until,
      runs_out, settle
    from jsonb_to_recordset(${JSON.stringify(all.map(asRow))}::jsonb) as one(environment text, tenancy_id text,
      evaluator text, version integer, controls text[], judgement jsonb, collections text[], input text,
      judged_at timestamptz, valid_until timestamptz, runs_out text, settle text[])
    on conflict (environment, evaluator) do update set version = excluded.version, controls = excluded.controls,
      judgement = excluded.judgement, collections = excluded.collections, input = excluded.input,
      judged_at = excluded.judged_at, valid_until = excluded.valid_until, runs_out = excluded.runs_out,
      settle = excluded.settle`.execute(tx);
}

/** Evaluators that are no longer there say nothing any more; what they said stays in the history. */
export async function dropJudgements(
  tx: Tx,
  environment: string,
  evaluators: readonly string[],
): Promise<void> {
  if (evaluators.length === 0) return;
  await sql`delete from governance.evidence_judgement
    where environment = ${environment} and evaluator = any(${[...evaluators]}::text[])`.execute(tx);
}

export async function insertChanges(tx: Tx, all: readonly StoredJudgement[]): Promise<void> {
  if (all.length === 0) return;
  await sql`
    insert into governance.evidence_judgement_change (environment, tenancy_id, evaluator, version, controls, judgement,
      collections, judged_at)
    select environment, tenancy_id, evaluator, version, controls, judgement, collections, judged_at
    from jsonb_to_recordset(${JSON.stringify(all.map(asRow))}::jsonb) as one(environment text, tenancy_id text,
      evaluator text, version integer, controls text[], judgement jsonb, collections text[], judged_at timestamptz)`.execute(
    tx,
  );
}

export type JudgementChange = {
  readonly evaluator: string;
  readonly version: number;
  readonly judgement: Judgement;
  readonly collections: readonly string[];
  readonly judgedAt: Date;
};

type ChangeRow = Pick<Row, 'evaluator' | 'version' | 'judgement' | 'collections' | 'judged_at'>;
const changeOf = (row: ChangeRow): JudgementChange => ({
  evaluator: row.evaluator,
  version: row.version,
  judgement: judgementOfJson(row.judgement),
  collections: row.collections,
  judgedAt: row.judged_at,
});

/** Newest first. */
export async function changesOf(tx: Tx, environment: string, evaluator: string): Promise<JudgementChange[]> {
  const { rows } = await sql<ChangeRow>`
    select evaluator, version, judgement, collections, judged_at from governance.evidence_judgement_change
    where environment = ${environment} and evaluator = ${evaluator} order by id desc limit 200`.execute(tx);
  return rows.map(changeOf);
}

/** What each evaluator said at that time. */
export async function saidAt(tx: Tx, environment: string, at: Date): Promise<Map<string, JudgementChange>> {
  const { rows } = await sql<ChangeRow>`
    select distinct on (evaluator) evaluator, version, judgement, collections, judged_at
    from governance.evidence_judgement_change
    where environment = ${environment} and judged_at <= ${at} order by evaluator, judged_at desc, id desc`.execute(
    tx,
  );
  return new Map(rows.map((row) => [row.evaluator, changeOf(row)]));
}

/** When the next judgement of a system runs out; undefined when none does. */
export async function nextRunOut(tx: Tx, environment: string): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(valid_until) as at from governance.evidence_judgement where environment = ${environment}`.execute(
    tx,
  );
  return rows[0]?.at ?? undefined;
}

/** The evaluators among these that ever found their controls met. */
export async function metBefore(
  tx: Tx,
  environment: string,
  evaluators: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ evaluator: string }>`
    select distinct evaluator from governance.evidence_judgement_change
    where environment = ${environment} and evaluator = any(${[...evaluators]}::text[])
      and judgement ->> 'status' = 'satisfied'`.execute(tx);
  return new Set(rows.map(({ evaluator }) => evaluator));
}
