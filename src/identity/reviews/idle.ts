import type { SuspendedWhy } from '../contract.ts';
import type { Account } from '../user.ts';

const day = 24 * 60 * 60 * 1000;
/** SOURCE: ISM-1648 (privileged) and ISM-1404 (unprivileged): access ends after 45 days without use. */
export const idleDays = 45;
/** SOURCE: ISM-1647: privileged access ends after 12 months unless it is confirmed again. */
export const unreviewedDays = 365;

type Dates = Pick<
  Account,
  'barred' | 'removedAt' | 'createdAt' | 'lastSignInAt' | 'reinstatedAt' | 'reviewedAt'
>;

/**
 * Why an account is to be suspended now; undefined while it may go on. A sign-in, or somebody letting the account in
 * again, starts the idle time anew; only a review starts the year anew.
 */
export function overdue(account: Dates, now: Date): Extract<SuspendedWhy, 'idle' | 'unreviewed'> | undefined {
  if (account.barred || account.removedAt !== null) return undefined;
  const since = (...dates: (Date | null)[]) => Math.max(...dates.map((date) => date?.getTime() ?? 0));
  const { createdAt, lastSignInAt, reinstatedAt, reviewedAt } = account;
  if (now.getTime() - since(createdAt, reviewedAt) >= unreviewedDays * day) return 'unreviewed';
  if (now.getTime() - since(createdAt, lastSignInAt, reinstatedAt) >= idleDays * day) return 'idle';
  return undefined;
}
