import { systemAccess } from '#platform/scope';
import type { z } from 'zod';
import type { passwordSignIn } from './contract.ts';
import { type IdentityDeps, userActor } from './deps.ts';
import { SignInRefused } from './errors.ts';
import { afterAttempt, isLocked } from './lock.ts';
import { type Opened, openSession } from './sessions.ts';
import { lockUserByEmail, noteSignIn, setAttempts, userById, useTotpStep } from './store-users.ts';
import { totpStep } from './totp.ts';
import { type Account, mayUse } from './user.ts';

const access = systemAccess('sign in');

/**
 * Password and code together; one answer for whatever is wrong, in the same time.
 * The attempt is counted before it is checked, and the password is hashed outside any transaction.
 * @throws {SignInRefused} {Busy}
 */
export async function signInWithPassword(
  deps: IdentityDeps,
  given: z.infer<typeof passwordSignIn>,
): Promise<Opened> {
  const counted = await countAttempt(deps, given.email);
  const rightPassword = await deps.passwords.verify(given.password, counted?.passwordHash ?? undefined);
  const step = counted && codeStep(deps, counted, given.code);
  const opened = counted && rightPassword && step !== undefined ? await open(deps, counted, step) : undefined;
  if (opened !== undefined) return opened;
  if (counted !== undefined) await noteRefusal(deps, counted);
  throw new SignInRefused();
}

/** @returns the account as it is with this attempt counted; undefined for those who can't sign in whatever they give */
function countAttempt(deps: IdentityDeps, email: string): Promise<Account | undefined> {
  return deps.records.transaction(access, async (tx) => {
    const account = await lockUserByEmail(tx, email);
    const now = deps.clock.now();
    if (account === undefined || !mayUse(account) || isLocked(account, now)) return undefined;
    const attempts = afterAttempt(account, now);
    await setAttempts(tx, account.id, attempts);
    return { ...account, ...attempts };
  });
}

function codeStep(deps: IdentityDeps, account: Account, code: string): number | undefined {
  if (account.totpSealed === null) return undefined;
  return totpStep(deps.sealer.open(account.totpSealed, account.id), code, deps.clock.now());
}

function open(deps: IdentityDeps, account: Account, step: number): Promise<Opened | undefined> {
  return deps.records.transaction(access, async (tx) => {
    // Looked up again: an administrator may have barred the account while the password was hashed.
    const current = await userById(tx, account.id);
    if (current === undefined || !mayUse(current)) return undefined;
    if (!(await useTotpStep(tx, account.id, step))) return undefined;
    await noteSignIn(tx, account.id, deps.clock.now());
    const opened = await openSession(deps, tx, current, { method: 'password and code' });
    await deps.ledger.record(tx, {
      actor: userActor(current),
      action: 'session.opened',
      subject: `user/${current.id}`,
      facts: { with: 'password and code' },
    });
    return opened;
  });
}

/** At most five entries for each lock: strangers can't fill the ledger. */
async function noteRefusal(deps: IdentityDeps, account: Account): Promise<void> {
  const locked = account.lockedUntil;
  await deps.records.transaction(access, (tx) =>
    deps.ledger.record(tx, {
      actor: userActor(account),
      action: locked ? 'user.locked' : 'session.refused',
      subject: `user/${account.id}`,
      facts: { failures: account.failures, lockedUntil: locked?.toISOString() ?? null },
    }),
  );
}
