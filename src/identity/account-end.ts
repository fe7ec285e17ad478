import type { Tx } from '#platform/records';
import type { Actor } from './actor.ts';
import type { SuspendedWhy } from './contract.ts';
import type { IdentityDeps } from './deps.ts';
import { dropPasskeysOf, dropSessionsOf } from './store-sessions.ts';
import { changeUser } from './store-users.ts';
import type { Account } from './user.ts';

/** Who makes a change: an actor, or the rule that runs by itself. */
type By = Pick<Actor, 'kind' | 'id' | 'name'>;

/**
 * Bars an account and ends its sessions, in the caller's transaction: the next request of the person, or of a token they
 * own, is refused.
 */
export async function suspend(
  deps: IdentityDeps,
  tx: Tx,
  by: By,
  account: Account,
  why: SuspendedWhy,
): Promise<void> {
  await changeUser(tx, account.id, { barred: true, suspendedWhy: why });
  await dropSessionsOf(tx, account.id);
  await deps.ledger.record(tx, {
    actor: by,
    action: 'user.suspended',
    subject: `user/${account.id}`,
    facts: { why },
  });
}

/** The account is gone: its address is free for another, and what it did stays in the ledger. */
export async function remove(deps: IdentityDeps, tx: Tx, by: By, account: Account): Promise<void> {
  await changeUser(tx, account.id, {
    barred: true,
    suspendedWhy: 'deprovisioned',
    removedAt: deps.clock.now(),
  });
  await dropSessionsOf(tx, account.id);
  await dropPasskeysOf(tx, account.id);
  await deps.ledger.record(tx, {
    actor: by,
    action: 'user.removed',
    subject: `user/${account.id}`,
    facts: {},
  });
}
