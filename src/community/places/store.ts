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

/** @param ids left out: every device */
export async function devices(tx: Tx, ids?: readonly string[]): Promise<Device[]> {
  const only = ids === undefined ? sql`true` : sql`id = any(${[...ids]}::text[])`;
  const { rows } = await sql<Device>`select ${deviceColumns} from community.device where ${only}`.execute(tx);
  return rows;
}

export type NetworkList = {
  readonly list: string;
  readonly country: string;
  readonly origin: string;
  readonly sha256: string;
  readonly ranges: number;
  readonly importedAt: Date;
  readonly importedBy: string;
};

export async function networkLists(tx: Tx): Promise<NetworkList[]> {
  const { rows } = await sql<NetworkList>`
    select list, country, origin, sha256, ranges, imported_at as "importedAt", imported_by as "importedBy"
    from community.network_list order by list`.execute(tx);
  return rows;
}

/** Takes the place of the list of this name. */
export async function replaceNetworks(tx: Tx, list: NetworkList, ranges: readonly string[]): Promise<void> {
  await sql`delete from community.network_list where list = ${list.list}`.execute(tx);
  await sql`insert into community.network_list (list, country, origin, sha256, ranges, imported_at, imported_by)
    values (${list.list}, ${list.country}, ${list.origin}, ${list.sha256}, ${list.ranges}, ${list.importedAt},
      ${list.importedBy})`.execute(tx);
  await sql`insert into community.network (list, range)
    select ${list.list}, range::cidr from unnest(${[...ranges]}::text[]) as range`.execute(tx);
}

type By = { readonly id: string; readonly name: string };

export async function insertException(
  tx: Tx,
  one: Pick<PlaceException, 'id' | 'personId' | 'countries' | 'riskAssessment' | 'reason' | 'expiresAt'>,
  by: By,
  at: Date,
): Promise<void> {
  await sql`
    insert into community.place_exception (id, person_id, countries, risk_assessment, reason, proposed_by_id,
      proposed_by_name, proposed_at, expires_at)
    values (${one.id}, ${one.personId}, ${[...one.countries]}::text[], ${one.riskAssessment}, ${one.reason}, ${by.id},
      ${by.name}, ${at}, ${one.expiresAt})`.execute(tx);
}

/** Held against other writers until the transaction ends, with who proposed it. */
export async function lockException(
  tx: Tx,
  id: string,
): Promise<(PlaceException & { readonly proposedById: string }) | undefined> {
  const { rows } = await sql<PlaceException & { proposedById: string }>`
    select ${exceptionColumns}, proposed_by_id as "proposedById" from community.place_exception
    where id = ${id} for update`.execute(tx);
  return rows[0];
}

export async function agreeException(tx: Tx, id: string, by: By, at: Date): Promise<void> {
  await sql`update community.place_exception set agreed_by_id = ${by.id}, agreed_by_name = ${by.name}, agreed_at = ${at}
    where id = ${id}`.execute(tx);
}

/** @returns the person it was for; undefined when there is none of this id that is not over */
export async function endPlace(
  tx: Tx,
  kind: 'exception' | 'remote-work',
  id: string,
  at: Date,
): Promise<string | undefined> {
  const table = sql.table(kind === 'exception' ? 'community.place_exception' : 'community.remote_work');
  const { rows } = await sql<{ person_id: string }>`
    update ${table} set ended_at = ${at} where id = ${id} and ended_at is null returning person_id`.execute(
    tx,
  );
  return rows[0]?.person_id;
}

export async function insertRemoteWork(
  tx: Tx,
  one: Omit<RemoteWork, 'grantedBy' | 'endedAt'>,
  by: By,
): Promise<void> {
  await sql`
    insert into community.remote_work (id, person_id, policy, granted_by_id, granted_by_name, granted_at, expires_at)
    values (${one.id}, ${one.personId}, ${one.policy}, ${by.id}, ${by.name}, ${one.grantedAt}, ${one.expiresAt})`.execute(
    tx,
  );
}

export async function saveDevice(tx: Tx, one: Device, now: Date): Promise<void> {
  await sql`
    insert into community.device (id, person_id, name, managed, posture, posture_checked_at, updated_at)
    values (${one.id}, ${one.personId}, ${one.name}, ${one.managed}, ${one.posture}, ${one.postureCheckedAt}, ${now})
    on conflict (id) do update set person_id = excluded.person_id, name = excluded.name, managed = excluded.managed,
      posture = excluded.posture, posture_checked_at = excluded.posture_checked_at, updated_at = excluded.updated_at`.execute(
    tx,
  );
}

/** Of people of this organisation; undefined: of everybody. Newest first. */
export async function placesOf(
  tx: Tx,
  organisation: string | undefined,
): Promise<{ exceptions: PlaceException[]; remoteWork: RemoteWork[]; devices: Device[] }> {
  const own = sql`person_id in (select id from community.person
    where ${organisation ?? null}::text is null or organisation_id = ${organisation ?? null})`;
  const exceptions = await sql<PlaceException>`
    select ${exceptionColumns} from community.place_exception where ${own} order by proposed_at desc limit 1000`.execute(
    tx,
  );
  const remoteWork = await sql<RemoteWork>`
    select ${remoteColumns} from community.remote_work where ${own} order by granted_at desc limit 1000`.execute(
    tx,
  );
  const devices = await sql<Device>`
    select ${deviceColumns} from community.device where ${own} order by name, id limit 5000`.execute(tx);
  return { exceptions: exceptions.rows, remoteWork: remoteWork.rows, devices: devices.rows };
}

/** As `exceptionsInForce` and `remoteWorkInForce`, by person, of everybody or of some. Where there are several, the latest to end. */
export async function placeGrants(
  tx: Tx,
  at: Date,
  personIds?: readonly string[],
): Promise<{ exceptions: ReadonlyMap<string, PlaceException>; remoteWork: ReadonlyMap<string, RemoteWork> }> {
  const only = personIds === undefined ? sql`true` : sql`person_id = any(${[...personIds]}::text[])`;
  const exceptions = await sql<PlaceException>`
    select ${exceptionColumns} from community.place_exception
    where ${only} and agreed_at <= ${at} and ${at} < expires_at and (ended_at is null or ${at} < ended_at)
    order by expires_at`.execute(tx);
  const remote = await sql<RemoteWork>`
    select ${remoteColumns} from community.remote_work
    where ${only} and granted_at <= ${at} and ${at} < expires_at and (ended_at is null or ${at} < ended_at)
    order by expires_at`.execute(tx);
  return {
    exceptions: new Map(exceptions.rows.map((one) => [one.personId, one])),
    remoteWork: new Map(remote.rows.map((one) => [one.personId, one])),
  };
}
