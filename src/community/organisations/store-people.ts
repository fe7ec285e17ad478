import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Person } from './person.ts';

type PersonRow = {
  id: string;
  organisation_id: string;
  name: string;
  email: string;
  user_id: string | null;
  started_at: Date;
  ended_at: Date | null;
  ended_reason: string | null;
  screened_until: Date | null;
  baseline_until: Date | null;
};

const columns = sql.raw(
  'id, organisation_id, name, email, user_id, started_at, ended_at, ended_reason, screened_until, baseline_until',
);

/** @param organisation undefined: of the whole community */
export async function people(tx: Tx, organisation: string | undefined): Promise<Person[]> {
  const { rows } = await sql<PersonRow>`
    select ${columns} from community.person
    where ${organisation ?? null}::text is null or organisation_id = ${organisation ?? null}
    order by organisation_id, ended_at is not null, lower(name), id`.execute(tx);
  return rows.map(fromRow);
}

export async function personById(tx: Tx, id: string): Promise<Person | undefined> {
  const { rows } = await sql<PersonRow>`select ${columns} from community.person where id = ${id}`.execute(tx);
  return rows.map(fromRow)[0];
}

/** Held against other writers until the transaction ends. */
export async function lockPerson(tx: Tx, id: string): Promise<Person | undefined> {
  const { rows } = await sql<PersonRow>`
    select ${columns} from community.person where id = ${id} for update`.execute(tx);
  return rows.map(fromRow)[0];
}

/** Who signs in with this account; nobody once they have ended. */
export async function personOfUser(tx: Tx, userId: string): Promise<Person | undefined> {
  const { rows } = await sql<PersonRow>`
    select ${columns} from community.person where user_id = ${userId} and ended_at is null`.execute(tx);
  return rows.map(fromRow)[0];
}

/** Everybody present with this address, whatever its case. */
export async function peopleByEmail(tx: Tx, emails: readonly string[]): Promise<Person[]> {
  const { rows } = await sql<PersonRow>`
    select ${columns} from community.person
    where ended_at is null and lower(email) = any(${emails.map((email) => email.trim().toLowerCase())}::text[])`.execute(
    tx,
  );
  return rows.map(fromRow);
}

export async function insertPerson(tx: Tx, person: Person, now: Date): Promise<void> {
  await sql`
    insert into community.person (id, organisation_id, name, email, user_id, started_at, screened_until, baseline_until, created_at)
    values (${person.id}, ${person.organisation}, ${person.name}, ${person.email}, ${person.userId},
      ${person.startedAt}, ${person.screenedUntil}, ${person.baselineUntil}, ${now})`.execute(tx);
}

export async function updatePerson(
  tx: Tx,
  { id, name, userId, screenedUntil, baselineUntil, endedAt, endedReason }: Person,
): Promise<void> {
  await sql`
    update community.person set name = ${name}, user_id = ${userId}, screened_until = ${screenedUntil},
      baseline_until = ${baselineUntil},      ended_at = ${endedAt}, ended_reason = ${endedReason} where id = ${id}`.execute(
    tx,
  );
}

const fromRow = (row: PersonRow): Person => ({
  id: row.id,
  organisation: row.organisation_id,
  name: row.name,
  email: row.email,
  userId: row.user_id,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  endedReason: row.ended_reason,
  screenedUntil: row.screened_until,
  baselineUntil: row.baseline_until,
});
