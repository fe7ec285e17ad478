import { sql } from 'kysely';
import type { Tx } from '#platform/records';

/**
 * @param address IPv4 or IPv6, checked by the caller
 * @returns the country of the narrowest imported range that has it; null when none has
 */
export async function countryOf(tx: Tx, address: string): Promise<string | null> {
  const { rows } = await sql<{ country: string }>`
    select l.country from community.network n join community.network_list l on l.list = n.list
    where n.range >>= ${address}::inet order by masklen(n.range) desc, l.country limit 1`.execute(tx);
  return rows[0]?.country ?? null;
}

export type PlaceException = {
  readonly id: string;
  readonly personId: string;
  /** ISO 3166-1 alpha-2. */
  readonly countries: readonly string[];
  readonly riskAssessment: string;
  readonly reason: string;
  readonly proposedBy: string;
  readonly agreedBy: string | null;
  readonly expiresAt: Date;
  readonly endedAt: Date | null;
};
const exceptionColumns = sql.raw(`id, person_id as "personId", countries, risk_assessment as "riskAssessment",
  reason, proposed_by_name as "proposedBy", agreed_by_name as "agreedBy", expires_at as "expiresAt", ended_at as "endedAt"`);

/** Agreed by two and not over. */
export async function exceptionsInForce(tx: Tx, personId: string, at: Date): Promise<PlaceException[]> {
  const { rows } = await sql<PlaceException>`
    select ${exceptionColumns} from community.place_exception
    where person_id = ${personId} and agreed_at <= ${at} and ${at} < expires_at
      and (ended_at is null or ${at} < ended_at) order by expires_at`.execute(tx);
  return rows;
}

export type RemoteWork = {
  readonly id: string;
  readonly personId: string;
  readonly policy: string;
  readonly grantedBy: string;
  readonly grantedAt: Date;
  readonly expiresAt: Date;
  readonly endedAt: Date | null;
};
const remoteColumns = sql.raw(`id, person_id as "personId", policy, granted_by_name as "grantedBy",
  granted_at as "grantedAt", expires_at as "expiresAt", ended_at as "endedAt"`);

export async function remoteWorkInForce(tx: Tx, personId: string, at: Date): Promise<RemoteWork | undefined> {
  const { rows } = await sql<RemoteWork>`
    select ${remoteColumns} from community.remote_work
    where person_id = ${personId} and granted_at <= ${at} and ${at} < expires_at
      and (ended_at is null or ${at} < ended_at) order by expires_at desc limit 1`.execute(tx);
  return rows[0];
}

export type Device = {
  readonly id: string;
  readonly personId: string;
  readonly name: string;
  readonly managed: boolean;
  readonly posture: 'met' | 'not-met' | 'unknown';
  readonly postureCheckedAt: Date | null;
};
const deviceColumns = sql.raw(
  `id, person_id as "personId", name, managed, posture, posture_checked_at as "postureCheckedAt"`,
);

export async function deviceById(tx: Tx, id: string): Promise<Device | undefined> {
  const { rows } = await sql<Device>`select ${deviceColumns} from community.device where id = ${id}`.execute(
    tx,
  );
  return rows[0];
}
