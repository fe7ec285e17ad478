import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Role, SuspendedWhy } from './contract.ts';
import type { Attempts } from './lock.ts';
import { type Account, emailKey } from './user.ts';

type UserTable = {
  id: string;
  name: string;
  email: string;
  organisation_id: string | null;
  roles: Role[];
  tenancies: string[];
  state: Account['state'];
  password_hash: string | null;
  totp_sealed: Buffer | null;
  totp_last_step: number;
  failures: number;
  locked_until: Date | null;
  barred: boolean;
  last_sign_in_at: Date | null;
  created_at: Date;
  external_id: string | null;
  suspended_why: SuspendedWhy | null;
  reinstated_at: Date | null;
  reviewed_at: Date | null;
  removed_at: Date | null;
};
type InvitationTable = { token_hash: Buffer; user_id: string | null; created_at: Date; expires_at: Date };

const tables = (tx: Tx) =>
  tx.withTables<{ 'identity.user': UserTable; 'identity.invitation': InvitationTable }>();
const json = (value: unknown) => sql<never>`${JSON.stringify(value)}::jsonb`;

export async function userById(tx: Tx, id: string): Promise<Account | undefined> {
  const row = await tables(tx)
    .selectFrom('identity.user')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** Held against other writers until the transaction ends. */
export async function lockUserByEmail(tx: Tx, email: string): Promise<Account | undefined> {
  const row = await tables(tx)
    .selectFrom('identity.user')
    .selectAll()
    .where(sql`lower(email)`, '=', emailKey(email))
    .where('removed_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  return row && fromRow(row);
}

export async function lockUser(tx: Tx, id: string): Promise<Account | undefined> {
  const row = await tables(tx)
    .selectFrom('identity.user')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row && fromRow(row);
}

/** @param organisations undefined: of the whole community */
export async function allUsers(tx: Tx, organisation: string | undefined): Promise<Account[]> {
  let query = tables(tx)
    .selectFrom('identity.user')
    .selectAll()
    .where('removed_at', 'is', null)
    .orderBy('created_at');
  if (organisation !== undefined) query = query.where('organisation_id', '=', organisation);
  return (await query.execute()).map(fromRow);
}

export async function anybodyActive(tx: Tx): Promise<boolean> {
  const row = await tables(tx)
    .selectFrom('identity.user')
    .select('id')
    .where('state', '=', 'active')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export async function insertUser(
  tx: Tx,
  user: Pick<Account, 'id' | 'name' | 'email' | 'organisation' | 'roles' | 'tenancies'>,
  now: Date,
): Promise<void> {
  await tables(tx)
    .insertInto('identity.user')
    .values({
      id: user.id,
      name: user.name,
      email: user.email.trim(),
      organisation_id: user.organisation,
      roles: json(user.roles),
      tenancies: json(user.tenancies),
      state: 'invited',
      password_hash: null,
      totp_sealed: null,
      totp_last_step: 0,
      failures: 0,
      locked_until: null,
      barred: false,
      last_sign_in_at: null,
      created_at: now,
    })
    .execute();
}

/** Puts a person at the start of enrolment: what was there before (password, secret) is gone. */
export async function startEnrolment(
  tx: Tx,
  id: string,
  set: { name: string; email: string; passwordHash: string; totpSealed: Buffer },
): Promise<void> {
  await tables(tx)
    .updateTable('identity.user')
    .set({
      name: set.name,
      email: set.email.trim(),
      state: 'enrolling',
      password_hash: set.passwordHash,
      totp_sealed: set.totpSealed,
      totp_last_step: 0,
    })
    .where('id', '=', id)
    .execute();
}

export async function activate(tx: Tx, id: string): Promise<void> {
  await tables(tx)
    .updateTable('identity.user')
    .set({ state: 'active', failures: 0, locked_until: null })
    .where('id', '=', id)
    .execute();
}

export async function setAttempts(tx: Tx, id: string, attempts: Attempts): Promise<void> {
  await tables(tx)
    .updateTable('identity.user')
    .set({ failures: attempts.failures, locked_until: attempts.lockedUntil })
    .where('id', '=', id)
    .execute();
}

/** @returns false when a code of this step, or a later one, was used before */
export async function useTotpStep(tx: Tx, id: string, step: number): Promise<boolean> {
  const result = await tables(tx)
    .updateTable('identity.user')
    .set({ totp_last_step: step })
    .where('id', '=', id)
    .where('totp_last_step', '<', step)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function noteSignIn(tx: Tx, id: string, at: Date): Promise<void> {
  await tables(tx)
    .updateTable('identity.user')
    .set({ last_sign_in_at: at, failures: 0, locked_until: null })
    .where('id', '=', id)
    .execute();
}

/** What may be changed of an account that stands; what is left out stays. */
export type AccountChange = Partial<
  Pick<
    Account,
    | 'name'
    | 'email'
    | 'roles'
    | 'tenancies'
    | 'barred'
    | 'externalId'
    | 'suspendedWhy'
    | 'reinstatedAt'
    | 'reviewedAt'
    | 'removedAt'
  >
>;

export async function changeUser(tx: Tx, id: string, change: AccountChange): Promise<void> {
  const set = {
    ...(change.name !== undefined && { name: change.name }),
    ...(change.email !== undefined && { email: change.email.trim() }),
    ...(change.roles && { roles: json(change.roles) }),
    ...(change.tenancies && { tenancies: json(change.tenancies) }),
    ...(change.barred !== undefined && { barred: change.barred }),
    ...(change.externalId !== undefined && { external_id: change.externalId }),
    ...(change.suspendedWhy !== undefined && { suspended_why: change.suspendedWhy }),
    ...(change.reinstatedAt !== undefined && { reinstated_at: change.reinstatedAt }),
    ...(change.reviewedAt !== undefined && { reviewed_at: change.reviewedAt }),
    ...(change.removedAt !== undefined && { removed_at: change.removedAt }),
  };
  if (Object.keys(set).length === 0) return;
  await tables(tx).updateTable('identity.user').set(set).where('id', '=', id).execute();
}

/** The first administrator, and whoever was added before there was a provider, become the provider's. */
export async function adoptStrays(tx: Tx, organisation: string): Promise<void> {
  await tables(tx)
    .updateTable('identity.user')
    .set({ organisation_id: organisation })
    .where('organisation_id', 'is', null)
    .execute();
}

/** Who began to become the first administrator and did not finish. */
export async function dropUnfinishedFounders(tx: Tx): Promise<void> {
  await tables(tx)
    .deleteFrom('identity.user')
    .where('organisation_id', 'is', null)
    .where('state', '!=', 'active')
    .execute();
}

export type Invitation = { readonly userId: string | null; readonly expiresAt: Date };

/** One link a person: a new one takes the place of the one before. */
export async function replaceInvitation(
  tx: Tx,
  invitation: { tokenHash: Buffer; userId: string | null; now: Date; expiresAt: Date },
): Promise<void> {
  await tables(tx)
    .deleteFrom('identity.invitation')
    .where('user_id', invitation.userId === null ? 'is' : '=', invitation.userId)
    .execute();
  await tables(tx)
    .insertInto('identity.invitation')
    .values({
      token_hash: invitation.tokenHash,
      user_id: invitation.userId,
      created_at: invitation.now,
      expires_at: invitation.expiresAt,
    })
    .execute();
}

export async function invitationOf(tx: Tx, tokenHash: Buffer): Promise<Invitation | undefined> {
  const row = await tables(tx)
    .selectFrom('identity.invitation')
    .select(['user_id', 'expires_at'])
    .where('token_hash', '=', tokenHash)
    .forUpdate()
    .executeTakeFirst();
  return row && { userId: row.user_id, expiresAt: row.expires_at };
}

/** A link that was to make somebody now belongs to whom it made. */
export async function bindInvitation(tx: Tx, tokenHash: Buffer, userId: string): Promise<void> {
  await tables(tx)
    .updateTable('identity.invitation')
    .set({ user_id: userId })
    .where('token_hash', '=', tokenHash)
    .execute();
}

export async function dropInvitation(tx: Tx, tokenHash: Buffer): Promise<void> {
  await tables(tx).deleteFrom('identity.invitation').where('token_hash', '=', tokenHash).execute();
}

function fromRow(row: UserTable): Account {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    organisation: row.organisation_id,
    roles: row.roles,
    tenancies: row.tenancies,
    state: row.state,
    passwordHash: row.password_hash,
    totpSealed: row.totp_sealed,
    totpLastStep: row.totp_last_step,
    failures: row.failures,
    lockedUntil: row.locked_until,
    barred: row.barred,
    lastSignInAt: row.last_sign_in_at,
    createdAt: row.created_at,
    externalId: row.external_id,
    suspendedWhy: row.suspended_why,
    reinstatedAt: row.reinstated_at,
    reviewedAt: row.reviewed_at,
    removedAt: row.removed_at,
  };
}
