import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Acceptance } from './acceptance.ts';
import type { RiskRecord } from './risk-record.ts';

type RiskRow = {
  id: string;
  environment: string;
  tenancy_id: string;
  title: string;
  asset_id: string | null;
  dimension: 'C' | 'I' | 'A' | null;
  judged: RiskRecord['judged'];
  treatment: RiskRecord['treatment'];
  plan: string;
  owner: string;
  due_at: Date | null;
  closed_at: Date | null;
  created_at: Date;
};
const columns = sql.raw(
  'id, environment, tenancy_id, title, asset_id, dimension, judged, treatment, plan, owner, due_at, closed_at, created_at',
);
const fromRow = (row: RiskRow): RiskRecord => ({
  id: row.id,
  environment: row.environment,
  tenancy: row.tenancy_id,
  title: row.title,
  asset: row.asset_id,
  dimension: row.dimension,
  judged: row.judged,
  treatment: row.treatment,
  plan: row.plan,
  owner: row.owner,
  dueAt: row.due_at,
  closedAt: row.closed_at,
  createdAt: row.created_at,
});

/** Open ones first, then the newest. */
export async function risks(tx: Tx, environment: string): Promise<RiskRecord[]> {
  const { rows } = await sql<RiskRow>`
    select ${columns} from governance.risk where environment = ${environment}
    order by closed_at is not null, created_at desc, id`.execute(tx);
  return rows.map(fromRow);
}

/** Held until the transaction ends. */
export async function lockRisk(tx: Tx, id: string): Promise<RiskRecord | undefined> {
  const { rows } =
    await sql<RiskRow>`select ${columns} from governance.risk where id = ${id} for update`.execute(tx);
  return rows.map(fromRow)[0];
}

export async function insertRisk(tx: Tx, risk: RiskRecord): Promise<void> {
  await sql`
    insert into governance.risk (${columns})
    values (${risk.id}, ${risk.environment}, ${risk.tenancy}, ${risk.title}, ${risk.asset}, ${risk.dimension},
      ${risk.judged === null ? null : JSON.stringify(risk.judged)}::jsonb, ${risk.treatment}, ${risk.plan}, ${risk.owner},
      ${risk.dueAt}, ${risk.closedAt}, ${risk.createdAt})`.execute(tx);
}

export async function updateRisk(tx: Tx, risk: RiskRecord): Promise<void> {
  await sql`
    update governance.risk set title = ${risk.title}, treatment = ${risk.treatment}, plan = ${risk.plan},
      owner = ${risk.owner}, due_at = ${risk.dueAt}, closed_at = ${risk.closedAt}
    where id = ${risk.id}`.execute(tx);
}

type AcceptanceRow = {
  id: string;
  risk_id: string;
  tenancy_id: string;
  ceiling: number;
  until: Date;
  why: string;
  by_id: string;
  by_name: string;
  at: Date;
  lapsed_at: Date | null;
  lapsed_because: string | null;
};

/** Newest first. */
export async function acceptances(tx: Tx, environment: string): Promise<Acceptance[]> {
  const { rows } = await sql<AcceptanceRow>`
    select a.* from governance.risk_acceptance a join governance.risk r on r.id = a.risk_id
    where r.environment = ${environment} order by a.at desc, a.id`.execute(tx);
  return rows.map((row) => ({
    id: row.id,
    risk: row.risk_id,
    tenancy: row.tenancy_id,
    ceiling: row.ceiling,
    until: row.until,
    why: row.why,
    by: { id: row.by_id, name: row.by_name },
    at: row.at,
    lapsedAt: row.lapsed_at,
    lapsedBecause: row.lapsed_because,
  }));
}

export async function insertAcceptance(tx: Tx, one: Acceptance): Promise<void> {
  await sql`
    insert into governance.risk_acceptance (id, risk_id, tenancy_id, ceiling, until, why, by_id, by_name, at)
    values (${one.id}, ${one.risk}, ${one.tenancy}, ${one.ceiling}, ${one.until}, ${one.why}, ${one.by.id}, ${one.by.name},
      ${one.at})`.execute(tx);
}

export async function lapse(tx: Tx, id: string, at: Date, because: string): Promise<void> {
  await sql`
    update governance.risk_acceptance set lapsed_at = ${at}, lapsed_because = ${because}
    where id = ${id} and lapsed_at is null`.execute(tx);
}

export type RiskEvent = {
  readonly at: Date;
  readonly what: string;
  readonly note: string;
  readonly by: string;
};

export async function insertEvent(
  tx: Tx,
  risk: { readonly id: string; readonly tenancy: string },
  event: RiskEvent,
): Promise<void> {
  await sql`
    insert into governance.risk_event (risk_id, tenancy_id, at, what, note, by_name)
    values (${risk.id}, ${risk.tenancy}, ${event.at}, ${event.what}, ${event.note}, ${event.by})`.execute(tx);
}

/** Newest first. */
export async function eventsOf(tx: Tx, risk: string): Promise<RiskEvent[]> {
  const { rows } = await sql<RiskEvent>`
    select at, what, note, by_name as by from governance.risk_event where risk_id = ${risk} order by at desc`.execute(
    tx,
  );
  return rows;
}
