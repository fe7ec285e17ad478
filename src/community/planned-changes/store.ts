import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { ChangeState } from './contract.ts';
import type { PlannedChange, Who } from './planned-change.ts';

type Row = Omit<PlannedChange, 'requestedBy' | 'decidedBy'> & {
  requestedById: string;
  requestedByName: string;
  decidedById: string | null;
  decidedByName: string | null;
};

const columns = sql.raw(`
  id, tenancy_id as tenancy, environment_id as environment, title, plan, back_out as "backOut", risk, from_at as "from",
  until_at as "until", emergency_reason as "emergencyReason", state, requested_by as "requestedById",
  requested_by_name as "requestedByName", requested_at as "requestedAt", decided_by as "decidedById",
  decided_by_name as "decidedByName", decided_at as "decidedAt", decision_note as "decisionNote",
  closed_by_name as "closedBy", closed_at as "closedAt", outcome, outcome_note as "outcomeNote"`);

const fromRow = ({
  requestedById,
  requestedByName,
  decidedById,
  decidedByName,
  ...rest
}: Row): PlannedChange => ({
  ...rest,
  requestedBy: { id: requestedById, name: requestedByName },
  decidedBy: decidedById === null ? null : { id: decidedById, name: decidedByName ?? decidedById },
});

export async function insertChange(tx: Tx, one: PlannedChange): Promise<void> {
  await sql`
    insert into community.planned_change (id, tenancy_id, environment_id, title, plan, back_out, risk, from_at, until_at,
      emergency_reason, state, requested_by, requested_by_name, requested_at)
    values (${one.id}, ${one.tenancy}, ${one.environment}, ${one.title}, ${one.plan}, ${one.backOut}, ${one.risk},
      ${one.from}, ${one.until}, ${one.emergencyReason}, ${one.state}, ${one.requestedBy.id}, ${one.requestedBy.name},
      ${one.requestedAt})`.execute(tx);
}

const mostListed = 1000;

/** Of these tenancies, newest first. */
export async function changesIn(
  tx: Tx,
  tenancies: readonly string[],
  {
    environment,
    state,
  }: { readonly environment?: string | undefined; readonly state?: ChangeState | undefined },
): Promise<PlannedChange[]> {
  const { rows } = await sql<Row>`
    select ${columns} from community.planned_change
    where tenancy_id = any(${[...tenancies]}::text[])
      and (${environment ?? null}::text is null or environment_id = ${environment ?? null})
      and (${state ?? null}::text is null or state = ${state ?? null})
    order by requested_at desc, id desc limit ${sql.lit(mostListed)}`.execute(tx);
  return rows.map(fromRow);
}

/** Undefined outside these tenancies. @param held against other writers until the transaction ends */
export async function changeById(
  tx: Tx,
  tenancies: readonly string[],
  id: string,
  { held }: { readonly held: boolean },
): Promise<PlannedChange | undefined> {
  const { rows } = await sql<Row>`
    select ${columns} from community.planned_change
    where id = ${id} and tenancy_id = any(${[...tenancies]}::text[]) ${held ? sql`for update` : sql``}`.execute(
    tx,
  );
  return rows.map(fromRow)[0];
}

export async function saveDecision(
  tx: Tx,
  id: string,
  given: {
    readonly state: 'approved' | 'rejected';
    readonly by: Who;
    readonly at: Date;
    readonly note: string;
  },
): Promise<void> {
  await sql`
    update community.planned_change set state = ${given.state}, decided_by = ${given.by.id},
      decided_by_name = ${given.by.name}, decided_at = ${given.at}, decision_note = ${given.note}
    where id = ${id}`.execute(tx);
}

export async function saveOutcome(
  tx: Tx,
  id: string,
  given: { readonly outcome: string; readonly by: string; readonly at: Date; readonly note: string },
): Promise<void> {
  await sql`
    update community.planned_change set state = 'closed', closed_by_name = ${given.by}, closed_at = ${given.at},
      outcome = ${given.outcome}, outcome_note = ${given.note}
    where id = ${id}`.execute(tx);
}

/** What can still be worked on, or be found to be over: for decisions. @param ids left out: all that are not closed */
export async function changesToDecideBy(tx: Tx, ids?: readonly string[]): Promise<PlannedChange[]> {
  const only = ids === undefined ? sql`state in ('draft', 'approved')` : sql`id = any(${[...ids]}::text[])`;
  const { rows } = await sql<Row>`select ${columns} from community.planned_change where ${only}`.execute(tx);
  return rows.map(fromRow);
}
