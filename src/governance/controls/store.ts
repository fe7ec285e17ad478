import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Answer, Who } from './answer.ts';

type AnswerRow = {
  control_id: string;
  version: number;
  statement_hash: string;
  status: Answer['status'];
  responsible: Answer['responsible'];
  customer: Answer['customer'];
  narrative: string;
  rests: Answer['rests'];
  evaluators: string[];
  review_by: Date | null;
  relied_party: string | null;
  relied_status: Answer['status'] | null;
  owner_id: string | null;
  owner_name: string | null;
  change: Answer['change'];
  by_id: string;
  by_name: string;
  at: Date;
};

const columns =
  sql.raw(`a.control_id, a.version, a.statement_hash, a.status, a.responsible, a.customer, a.narrative, a.rests,
  a.evaluators, a.review_by, a.relied_party, a.relied_status, a.owner_id, p.name as owner_name, a.change, a.by_id, a.by_name,
  a.at`);

/**
 * Of each control the newest answer to each of the statements it had, newest first.
 * @param only of these controls
 */
export async function answers(tx: Tx, environment: string, only?: readonly string[]): Promise<Answer[]> {
  const one = only === undefined ? sql`true` : sql`b.control_id = any(${[...only]}::text[])`;
  const { rows } = await sql<AnswerRow>`
    select ${columns} from (
      select distinct on (b.control_id, b.statement_hash) b.* from governance.answer b
      where b.environment = ${environment} and ${one}
      order by b.control_id, b.statement_hash, b.version desc
    ) a left join community.person p on p.id = a.owner_id
    order by a.control_id, a.version desc`.execute(tx);
  return rows.map(fromRow);
}

/** Every version, newest first. */
export async function answerHistory(tx: Tx, environment: string, control: string): Promise<Answer[]> {
  const { rows } = await sql<AnswerRow>`
    select ${columns} from governance.answer a left join community.person p on p.id = a.owner_id
    where a.environment = ${environment} and a.control_id = ${control} order by a.version desc`.execute(tx);
  return rows.map(fromRow);
}

/** The number of the newest version of each control that has one. */
export async function answerVersions(tx: Tx, environment: string): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ control_id: string; version: number }>`
    select control_id, max(version) as version from governance.answer where environment = ${environment}
    group by control_id`.execute(tx);
  return new Map(rows.map((row) => [row.control_id, row.version]));
}

export async function insertAnswers(
  tx: Tx,
  environment: string,
  tenancy: string,
  all: readonly Answer[],
): Promise<void> {
  const rows = all.map((one) => ({
    control_id: one.control,
    version: one.version,
    statement_hash: one.statementHash,
    status: one.status,
    responsible: one.responsible,
    customer: one.customer,
    narrative: one.narrative,
    rests: one.rests,
    evaluators: one.evaluators,
    review_by: one.reviewBy?.toISOString() ?? null,
    relied_party: one.reliedUpon?.party ?? null,
    relied_status: one.reliedUpon?.status ?? null,
    owner_id: one.owner?.id ?? null,
    change: one.change,
    by_id: one.by.id,
    by_name: one.by.name,
    at: one.at.toISOString(),
  }));
  await sql`
    insert into governance.answer (environment, tenancy_id, control_id, version, statement_hash, status, responsible,
      customer, narrative, rests, evaluators, review_by, relied_party, relied_status, owner_id, change, by_id, by_name, at)
    select ${environment}, ${tenancy}, control_id, version, statement_hash, status, responsible, customer, narrative, rests,
      evaluators, review_by, relied_party, relied_status, owner_id, change, by_id, by_name, at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as one (control_id text, version integer, statement_hash text,
      status text, responsible text, customer text, narrative text, rests text, evaluators text[], review_by timestamptz,
      relied_party text, relied_status text, owner_id text, change text, by_id text, by_name text, at timestamptz)`.execute(
    tx,
  );
}

/** One writer of a system's answers and exceptions at a time, until the transaction ends. */
export async function lockSystem(tx: Tx, environment: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('governance.controls'), hashtext(${environment}))`.execute(
    tx,
  );
}

export type CustomerPart = {
  readonly control: string;
  readonly version: number;
  readonly responsibility: Answer['customer'];
  readonly note: string;
  readonly by: Who;
  readonly at: Date;
};

/** What holds for one customer's tenancy otherwise than for all: the newest of each control. */
export async function customerParts(tx: Tx, tenancy: string): Promise<CustomerPart[]> {
  const { rows } = await sql<{
    control_id: string;
    version: number;
    responsibility: CustomerPart['responsibility'];
    note: string;
    by_id: string;
    by_name: string;
    at: Date;
  }>`
    select distinct on (control_id) control_id, version, responsibility, note, by_id, by_name, at
    from governance.customer_responsibility where tenancy_id = ${tenancy} order by control_id, version desc`.execute(
    tx,
  );
  return rows.map((row) => ({
    control: row.control_id,
    version: row.version,
    responsibility: row.responsibility,
    note: row.note,
    by: { id: row.by_id, name: row.by_name },
    at: row.at,
  }));
}

export async function insertCustomerPart(
  tx: Tx,
  environment: string,
  tenancy: string,
  one: CustomerPart,
): Promise<void> {
  await sql`
    insert into governance.customer_responsibility (tenancy_id, environment, control_id, version, responsibility, note, by_id,
      by_name, at)
    values (${tenancy}, ${environment}, ${one.control}, ${one.version}, ${one.responsibility}, ${one.note}, ${one.by.id},
      ${one.by.name}, ${one.at})`.execute(tx);
}

const fromRow = (row: AnswerRow): Answer => ({
  control: row.control_id,
  version: row.version,
  statementHash: row.statement_hash,
  status: row.status,
  responsible: row.responsible,
  customer: row.customer,
  narrative: row.narrative,
  rests: row.rests,
  evaluators: row.evaluators,
  reviewBy: row.review_by,
  reliedUpon:
    row.relied_party === null || row.relied_status === null
      ? null
      : { party: row.relied_party, status: row.relied_status },
  owner: row.owner_id === null ? null : { id: row.owner_id, name: row.owner_name ?? row.owner_id },
  change: row.change,
  by: { id: row.by_id, name: row.by_name },
  at: row.at,
});
