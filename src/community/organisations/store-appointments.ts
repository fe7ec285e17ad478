import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import { type Appointment, type Given, lifeOf } from './appointment.ts';
import type { EvidenceKind, Office } from './contract.ts';

type AppointmentRow = {
  id: string;
  organisation_id: string;
  person_id: string;
  person_name: string;
  person_ended_at: Date | null;
  office: Office;
  evidence_kind: EvidenceKind;
  evidence: string;
  months: number;
  may_delegate: boolean;
  delegated_from: string | null;
  proposed_by_id: string;
  proposed_by_name: string;
  proposed_at: Date;
  in_force_since: Date | null;
  expires_at: Date | null;
  ended_at: Date | null;
  ended_reason: string | null;
};

const from = sql.raw(`
  select a.id, a.organisation_id, a.person_id, p.name as person_name, p.ended_at as person_ended_at, a.office,
    a.evidence_kind, a.evidence, a.months, a.may_delegate, a.delegated_from, a.proposed_by_id, a.proposed_by_name,
    a.proposed_at, a.in_force_since, a.expires_at, a.ended_at, a.ended_reason
  from community.appointment a join community.person p on p.id = a.person_id`);

/** @param organisation undefined: of the whole community */
export async function appointments(tx: Tx, organisation: string | undefined): Promise<Appointment[]> {
  const { rows } = await sql<AppointmentRow>`
    ${from} where ${organisation ?? null}::text is null or a.organisation_id = ${organisation ?? null}
    order by a.organisation_id, a.office, a.proposed_at, a.id`.execute(tx);
  return rows.map(fromRow);
}

export async function appointmentById(tx: Tx, id: string): Promise<Appointment | undefined> {
  const { rows } = await sql<AppointmentRow>`${from} where a.id = ${id}`.execute(tx);
  return rows.map(fromRow)[0];
}

/** Held against other writers until the transaction ends. */
export async function lockAppointment(tx: Tx, id: string): Promise<Appointment | undefined> {
  const { rows } = await sql<AppointmentRow>`${from} where a.id = ${id} for update of a`.execute(tx);
  return rows.map(fromRow)[0];
}

/**
 * Who holds what at this moment, by delegation too. Valid while `at` is before the expiry.
 * @param wanted.person the person's id; left out: whoever
 */
export async function appointmentsInForce(
  tx: Tx,
  wanted: {
    readonly organisation: string;
    readonly at: Date;
    readonly person?: string | undefined;
    readonly offices?: readonly Office[] | undefined;
  },
): Promise<Appointment[]> {
  const all = await appointments(tx, wanted.organisation);
  const byId = new Map(all.map((one) => [one.id, one]));
  return all.filter(
    (one) =>
      (wanted.person === undefined || one.personId === wanted.person) &&
      (wanted.offices === undefined || wanted.offices.includes(one.office)) &&
      lifeOf(one, wanted.at, byId.get(one.delegatedFrom ?? '')) === 'in-force',
  );
}

export async function insertAppointment(tx: Tx, one: Appointment): Promise<void> {
  await sql`
    insert into community.appointment (id, organisation_id, person_id, office, evidence_kind, evidence, months,
      may_delegate, delegated_from, proposed_by_id, proposed_by_name, proposed_at, in_force_since, expires_at)
    values (${one.id}, ${one.organisation}, ${one.personId}, ${one.office}, ${one.evidenceKind}, ${one.evidence},
      ${one.months}, ${one.mayDelegate}, ${one.delegatedFrom}, ${one.proposedBy.id}, ${one.proposedBy.name},
      ${one.proposedAt}, ${one.inForceSince}, ${one.expiresAt})`.execute(tx);
}

export async function putInForce(tx: Tx, id: string, since: Date, expiresAt: Date): Promise<void> {
  await sql`update community.appointment set in_force_since = ${since}, expires_at = ${expiresAt}
    where id = ${id}`.execute(tx);
}

/** With what was delegated from it. @returns ids of those that were not over before */
export async function endAppointments(
  tx: Tx,
  which: { readonly id: string } | { readonly person: string },
  at: Date,
  reason: string,
): Promise<string[]> {
  const own = 'id' in which ? sql`id = ${which.id}` : sql`person_id = ${which.person}`;
  const { rows } = await sql<{ id: string }>`
    update community.appointment set ended_at = ${at}, ended_reason = ${reason}
    where ended_at is null and (${own} or delegated_from in (select id from community.appointment where ${own}))
    returning id`.execute(tx);
  return rows.map(({ id }) => id);
}

export type StoredVerification = Given & {
  readonly appointmentId: string;
  readonly name: string;
  readonly note: string;
  readonly at: Date;
};

export async function verificationsOf(
  tx: Tx,
  appointmentIds: readonly string[],
): Promise<StoredVerification[]> {
  const { rows } = await sql<StoredVerification>`
    select appointment_id as "appointmentId", user_id as "userId", person_id as "personId", name, standing, note, at
    from community.verification where appointment_id = any(${[...appointmentIds]}::text[]) order by at`.execute(
    tx,
  );
  return rows;
}

export async function insertVerification(tx: Tx, one: StoredVerification): Promise<void> {
  await sql`
    insert into community.verification (appointment_id, user_id, person_id, name, standing, note, at)
    values (${one.appointmentId}, ${one.userId}, ${one.personId}, ${one.name}, ${one.standing}, ${one.note}, ${one.at})`.execute(
    tx,
  );
}

const fromRow = (row: AppointmentRow): Appointment => ({
  id: row.id,
  organisation: row.organisation_id,
  personId: row.person_id,
  personName: row.person_name,
  personEndedAt: row.person_ended_at,
  office: row.office,
  evidenceKind: row.evidence_kind,
  evidence: row.evidence,
  months: row.months,
  mayDelegate: row.may_delegate,
  delegatedFrom: row.delegated_from,
  proposedBy: { id: row.proposed_by_id, name: row.proposed_by_name },
  proposedAt: row.proposed_at,
  inForceSince: row.in_force_since,
  expiresAt: row.expires_at,
  endedAt: row.ended_at,
  endedReason: row.ended_reason,
});
