import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Scope } from '#platform/scope';
import type { Kind, State } from './session.ts';
import { approval, type Approval, detail, type Session, type SignIn } from './support.ts';

type SessionTable = {
  id: string;
  tenancy_id: string;
  kind: Kind;
  state: State;
  record: string;
  digest: Buffer;
  detail: unknown;
  minutes: number;
  requested_at: Date;
  expires_at: Date;
  started_at: Date | null;
  ends_at: Date | null;
  ended_at: Date | null;
  review_due_at: Date | null;
  reviewed_at: Date | null;
};
type CertificateTable = {
  serial: string;
  session_id: string;
  tenancy_id: string;
  user_id: string;
  fingerprint: string;
  source_address: string;
  signed_in_at: Date | null;
  passkey: boolean;
  issued_at: Date;
  expires_at: Date;
};
type StandingTable = {
  id: string;
  tenancy_id: string;
  record: string;
  approval: unknown;
  given_at: Date;
  expires_at: Date;
  withdrawn_at: Date | null;
  withdrawn_by: string | null;
};
type NoticeTable = {
  id: string;
  session_id: string;
  tenancy_id: string;
  organisation_id: string;
  office: string;
  text: string;
  at: Date;
  seen_at: Date | null;
  seen_by: string | null;
};

const tables = (tx: Tx) =>
  tx.withTables<{
    'community.support_session': SessionTable;
    'community.support_certificate': CertificateTable;
    'community.support_standing': StandingTable;
    'community.support_notice': NoticeTable;
  }>();
const json = (value: unknown) => sql<never>`${JSON.stringify(value)}::jsonb`;

function fromRow(row: SessionTable): Session {
  return {
    ...detail.parse(row.detail),
    id: row.id,
    tenancy: row.tenancy_id,
    kind: row.kind,
    state: row.state,
    record: row.record,
    digest: row.digest.toString('hex'),
    minutes: row.minutes,
    requestedAt: row.requested_at,
    expiresAt: row.expires_at,
    startedAt: row.started_at,
    endsAt: row.ends_at,
    endedAt: row.ended_at,
    reviewDueAt: row.review_due_at,
    reviewedAt: row.reviewed_at,
  };
}

const toRow = (session: Session): Omit<SessionTable, 'detail'> => ({
  id: session.id,
  tenancy_id: session.tenancy,
  kind: session.kind,
  state: session.state,
  record: session.record,
  digest: Buffer.from(session.digest, 'hex'),
  minutes: session.minutes,
  requested_at: session.requestedAt,
  expires_at: session.expiresAt,
  started_at: session.startedAt,
  ends_at: session.endsAt,
  ended_at: session.endedAt,
  review_due_at: session.reviewDueAt,
  reviewed_at: session.reviewedAt,
});
// Members that have a column of their own are left out: the schema drops them.
const documentOf = (session: Session) => json(detail.parse(session));

export async function insertSession(tx: Tx, session: Session): Promise<void> {
  await tables(tx)
    .insertInto('community.support_session')
    .values({ ...toRow(session), detail: documentOf(session) })
    .execute();
}

/** Writes what may change of it; the record and its digest never do. */
export async function saveSession(tx: Tx, session: Session): Promise<void> {
  const { id, record: _record, digest: _digest, ...changing } = toRow(session);
  await tables(tx)
    .updateTable('community.support_session')
    .set({ ...changing, detail: documentOf(session) })
    .where('id', '=', id)
    .execute();
}

/** @param scope undefined: whatever tenancy it is of (the system's own work) */
export async function sessionById(
  tx: Tx,
  id: string,
  { scope, lock = false }: { scope: Scope | undefined; lock?: boolean },
): Promise<Session | undefined> {
  let query = tables(tx).selectFrom('community.support_session').selectAll().where('id', '=', id);
  if (scope !== undefined) query = query.where('tenancy_id', 'in', [...scope.tenancies]);
  if (lock) query = query.forUpdate();
  const row = await query.executeTakeFirst();
  return row && fromRow(row);
}

/** Newest first. */
export async function sessions(
  tx: Tx,
  scope: Scope,
  { state, tenancy, limit }: { state?: State | undefined; tenancy?: string | undefined; limit: number },
): Promise<Session[]> {
  let query = tables(tx)
    .selectFrom('community.support_session')
    .selectAll()
    .where('tenancy_id', 'in', [...scope.tenancies])
    .orderBy('requested_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  if (state !== undefined) query = query.where('state', '=', state);
  if (tenancy !== undefined) query = query.where('tenancy_id', '=', tenancy);
  return (await query.execute()).map(fromRow);
}

/** Of every tenancy: for the watch, and for the gate. */
export async function sessionsIn(tx: Tx, states: readonly State[]): Promise<Session[]> {
  const rows = await tables(tx)
    .selectFrom('community.support_session')
    .selectAll()
    .where('state', 'in', [...states])
    .execute();
  return rows.map(fromRow);
}

export async function sessionsById(tx: Tx, ids: readonly string[]): Promise<Session[]> {
  if (ids.length === 0) return [];
  const rows = await tables(tx)
    .selectFrom('community.support_session')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute();
  return rows.map(fromRow);
}

export type IssuedCertificate = {
  readonly serial: bigint;
  readonly session: string;
  readonly tenancy: string;
  readonly user: string;
  readonly fingerprint: string;
  readonly sourceAddress: string;
  readonly signIn: SignIn;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
};

export async function insertCertificate(tx: Tx, issued: IssuedCertificate): Promise<void> {
  await tables(tx)
    .insertInto('community.support_certificate')
    .values({
      serial: String(issued.serial),
      session_id: issued.session,
      tenancy_id: issued.tenancy,
      user_id: issued.user,
      fingerprint: issued.fingerprint,
      source_address: issued.sourceAddress,
      signed_in_at: issued.signIn?.at ?? null,
      passkey: issued.signIn?.passkey ?? false,
      issued_at: issued.issuedAt,
      expires_at: issued.expiresAt,
    })
    .execute();
}

/** Whose certificate it is, and for which session. */
export async function certificateBySerial(
  tx: Tx,
  serial: bigint,
): Promise<{ session: string; user: string; fingerprint: string; signIn: SignIn } | undefined> {
  const row = await tables(tx)
    .selectFrom('community.support_certificate')
    .select(['session_id', 'user_id', 'fingerprint', 'signed_in_at', 'passkey'])
    .where('serial', '=', String(serial))
    .executeTakeFirst();
  return (
    row && {
      session: row.session_id,
      user: row.user_id,
      fingerprint: row.fingerprint,
      signIn: row.signed_in_at && { at: row.signed_in_at, passkey: row.passkey },
    }
  );
}

/** The latest that an engineer was given for a session: from where, and how signed in. */
export async function latestIssued(
  tx: Tx,
  session: string,
  user: string,
): Promise<{ address: string; signIn: SignIn } | undefined> {
  const row = await tables(tx)
    .selectFrom('community.support_certificate')
    .select(['source_address', 'signed_in_at', 'passkey'])
    .where('session_id', '=', session)
    .where('user_id', '=', user)
    .orderBy('issued_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return (
    row && {
      address: row.source_address,
      signIn: row.signed_in_at && { at: row.signed_in_at, passkey: row.passkey },
    }
  );
}

export type StandingApproval = {
  readonly id: string;
  readonly tenancy: string;
  readonly record: string;
  readonly approval: Approval;
  readonly givenAt: Date;
  readonly expiresAt: Date;
  readonly withdrawnAt: Date | null;
};

export async function insertStanding(tx: Tx, given: StandingApproval): Promise<void> {
  await tables(tx)
    .insertInto('community.support_standing')
    .values({
      id: given.id,
      tenancy_id: given.tenancy,
      record: given.record,
      approval: json(given.approval),
      given_at: given.givenAt,
      expires_at: given.expiresAt,
      withdrawn_at: null,
      withdrawn_by: null,
    })
    .execute();
}

/** Newest first. */
export async function standingOf(tx: Tx, tenancies: readonly string[]): Promise<StandingApproval[]> {
  if (tenancies.length === 0) return [];
  const rows = await tables(tx)
    .selectFrom('community.support_standing')
    .selectAll()
    .where('tenancy_id', 'in', [...tenancies])
    .orderBy('given_at', 'desc')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    tenancy: row.tenancy_id,
    record: row.record,
    approval: approval.parse(row.approval),
    givenAt: row.given_at,
    expiresAt: row.expires_at,
    withdrawnAt: row.withdrawn_at,
  }));
}

/** @returns its tenancy; undefined when it is not there, or withdrawn before */
export async function withdrawStanding(
  tx: Tx,
  scope: Scope,
  id: string,
  by: string,
  now: Date,
): Promise<string | undefined> {
  const row = await tables(tx)
    .updateTable('community.support_standing')
    .set({ withdrawn_at: now, withdrawn_by: by })
    .where('id', '=', id)
    .where('tenancy_id', 'in', [...scope.tenancies])
    .where('withdrawn_at', 'is', null)
    .returning('tenancy_id')
    .executeTakeFirst();
  return row?.tenancy_id;
}

export type StoredNotice = {
  readonly id: string;
  readonly session: string;
  readonly tenancy: string;
  readonly organisation: string;
  readonly office: string;
  readonly text: string;
  readonly at: Date;
  readonly seenAt: Date | null;
  readonly seenBy: string | null;
};

export async function insertNotice(tx: Tx, given: Omit<StoredNotice, 'seenAt' | 'seenBy'>): Promise<void> {
  await tables(tx)
    .insertInto('community.support_notice')
    .values({
      id: given.id,
      session_id: given.session,
      tenancy_id: given.tenancy,
      organisation_id: given.organisation,
      office: given.office,
      text: given.text,
      at: given.at,
      seen_at: null,
      seen_by: null,
    })
    .execute();
}

/** To one organisation, newest first; unseen ones before. */
export async function noticesTo(tx: Tx, organisation: string, scope: Scope): Promise<StoredNotice[]> {
  const rows = await tables(tx)
    .selectFrom('community.support_notice')
    .selectAll()
    .where('organisation_id', '=', organisation)
    .where('tenancy_id', 'in', [...scope.tenancies])
    .orderBy(sql`seen_at is null`, 'desc')
    .orderBy('at', 'desc')
    .limit(50)
    .execute();
  return rows.map(noticeOf);
}

export async function noticesOf(tx: Tx, sessions: readonly string[]): Promise<StoredNotice[]> {
  if (sessions.length === 0) return [];
  const rows = await tables(tx)
    .selectFrom('community.support_notice')
    .selectAll()
    .where('session_id', 'in', [...sessions])
    .execute();
  return rows.map(noticeOf);
}

const noticeOf = (row: NoticeTable): StoredNotice => ({
  id: row.id,
  session: row.session_id,
  tenancy: row.tenancy_id,
  organisation: row.organisation_id,
  office: row.office,
  text: row.text,
  at: row.at,
  seenAt: row.seen_at,
  seenBy: row.seen_by,
});

/** @returns its tenancy and session; undefined when there is no such unseen one */
export async function seeNotice(
  tx: Tx,
  organisation: string,
  scope: Scope,
  id: string,
  by: string,
  now: Date,
): Promise<{ tenancy: string; session: string } | undefined> {
  return tables(tx)
    .updateTable('community.support_notice')
    .set({ seen_at: now, seen_by: by })
    .where('id', '=', id)
    .where('organisation_id', '=', organisation)
    .where('tenancy_id', 'in', [...scope.tenancies])
    .where('seen_at', 'is', null)
    .returning(['tenancy_id as tenancy', 'session_id as session'])
    .executeTakeFirst();
}
