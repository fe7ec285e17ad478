import { sql } from 'kysely';
import type { Signature } from '#identity';
import type { Tx } from '#platform/records';
import { AgreedMeanwhile } from './errors.ts';
import type { AgreementEvent } from './state.ts';
import type { Place } from './store.ts';
import type { By } from './store-versions.ts';

export type Acceptance = Place & {
  readonly id: string;
  /** 1, 2, 3 …: each follows the one before in the same place. */
  readonly link: number;
  readonly version: number;
  readonly kind: 'passkey' | 'acknowledgement' | 'paper';
  readonly at: Date;
  readonly signerUserId: string | null;
  readonly signerName: string;
  readonly office: string;
  readonly appointmentId: string | null;
  /** Canonical JSON (RFC 8785). */
  readonly record: string;
  readonly recordSha256: string;
  readonly assertion: Signature | null;
  /** Compact JWS, ES384. */
  readonly countersignature: string;
  readonly ledgerId: string;
};

const columns = sql.raw(`
  id, organisation_id as organisation, environment_id as environment, link, version, kind, at,
  signer_user_id as "signerUserId", signer_name as "signerName", office, appointment_id as "appointmentId", record,
  record_sha256 as "recordSha256", assertion, countersignature, ledger_id as "ledgerId"`);

/** Newest first. @param organisation undefined: of the whole community */
export async function acceptances(tx: Tx, organisation: string | undefined): Promise<Acceptance[]> {
  const { rows } = await sql<Acceptance>`
    select ${columns} from community.acceptance
    where ${organisation ?? null}::text is null or organisation_id = ${organisation ?? null}
    order by at desc, organisation_id, environment_id, link desc`.execute(tx);
  return rows;
}

export async function acceptanceById(tx: Tx, id: string): Promise<Acceptance | undefined> {
  const { rows } =
    await sql<Acceptance>`select ${columns} from community.acceptance where id = ${id}`.execute(tx);
  return rows[0];
}

export async function lastAcceptance(tx: Tx, place: Place): Promise<Acceptance | undefined> {
  const { rows } = await sql<Acceptance>`
    select ${columns} from community.acceptance
    where organisation_id = ${place.organisation} and environment_id = ${place.environment}
    order by link desc limit 1`.execute(tx);
  return rows[0];
}

/** @throws {AgreedMeanwhile} where another acceptance follows the same one already */
export async function insertAcceptance(tx: Tx, one: Acceptance): Promise<void> {
  try {
    await sql`
      insert into community.acceptance (id, organisation_id, environment_id, link, version, kind, at, signer_user_id, signer_name,
        office, appointment_id, record, record_sha256, assertion, countersignature, ledger_id)
      values (${one.id}, ${one.organisation}, ${one.environment}, ${one.link}, ${one.version}, ${one.kind}, ${one.at},
        ${one.signerUserId}, ${one.signerName}, ${one.office}, ${one.appointmentId}, ${one.record}, ${one.recordSha256},
        ${one.assertion === null ? null : JSON.stringify(one.assertion)}::jsonb, ${one.countersignature}, ${one.ledgerId})`.execute(
      tx,
    );
  } catch (error) {
    if (constraintOf(error) === 'acceptance_link') throw new AgreedMeanwhile();
    throw error;
  }
}

/** SQLSTATE 23505, and which constraint; both drivers tell it the same way. */
function constraintOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error) || error.code !== '23505')
    return undefined;
  return 'constraint' in error && typeof error.constraint === 'string' ? error.constraint : undefined;
}

type NewEvent = AgreementEvent & Place & { readonly by: By };

export async function insertEvent(tx: Tx, event: NewEvent): Promise<void> {
  const version = event.kind === 'accepted' ? event.version : null;
  const effectiveAt = event.kind === 'withdrawn' ? event.effectiveAt : null;
  const reason = event.kind === 'suspended' ? event.reason : null;
  await sql`
    insert into community.agreement_event (organisation_id, environment_id, kind, at, version, effective_at, reason, by_id, by_name)
    values (${event.organisation}, ${event.environment}, ${event.kind}, ${event.at}, ${version}, ${effectiveAt}, ${reason},
      ${event.by.id}, ${event.by.name})`.execute(tx);
}

/** Every change of an agreement says so, and the latest time that was seen is kept. */
export async function moveOn(tx: Tx, at: Date): Promise<void> {
  await sql`update community.agreement_standing set revision = revision + 1, seen_until = greatest(seen_until, ${at})`.execute(
    tx,
  );
}

/** Without a change: time has passed. */
export async function seeTime(tx: Tx, at: Date): Promise<void> {
  await sql`update community.agreement_standing set seen_until = greatest(seen_until, ${at})`.execute(tx);
}

export type PaperAcceptance = Place & {
  readonly id: string;
  readonly version: number;
  readonly signerName: string;
  readonly office: 'CIO' | 'CISO';
  /** YYYY-MM-DD */
  readonly signedOn: string;
  readonly evidenceName: string;
  readonly evidenceSha256: string;
  readonly recordedAt: Date;
  readonly recordedBy: By;
  readonly acceptanceId: string | null;
  readonly refusedAt: Date | null;
};

const paperColumns = sql.raw(`
  id, organisation_id as organisation, environment_id as environment, version, signer_name as "signerName", office,
  to_char(signed_on, 'YYYY-MM-DD') as "signedOn", evidence_name as "evidenceName", evidence_sha256 as "evidenceSha256",
  recorded_at as "recordedAt", jsonb_build_object('id', recorded_by_id, 'name', recorded_by_name) as "recordedBy",
  acceptance_id as "acceptanceId", refused_at as "refusedAt"`);

export async function insertPaper(tx: Tx, one: PaperAcceptance): Promise<void> {
  await sql`
    insert into community.paper_acceptance (id, organisation_id, environment_id, version, signer_name, office, signed_on,
      evidence_name, evidence_sha256, recorded_at, recorded_by_id, recorded_by_name)
    values (${one.id}, ${one.organisation}, ${one.environment}, ${one.version}, ${one.signerName}, ${one.office},
      ${one.signedOn}::date, ${one.evidenceName}, ${one.evidenceSha256}, ${one.recordedAt}, ${one.recordedBy.id},
      ${one.recordedBy.name})`.execute(tx);
}

export async function lockPaper(tx: Tx, id: string): Promise<PaperAcceptance | undefined> {
  const { rows } = await sql<PaperAcceptance>`
    select ${paperColumns} from community.paper_acceptance where id = ${id} for update`.execute(tx);
  return rows[0];
}

/** Those that wait for a second person. */
export async function openPapers(tx: Tx): Promise<PaperAcceptance[]> {
  const { rows } = await sql<PaperAcceptance>`
    select ${paperColumns} from community.paper_acceptance where acceptance_id is null and refused_at is null
    order by recorded_at, id`.execute(tx);
  return rows;
}

export async function settlePaper(
  tx: Tx,
  id: string,
  end: { acceptanceId: string } | { refusedAt: Date },
): Promise<void> {
  await ('acceptanceId' in end
    ? sql`update community.paper_acceptance set acceptance_id = ${end.acceptanceId} where id = ${id}`
    : sql`update community.paper_acceptance set refused_at = ${end.refusedAt} where id = ${id}`
  ).execute(tx);
}
