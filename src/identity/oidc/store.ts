import { sql } from 'kysely';
import type { Tx } from '#platform/records';

export type StoredIssuer = {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly clientId: string;
  readonly clientSecretSealed: Buffer | null;
  readonly organisation: string;
  readonly strong: readonly string[];
  readonly enabled: boolean;
};

type IssuerTable = {
  id: string;
  name: string;
  url: string;
  client_id: string;
  client_secret_sealed: Buffer | null;
  organisation_id: string;
  strong: string[];
  enabled: boolean;
  created_at: Date;
};
type AttemptTable = {
  state_hash: Buffer;
  issuer_id: string;
  browser_hash: Buffer;
  verifier_sealed: Buffer;
  nonce: string;
  expires_at: Date;
};
type SubjectTable = { issuer_id: string; subject: string; user_id: string; linked_at: Date };

const tables = (tx: Tx) =>
  tx.withTables<{
    'identity.issuer': IssuerTable;
    'identity.issuer_attempt': AttemptTable;
    'identity.issuer_subject': SubjectTable;
  }>();

export async function issuers(tx: Tx): Promise<StoredIssuer[]> {
  return (await tables(tx).selectFrom('identity.issuer').selectAll().orderBy('name').execute()).map(fromRow);
}

export async function issuerById(tx: Tx, id: string): Promise<StoredIssuer | undefined> {
  const row = await tables(tx)
    .selectFrom('identity.issuer')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** @returns false when the id or the address is taken */
export async function insertIssuer(tx: Tx, issuer: StoredIssuer, now: Date): Promise<boolean> {
  const result = await tables(tx)
    .insertInto('identity.issuer')
    .values({
      id: issuer.id,
      name: issuer.name,
      url: issuer.url,
      client_id: issuer.clientId,
      client_secret_sealed: issuer.clientSecretSealed,
      organisation_id: issuer.organisation,
      strong: sql<never>`${JSON.stringify(issuer.strong)}::jsonb`,
      enabled: issuer.enabled,
      created_at: now,
    })
    .onConflict((e) => e.doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function enableIssuer(tx: Tx, id: string, enabled: boolean): Promise<void> {
  await tables(tx).updateTable('identity.issuer').set({ enabled }).where('id', '=', id).execute();
}

export async function deleteIssuer(tx: Tx, id: string): Promise<void> {
  await tables(tx).deleteFrom('identity.issuer').where('id', '=', id).execute();
}

export type Attempt = {
  readonly stateHash: Buffer;
  readonly issuer: string;
  readonly browserHash: Buffer;
  readonly verifierSealed: Buffer;
  readonly nonce: string;
  readonly expiresAt: Date;
};

/** Also sweeps away what has run out. @returns how many are open */
export async function insertAttempt(tx: Tx, attempt: Attempt, now: Date): Promise<number> {
  await tables(tx).deleteFrom('identity.issuer_attempt').where('expires_at', '<', now).execute();
  await tables(tx)
    .insertInto('identity.issuer_attempt')
    .values({
      state_hash: attempt.stateHash,
      issuer_id: attempt.issuer,
      browser_hash: attempt.browserHash,
      verifier_sealed: attempt.verifierSealed,
      nonce: attempt.nonce,
      expires_at: attempt.expiresAt,
    })
    .execute();
  const { count } = await tables(tx)
    .selectFrom('identity.issuer_attempt')
    .select((e) => e.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** An attempt is finished once: whoever takes it has it, and it is gone. */
export async function takeAttempt(tx: Tx, stateHash: Buffer): Promise<Attempt | undefined> {
  const row = await tables(tx)
    .deleteFrom('identity.issuer_attempt')
    .where('state_hash', '=', stateHash)
    .returningAll()
    .executeTakeFirst();
  return (
    row && {
      stateHash: row.state_hash,
      issuer: row.issuer_id,
      browserHash: row.browser_hash,
      verifierSealed: row.verifier_sealed,
      nonce: row.nonce,
      expiresAt: row.expires_at,
    }
  );
}

export async function userOfSubject(tx: Tx, issuer: string, subject: string): Promise<string | undefined> {
  const row = await tables(tx)
    .selectFrom('identity.issuer_subject')
    .select('user_id')
    .where('issuer_id', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst();
  return row?.user_id;
}

/** @returns false when the account is another subject's there already */
export async function linkSubject(
  tx: Tx,
  link: { issuer: string; subject: string; userId: string },
  now: Date,
): Promise<boolean> {
  const result = await tables(tx)
    .insertInto('identity.issuer_subject')
    .values({ issuer_id: link.issuer, subject: link.subject, user_id: link.userId, linked_at: now })
    .onConflict((e) => e.doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

const fromRow = (row: IssuerTable): StoredIssuer => ({
  id: row.id,
  name: row.name,
  url: row.url,
  clientId: row.client_id,
  clientSecretSealed: row.client_secret_sealed,
  organisation: row.organisation_id,
  strong: row.strong,
  enabled: row.enabled,
});
