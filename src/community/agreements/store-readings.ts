import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Place } from './store.ts';

export type Reading = Place & {
  readonly id: string;
  readonly version: number;
  readonly userId: string;
  readonly userName: string;
  readonly begunAt: Date;
  readonly sourceSha256: string;
  readonly renderedSha256: string;
  /** The record that is being signed. */
  readonly record: string | null;
  readonly endedAt: Date | null;
};
export type ReadSection = {
  readonly section: string;
  readonly openedAt: Date;
  readonly agreedAt: Date | null;
};

const columns = sql.raw(`
  id, organisation_id as organisation, environment_id as environment, version, user_id as "userId", user_name as "userName",
  begun_at as "begunAt", source_sha256 as "sourceSha256", rendered_sha256 as "renderedSha256", record, ended_at as "endedAt"`);

export async function openReading(
  tx: Tx,
  place: Place,
  version: number,
  userId: string,
): Promise<Reading | undefined> {
  const { rows } = await sql<Reading>`
    select ${columns} from community.agreement_reading where organisation_id = ${place.organisation}
      and environment_id = ${place.environment} and version = ${version} and user_id = ${userId} and ended_at is null`.execute(
    tx,
  );
  return rows[0];
}

/** Held against other writers until the transaction ends. */
export async function lockReading(tx: Tx, id: string): Promise<Reading | undefined> {
  const { rows } =
    await sql<Reading>`select ${columns} from community.agreement_reading where id = ${id} for update`.execute(
      tx,
    );
  return rows[0];
}

export async function insertReading(tx: Tx, one: Reading): Promise<void> {
  await sql`
    insert into community.agreement_reading (id, organisation_id, environment_id, version, user_id, user_name, begun_at,
      source_sha256, rendered_sha256)
    values (${one.id}, ${one.organisation}, ${one.environment}, ${one.version}, ${one.userId}, ${one.userName}, ${one.begunAt},
      ${one.sourceSha256}, ${one.renderedSha256})`.execute(tx);
}

export async function keepRecord(tx: Tx, id: string, record: string): Promise<void> {
  await sql`update community.agreement_reading set record = ${record} where id = ${id}`.execute(tx);
}

export async function endReading(tx: Tx, id: string, at: Date): Promise<void> {
  await sql`update community.agreement_reading set ended_at = ${at} where id = ${id}`.execute(tx);
}

export async function sectionsRead(tx: Tx, readingId: string): Promise<ReadSection[]> {
  const { rows } = await sql<ReadSection>`
    select section, opened_at as "openedAt", agreed_at as "agreedAt" from community.agreement_reading_section
    where reading_id = ${readingId} order by opened_at, section`.execute(tx);
  return rows;
}

/** The first time counts. */
export async function noteOpened(tx: Tx, readingId: string, section: string, at: Date): Promise<void> {
  await sql`insert into community.agreement_reading_section (reading_id, section, opened_at)
    values (${readingId}, ${section}, ${at}) on conflict do nothing`.execute(tx);
}

/** Can't be taken back. @returns false where it was not opened, or agreed to already */
export async function noteAgreed(tx: Tx, readingId: string, section: string, at: Date): Promise<boolean> {
  const { rows } = await sql`
    update community.agreement_reading_section set agreed_at = ${at}
    where reading_id = ${readingId} and section = ${section} and agreed_at is null returning section`.execute(
    tx,
  );
  return rows.length > 0;
}
