import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Clearance } from './clearance.ts';

type ClearanceRow = {
  person_id: string;
  version: number;
  level: Clearance['level'];
  status: Clearance['status'];
  sponsor: string;
  sponsor_active: boolean;
  granted_on: string | null;
  revalidation_due_on: string | null;
  confirmed_at: Date | null;
  confirmed_by: string | null;
  confirmation_evidence: string | null;
  citizenships: string[];
  waiver: string | null;
  waiver_until: Date | null;
  change: Clearance['change'];
  by_id: string;
  by_name: string;
  at: Date;
};

const columns =
  sql.raw(`person_id, version, level, status, sponsor, sponsor_active, granted_on, revalidation_due_on,
  confirmed_at, confirmed_by, confirmation_evidence, citizenships, waiver, waiver_until, change, by_id, by_name, at`);

/** As it was at that moment; undefined when nothing was recorded then. */
export async function clearanceOf(tx: Tx, personId: string, at: Date): Promise<Clearance | undefined> {
  const { rows } = await sql<ClearanceRow>`
    select ${columns} from community.clearance where person_id = ${personId} and at <= ${at}
    order by version desc limit 1`.execute(tx);
  return rows.map(fromRow)[0];
}

/** The latest of each of these people; of everybody where they are left out. */
export async function latest(tx: Tx, personIds?: readonly string[]): Promise<Clearance[]> {
  const only = personIds === undefined ? sql`true` : sql`person_id = any(${[...personIds]}::text[])`;
  const { rows } = await sql<ClearanceRow>`
    select distinct on (person_id) ${columns} from community.clearance where ${only}
    order by person_id, version desc`.execute(tx);
  return rows.map(fromRow);
}

/** Newest first. */
export async function history(tx: Tx, personId: string): Promise<Clearance[]> {
  const { rows } = await sql<ClearanceRow>`
    select ${columns} from community.clearance where person_id = ${personId} order by version desc`.execute(
    tx,
  );
  return rows.map(fromRow);
}

export async function insert(tx: Tx, one: Clearance): Promise<void> {
  await sql`
    insert into community.clearance (${columns})
    values (${one.personId}, ${one.version}, ${one.level}, ${one.status}, ${one.sponsor}, ${one.sponsorActive},
      ${one.grantedOn}, ${one.revalidationDueOn}, ${one.confirmedAt}, ${one.confirmedBy}, ${one.confirmationEvidence},
      ${[...one.citizenships]}::text[], ${one.waiver}, ${one.waiverUntil}, ${one.change}, ${one.by.id}, ${one.by.name},
      ${one.at})`.execute(tx);
}

/** One writer of these people's clearances at a time, until the transaction ends. In one order, so that two don't wait for each other. */
export async function lockPeople(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`select id from community.person where id = any(${[...ids]}::text[]) order by id for update`.execute(
    tx,
  );
}

const fromRow = (row: ClearanceRow): Clearance => ({
  personId: row.person_id,
  version: row.version,
  level: row.level,
  status: row.status,
  sponsor: row.sponsor,
  sponsorActive: row.sponsor_active,
  grantedOn: row.granted_on,
  revalidationDueOn: row.revalidation_due_on,
  confirmedAt: row.confirmed_at,
  confirmedBy: row.confirmed_by,
  confirmationEvidence: row.confirmation_evidence,
  citizenships: row.citizenships,
  waiver: row.waiver,
  waiverUntil: row.waiver_until,
  change: row.change,
  by: { id: row.by_id, name: row.by_name },
  at: row.at,
});
