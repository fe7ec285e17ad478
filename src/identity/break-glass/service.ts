import { Conflict, NotAllowed, NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { z } from 'zod';
import type { Actor } from '../actor.ts';
import { type IdentityDeps, userActor } from '../deps.ts';
import { SignInRefused } from '../errors.ts';
import { afterAttempt, isLocked } from '../lock.ts';
import { type Opened, openSession } from '../sessions.ts';
import { activate, insertUser, lockUserByEmail, noteSignIn, userById } from '../store-users.ts';
import { type Account, mayUse } from '../user.ts';
import type { BreakGlassView, breakGlassHalf, breakGlassSignIn, newBreakGlass } from './contract.ts';
import {
  breakGlassAccounts,
  breakGlassOf,
  insertUse,
  putBreakGlass,
  reviewUse,
  type StoredBreakGlass,
  type StoredUse,
  uses,
} from './store.ts';

const access = systemAccess('break glass');
/** 32 characters a half; ISM-1795 asks for 30 in all. */
const halfBytes = 24;
const sessionSeconds = 60 * 60;
const reviewWorkingDays = 2;

export function breakGlassView(deps: IdentityDeps): Promise<BreakGlassView> {
  return deps.records.transaction(access, async (tx) => {
    const found = await uses(tx);
    const accounts = await Promise.all(
      (await breakGlassAccounts(tx)).map(async (stored) => {
        const account = await userById(tx, stored.userId);
        return account === undefined || account.removedAt !== null ? [] : [shown(account, stored, found)];
      }),
    );
    return { accounts: accounts.flat(), uses: found.map(shownUse) };
  });
}

type Half = z.infer<typeof breakGlassHalf>;

/** Makes the account, and the first half of its secret for who makes it. @throws {Conflict} {NotAllowed} */
export function addBreakGlass(
  deps: IdentityDeps,
  actor: Actor,
  given: z.infer<typeof newBreakGlass>,
): Promise<Half> {
  inPerson(actor);
  return withNewHalf(deps, async (tx) => {
    if (await lockUserByEmail(tx, given.email))
      throw new Conflict('There is an account with this e-mail address already.');
    const { provider } = await deps.directory.facts(tx);
    const user = {
      ...given,
      id: deps.ids.uuid(),
      organisation: provider?.id ?? null,
      roles: ['administrator'] as const,
      tenancies: [],
    };
    const now = deps.clock.now();
    await insertUser(tx, user, now);
    // It has neither password nor passkey: only its two halves open it.
    await activate(tx, user.id);
    await deps.ledger.record(tx, {
      actor,
      action: 'break-glass.added',
      subject: `user/${user.id}`,
      facts: { email: given.email },
    });
    return { actor, userId: user.id };
  });
}

/**
 * The other half, for another administrator; or, when the account was used or both halves are made, a new first half:
 * the old ones are good no more.
 * @throws {NotFound} {Conflict} when the same administrator asks for both halves
 */
export function makeHalf(deps: IdentityDeps, actor: Actor, userId: string): Promise<Half> {
  inPerson(actor);
  return withNewHalf(deps, async () => ({ actor, userId }));
}

async function withNewHalf(
  deps: IdentityDeps,
  prepare: (tx: Tx) => Promise<{ actor: Actor; userId: string }>,
): Promise<Half> {
  const secret = deps.ids.secret(halfBytes);
  // Costly, so outside the transaction.
  const hash = await deps.passwords.hash(secret);
  return deps.records.transaction(access, async (tx) => {
    const { actor, userId } = await prepare(tx);
    const account = await userById(tx, userId);
    const before = await breakGlassOf(tx, userId);
    const isNew = before === undefined;
    if (account === undefined || account.removedAt !== null || (isNew && account.lastSignInAt !== null))
      throw new NotFound('break-glass account', userId);
    const now = deps.clock.now();
    const completes = before !== undefined && stateOf(before) === 'half';
    if (completes && before.halfAHolder === actor.id)
      throw new Conflict('You hold the first half. Another administrator makes the second.');
    const after: StoredBreakGlass = completes
      ? { ...before, halfBHash: hash, halfBHolder: actor.id, madeAt: now }
      : {
          userId,
          halfAHash: hash,
          halfAHolder: actor.id,
          halfBHash: null,
          halfBHolder: null,
          failures: 0,
          lockedUntil: null,
          spentAt: null,
          madeAt: now,
        };
    await putBreakGlass(tx, after);
    const half = completes ? 'second' : 'first';
    await deps.ledger.record(tx, {
      actor,
      action: 'break-glass.half-made',
      subject: `user/${userId}`,
      facts: { half },
    });
    return { account: shown(account, after, await uses(tx)), half, secret };
  });
}

/**
 * Both halves and a reason open a session of an hour; the halves are spent, and the use is to be reviewed in two working
 * days. As a test, they are checked and stay good.
 * @throws {SignInRefused} one answer for whatever is wrong {Busy}
 */
export async function signInByBreakingGlass(
  deps: IdentityDeps,
  given: z.infer<typeof breakGlassSignIn>,
  test: boolean,
): Promise<Opened | undefined> {
  const held = await countAttempt(deps, given.email);
  // Both are checked, so that the time says nothing about which was wrong.
  const first = await deps.passwords.verify(given.first, held?.stored.halfAHash ?? undefined);
  const second = await deps.passwords.verify(given.second, held?.stored.halfBHash ?? undefined);
  if (held === undefined || !first || !second) {
    if (held !== undefined) await noteRefusal(deps, held.account);
    throw new SignInRefused();
  }
  return deps.records.transaction(access, async (tx) => {
    const stored = await breakGlassOf(tx, held.account.id);
    const account = await userById(tx, held.account.id);
    const same = stored?.halfAHash === held.stored.halfAHash && stored?.halfBHash === held.stored.halfBHash;
    if (stored === undefined || account === undefined || !same || stored.spentAt !== null || !mayUse(account))
      throw new SignInRefused();
    const now = deps.clock.now();
    await putBreakGlass(tx, { ...stored, failures: 0, lockedUntil: null, spentAt: test ? null : now });
    await insertUse(tx, {
      id: deps.ids.uuid(),
      userId: account.id,
      reason: given.reason,
      at: now,
      test,
      reviewDueAt: afterWorkingDays(now, reviewWorkingDays),
      reviewedBy: null,
      reviewedAt: null,
      outcome: null,
    });
    await deps.ledger.record(tx, {
      actor: userActor(account),
      action: test ? 'break-glass.tested' : 'break-glass.used',
      subject: `user/${account.id}`,
      facts: { reason: given.reason, holders: [stored.halfAHolder, stored.halfBHolder] },
    });
    if (test) return undefined;
    await noteSignIn(tx, account.id, now);
    return openSession(deps, tx, account, { method: 'break glass', seconds: sessionSeconds });
  });
}

/** What came of a use: looked at by somebody with their own account. @throws {NotFound} {NotAllowed} */
export function reviewBreakGlass(
  deps: IdentityDeps,
  actor: Actor,
  id: string,
  outcome: string,
): Promise<BreakGlassView> {
  inPerson(actor);
  return deps.records
    .transaction(access, async (tx) => {
      const used = (await uses(tx)).find((use) => use.id === id);
      if (used?.userId === actor.id)
        throw new NotAllowed('an account of your own, to review a break-glass use');
      if (used === undefined || !(await reviewUse(tx, id, { by: actor.name, at: deps.clock.now(), outcome })))
        throw new NotFound('break-glass use without a review', id);
      await deps.ledger.record(tx, {
        actor,
        action: 'break-glass.reviewed',
        subject: `user/${used.userId}`,
        facts: { use: id, outcome },
      });
    })
    .then(() => breakGlassView(deps));
}

function countAttempt(
  deps: IdentityDeps,
  email: string,
): Promise<{ account: Account; stored: StoredBreakGlass } | undefined> {
  return deps.records.transaction(access, async (tx) => {
    const account = await lockUserByEmail(tx, email);
    const stored = account && (await breakGlassOf(tx, account.id));
    const now = deps.clock.now();
    if (stored === undefined || account === undefined || !mayUse(account) || isLocked(stored, now))
      return undefined;
    if (stateOf(stored) !== 'ready') return undefined;
    const counted = { ...stored, ...afterAttempt(stored, now) };
    await putBreakGlass(tx, counted);
    return { account, stored: counted };
  });
}

async function noteRefusal(deps: IdentityDeps, account: Account): Promise<void> {
  await deps.records.transaction(access, (tx) =>
    deps.ledger.record(tx, {
      actor: userActor(account),
      action: 'break-glass.refused',
      subject: `user/${account.id}`,
      facts: {},
    }),
  );
}

/** A secret that is shown once is shown to a person. */
function inPerson(actor: Actor): void {
  if (actor.kind !== 'user') throw new NotAllowed('user.manage in person');
}

function stateOf({ halfAHash, halfBHash, spentAt }: StoredBreakGlass): 'none' | 'half' | 'ready' | 'spent' {
  if (spentAt !== null) return 'spent';
  if (halfAHash === null) return 'none';
  return halfBHash === null ? 'half' : 'ready';
}

function shown(account: Account, stored: StoredBreakGlass, found: readonly StoredUse[]) {
  return {
    user: account.id,
    name: account.name,
    email: account.email,
    state: stateOf(stored),
    holders: [stored.halfAHolder, stored.halfBHolder].filter((holder) => holder !== null),
    tested: found.some((use) => use.userId === account.id && use.test && use.at >= stored.madeAt),
  };
}

const shownUse = (use: StoredUse) => ({
  id: use.id,
  user: use.userId,
  at: use.at.toISOString(),
  reason: use.reason,
  test: use.test,
  reviewDueAt: use.reviewDueAt.toISOString(),
  reviewedBy: use.reviewedBy,
  outcome: use.outcome,
});

/** Monday to Friday, at the same time of day; public holidays count as working days, so a review is never due late. */
export function afterWorkingDays(from: Date, days: number): Date {
  const at = new Date(from);
  for (let left = days; left > 0; ) {
    at.setUTCDate(at.getUTCDate() + 1);
    if (at.getUTCDay() !== 0 && at.getUTCDay() !== 6) left--;
  }
  return at;
}
