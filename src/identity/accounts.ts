import type { Tx } from '#platform/records';
import { LastAdministrator } from './errors.ts';
import { dropSessionsOf, factorsByUser } from './store-sessions.ts';
import { allUsers, changeUser, lockUser, lockUserByEmail, userById } from './store-users.ts';
import { mayUse } from './user.ts';
import { administratorLeft } from './users.ts';

/** An account, for those who keep more about the person than we do. */
export type AccountSummary = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly organisation: string | null;
  /** It can be signed in with. */
  readonly usable: boolean;
};

/** Undefined for the machine's administrator too: nobody's account. */
export async function accountById(tx: Tx, id: string): Promise<AccountSummary | undefined> {
  const account = await userById(tx, id);
  return account && summary(account);
}

export async function accountByEmail(tx: Tx, email: string): Promise<AccountSummary | undefined> {
  const account = await lockUserByEmail(tx, email);
  return account && summary(account);
}

/**
 * From the end of the transaction on the account opens nothing: its sessions are gone and its tokens are refused.
 * The caller records why. @throws {LastAdministrator}
 */
export async function lockOut(tx: Tx, id: string): Promise<void> {
  const account = await lockUser(tx, id);
  if (account === undefined) return;
  await changeUser(tx, id, { barred: true });
  await dropSessionsOf(tx, id);
  if (account.roles.includes('administrator') && !(await administratorLeft(tx)))
    throw new LastAdministrator();
}

function summary(account: NonNullable<Awaited<ReturnType<typeof userById>>>): AccountSummary {
  const { id, name, email, organisation } = account;
  return { id, name, email, organisation, usable: mayUse(account) };
}

/** How an account is used, for who decides by it. */
export type AccountUse = {
  readonly id: string;
  readonly roles: readonly string[];
  readonly usable: boolean;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly reviewedAt: Date | null;
};

/** @param ids undefined: of everybody. Accounts that are gone are not among them */
export async function accountUses(tx: Tx, ids?: readonly string[]): Promise<AccountUse[]> {
  const accounts =
    ids === undefined
      ? await allUsers(tx, undefined)
      : (await Promise.all(ids.map((id) => userById(tx, id)))).filter((one) => one !== undefined);
  return accounts
    .filter(({ removedAt }) => removedAt === null)
    .map((account) => ({
      id: account.id,
      roles: account.roles,
      usable: mayUse(account),
      createdAt: account.createdAt,
      lastUsedAt: latest(account.lastSignInAt, account.reinstatedAt),
      reviewedAt: account.reviewedAt,
    }));
}

const latest = (a: Date | null, b: Date | null): Date | null => (a === null || (b !== null && b > a) ? b : a);

/** What an account can be signed in with beside a password. */
export type AccountFactors = { readonly passkey: boolean; readonly code: boolean; readonly issuer: boolean };

/** By account; those without any are left out. */
export const accountFactors: (tx: Tx) => Promise<ReadonlyMap<string, AccountFactors>> = factorsByUser;
