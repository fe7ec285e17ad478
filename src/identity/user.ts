import type { Role, SuspendedWhy, User } from './contract.ts';
import { isLocked } from './lock.ts';

/** A person with an account, as the store keeps it. */
export type Account = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly organisation: string | null;
  readonly roles: readonly Role[];
  readonly tenancies: readonly string[];
  readonly state: 'invited' | 'enrolling' | 'active';
  readonly passwordHash: string | null;
  readonly totpSealed: Buffer | null;
  readonly totpLastStep: number;
  readonly failures: number;
  readonly lockedUntil: Date | null;
  readonly barred: boolean;
  readonly lastSignInAt: Date | null;
  readonly createdAt: Date;
  /** The id by which a provisioning system knows the person. */
  readonly externalId: string | null;
  /** Why the account is barred; null where an administrator barred it by hand, or nobody did. */
  readonly suspendedWhy: SuspendedWhy | null;
  readonly reinstatedAt: Date | null;
  readonly reviewedAt: Date | null;
  /** Kept for the ledger's sake; in all else the account is gone, and barred. */
  readonly removedAt: Date | null;
};

/** Addresses differ in case and mean the same. */
export const emailKey = (email: string): string => email.trim().toLowerCase();

export const mayUse = (account: Pick<Account, 'state' | 'barred'>): boolean =>
  account.state === 'active' && !account.barred;

export function shownUser(account: Account, now: Date): User {
  return {
    id: account.id,
    name: account.name,
    email: account.email,
    roles: [...account.roles],
    organisation: account.organisation ?? '',
    tenancies: [...account.tenancies],
    locked: account.barred || isLocked(account, now),
    lastSignInAt: account.lastSignInAt?.toISOString() ?? null,
    suspendedWhy: account.suspendedWhy,
    reviewedAt: account.reviewedAt?.toISOString() ?? null,
  };
}
