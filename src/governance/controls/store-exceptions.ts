import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Exception } from './exception.ts';

type Row = {
  id: string;
  version: number;
  environment: string;
  control_id: string;
  statement_hash: string;
  kind: Exception['kind'];
  state: Exception['state'];
  reason: string;
  compensating: string;
  ceiling_level: Exception['ceiling']['level'];
  ceiling_probability: number | null;
  until: Date;
  requested_by_id: string;
  requested_by_name: string;
  requested_at: Date;
  approved_by_name: string | null;
  approved_office: string | null;
  approved_at: Date | null;
  by_id: string;
  by_name: string;
  note: string;
  at: Date;
};

const columns =
  sql.raw(`id, version, environment, control_id, statement_hash, kind, state, reason, compensating,
  ceiling_level, ceiling_probability, until, requested_by_id, requested_by_name, requested_at, approved_by_name,
  approved_office, approved_at, by_id, by_name, note, at`);

/** Each as it is now, what was asked last first. */
export async function exceptions(tx: Tx, environment: string, control?: string): Promise<Exception[]> {
  const one = control === undefined ? sql`true` : sql`control_id = ${control}`;
  const { rows } = await sql<Row>`
    select * from (
      select distinct on (id) ${columns} from governance.control_exception where environment = ${environment} and ${one}
      order by id, version desc
    ) newest order by requested_at desc, id desc`.execute(tx);
  return rows.map(fromRow);
}

/** Every state it was in, newest first. */
export async function exceptionHistory(tx: Tx, environment: string, id: string): Promise<Exception[]> {
  const { rows } = await sql<Row>`
    select ${columns} from governance.control_exception where environment = ${environment} and id = ${id}
    order by version desc`.execute(tx);
  return rows.map(fromRow);
}

/** Approved, and past their end without anybody having written it down. */
export async function lapsing(tx: Tx, now: Date): Promise<Exception[]> {
  const { rows } = await sql<Row>`
    select * from (
      select distinct on (id) ${columns} from governance.control_exception order by id, version desc
    ) newest where state in ('approved', 'requested') and until <= ${now} order by environment, id`.execute(
    tx,
  );
  return rows.map(fromRow);
}

export async function insertException(tx: Tx, tenancy: string, one: Exception): Promise<void> {
  await sql`
    insert into governance.control_exception (tenancy_id, ${columns})
    values (${tenancy}, ${one.id}, ${one.version}, ${one.environment}, ${one.control}, ${one.statementHash}, ${one.kind},
      ${one.state}, ${one.reason}, ${one.compensating}, ${one.ceiling.level}, ${one.ceiling.probability}, ${one.until},
      ${one.requestedBy.id}, ${one.requestedBy.name}, ${one.requestedAt}, ${one.approved?.by ?? null},
      ${one.approved?.office ?? null}, ${one.approved?.at ?? null}, ${one.by.id}, ${one.by.name}, ${one.note},
      ${one.at})`.execute(tx);
}

const fromRow = (row: Row): Exception => ({
  id: row.id,
  version: row.version,
  environment: row.environment,
  control: row.control_id,
  statementHash: row.statement_hash,
  kind: row.kind,
  state: row.state,
  reason: row.reason,
  compensating: row.compensating,
  ceiling: { level: row.ceiling_level, probability: row.ceiling_probability },
  until: row.until,
  requestedBy: { id: row.requested_by_id, name: row.requested_by_name },
  requestedAt: row.requested_at,
  approved:
    row.approved_by_name === null || row.approved_at === null
      ? null
      : { by: row.approved_by_name, office: row.approved_office, at: row.approved_at },
  by: { id: row.by_id, name: row.by_name },
  note: row.note,
  at: row.at,
});
