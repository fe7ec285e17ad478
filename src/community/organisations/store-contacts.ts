import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Contact } from './contact.ts';

const columns = sql.raw(`id, organisation_id as organisation, severity, topic, rank, name, phone, email,
  confirmed_at as "confirmedAt", confirmed_by as "confirmedBy"`);

/** In the order in which they are called. @param organisation undefined: of the whole community */
export async function contacts(tx: Tx, organisation: string | undefined): Promise<Contact[]> {
  const { rows } = await sql<Contact>`
    select ${columns} from community.contact
    where ${organisation ?? null}::text is null or organisation_id = ${organisation ?? null}
    order by organisation_id, array_position(array['critical', 'high', 'medium', 'low'], severity), topic, rank`.execute(
    tx,
  );
  return rows;
}

/** The matrix is these contacts from now on. */
export async function replaceContacts(tx: Tx, organisation: string, all: readonly Contact[]): Promise<void> {
  await sql`delete from community.contact where organisation_id = ${organisation}`.execute(tx);
  for (const one of all)
    await sql`
      insert into community.contact (id, organisation_id, severity, topic, rank, name, phone, email, confirmed_at, confirmed_by)
      values (${one.id}, ${organisation}, ${one.severity}, ${one.topic}, ${one.rank}, ${one.name}, ${one.phone},
        ${one.email}, ${one.confirmedAt}, ${one.confirmedBy})`.execute(tx);
}

/** @returns how many */
export async function confirmContacts(tx: Tx, organisation: string, at: Date, by: string): Promise<number> {
  const { rows } = await sql`
    update community.contact set confirmed_at = ${at}, confirmed_by = ${by}
    where organisation_id = ${organisation} returning id`.execute(tx);
  return rows.length;
}

/** One writer of a matrix at a time, until the transaction ends. */
export async function lockOrganisation(tx: Tx, id: string): Promise<boolean> {
  const { rows } = await sql`select id from community.organisation where id = ${id} for update`.execute(tx);
  return rows.length > 0;
}
