import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { SignInMethod } from './contract.ts';

export type StoredSession = {
  readonly userId: string;
  readonly standing: 'full' | 'enrolling';
  readonly invitationHash: Buffer | null;
  readonly method: SignInMethod;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
};

type SessionTable = {
  secret_hash: Buffer;
  user_id: string;
  standing: StoredSession['standing'];
  invitation_hash: Buffer | null;
  method: SignInMethod;
  created_at: Date;
  last_seen_at: Date;
  expires_at: Date;
};
type PasskeyTable = {
  credential_id: string;
  user_id: string;
  public_key: Buffer;
  counter: number;
  transports: string[];
  created_at: Date;
  last_used_at: Date | null;
};
/** What the answer to a challenge is good for: `sign` binds it to the digest of one record. */
export type ChallengePurpose = 'register' | 'sign-in' | 'sign';
type ChallengeTable = {
  challenge: string;
  purpose: ChallengePurpose;
  user_id: string | null;
  expires_at: Date;
};

const tables = (tx: Tx) =>
  tx.withTables<{
    'identity.session': SessionTable;
    'identity.passkey': PasskeyTable;
    'identity.challenge': ChallengeTable;
  }>();

export async function sessionOf(tx: Tx, secretHash: Buffer): Promise<StoredSession | undefined> {
  const row = await tables(tx)
    .selectFrom('identity.session')
    .selectAll()
    .where('secret_hash', '=', secretHash)
    .executeTakeFirst();
  return (
    row && {
      userId: row.user_id,
      standing: row.standing,
      invitationHash: row.invitation_hash,
      method: row.method,
      createdAt: row.created_at,
      lastSeenAt: row.last_seen_at,
      expiresAt: row.expires_at,
    }
  );
}

/** Also sweeps away what has run out. */
export async function insertSession(
  tx: Tx,
  session: Omit<StoredSession, 'lastSeenAt' | 'createdAt'> & { secretHash: Buffer; now: Date },
): Promise<void> {
  await tables(tx).deleteFrom('identity.session').where('expires_at', '<', session.now).execute();
  await tables(tx)
    .insertInto('identity.session')
    .values({
      secret_hash: session.secretHash,
      user_id: session.userId,
      standing: session.standing,
      invitation_hash: session.invitationHash,
      method: session.method,
      created_at: session.now,
      last_seen_at: session.now,
      expires_at: session.expiresAt,
    })
    .execute();
}

export async function touchSession(tx: Tx, secretHash: Buffer, now: Date): Promise<void> {
  await tables(tx)
    .updateTable('identity.session')
    .set({ last_seen_at: now })
    .where('secret_hash', '=', secretHash)
    .execute();
}

export async function dropSession(tx: Tx, secretHash: Buffer): Promise<void> {
  await tables(tx).deleteFrom('identity.session').where('secret_hash', '=', secretHash).execute();
}

export async function dropSessionsOf(tx: Tx, userId: string): Promise<void> {
  await tables(tx).deleteFrom('identity.session').where('user_id', '=', userId).execute();
}

/** Those that were opened in one way. */
export async function dropSessionsBy(tx: Tx, userId: string, method: SignInMethod): Promise<void> {
  await tables(tx)
    .deleteFrom('identity.session')
    .where('user_id', '=', userId)
    .where('method', '=', method)
    .execute();
}

export type StoredPasskey = {
  readonly credentialId: string;
  readonly userId: string;
  readonly publicKey: Buffer;
  readonly counter: number;
  readonly transports: readonly string[];
};

export async function passkeyOf(tx: Tx, credentialId: string): Promise<StoredPasskey | undefined> {
  const row = await tables(tx)
    .selectFrom('identity.passkey')
    .selectAll()
    .where('credential_id', '=', credentialId)
    .forUpdate()
    .executeTakeFirst();
  return row && passkeyFromRow(row);
}

export async function passkeysOf(tx: Tx, userId: string): Promise<StoredPasskey[]> {
  const rows = await tables(tx)
    .selectFrom('identity.passkey')
    .selectAll()
    .where('user_id', '=', userId)
    .execute();
  return rows.map(passkeyFromRow);
}

/** @returns false when this credential is registered already, by whomever */
export async function insertPasskey(tx: Tx, passkey: StoredPasskey, now: Date): Promise<boolean> {
  const result = await tables(tx)
    .insertInto('identity.passkey')
    .values({
      credential_id: passkey.credentialId,
      user_id: passkey.userId,
      public_key: passkey.publicKey,
      counter: passkey.counter,
      transports: sql<never>`${JSON.stringify(passkey.transports)}::jsonb`,
      created_at: now,
      last_used_at: null,
    })
    .onConflict((conflict) => conflict.column('credential_id').doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function notePasskeyUse(
  tx: Tx,
  credentialId: string,
  counter: number,
  now: Date,
): Promise<void> {
  await tables(tx)
    .updateTable('identity.passkey')
    .set({ counter, last_used_at: now })
    .where('credential_id', '=', credentialId)
    .execute();
}

export async function dropPasskeysOf(tx: Tx, userId: string): Promise<void> {
  await tables(tx).deleteFrom('identity.passkey').where('user_id', '=', userId).execute();
}

/** Also sweeps away what has run out. */
export async function insertChallenge(
  tx: Tx,
  challenge: {
    challenge: string;
    purpose: ChallengePurpose;
    userId: string | null;
    expiresAt: Date;
    now: Date;
  },
): Promise<void> {
  await tables(tx).deleteFrom('identity.challenge').where('expires_at', '<', challenge.now).execute();
  await tables(tx)
    .insertInto('identity.challenge')
    .values({
      challenge: challenge.challenge,
      purpose: challenge.purpose,
      user_id: challenge.userId,
      expires_at: challenge.expiresAt,
    })
    // A digest that is signed again, because the first dialogue was given up.
    .onConflict((e) =>
      e
        .column('challenge')
        .doUpdateSet({ expires_at: challenge.expiresAt })
        .where('identity.challenge.user_id', '=', challenge.userId),
    )
    .execute();
}

export async function openChallenges(tx: Tx): Promise<number> {
  const row = await tables(tx)
    .selectFrom('identity.challenge')
    .select((e) => e.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** A challenge is answered once: whoever takes it has it, and it is gone. */
export async function takeChallenge(
  tx: Tx,
  challenge: string,
  purpose: ChallengePurpose,
): Promise<{ userId: string | null; expiresAt: Date } | undefined> {
  const row = await tables(tx)
    .deleteFrom('identity.challenge')
    .where('challenge', '=', challenge)
    .where('purpose', '=', purpose)
    .returning(['user_id', 'expires_at'])
    .executeTakeFirst();
  return row && { userId: row.user_id, expiresAt: row.expires_at };
}

function passkeyFromRow(row: PasskeyTable): StoredPasskey {
  return {
    credentialId: row.credential_id,
    userId: row.user_id,
    publicKey: row.public_key,
    counter: row.counter,
    transports: row.transports,
  };
}

/** What each account has beside a password: passkeys, an authenticator, a link to an issuer. */
export async function factorsByUser(
  tx: Tx,
): Promise<Map<string, { passkey: boolean; code: boolean; issuer: boolean }>> {
  const { rows } = await sql<{ id: string; passkey: boolean; code: boolean; issuer: boolean }>`
    select id, totp_sealed is not null as code,
      exists (select from identity.passkey where user_id = account.id) as passkey,
      exists (select from identity.issuer_subject where user_id = account.id) as issuer
    from identity.user account`.execute(tx);
  return new Map(rows.map(({ id, ...factors }) => [id, factors]));
}
