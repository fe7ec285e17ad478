import { Conflict, Invalid, NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { z } from 'zod';
import { suspend } from '../account-end.ts';
import type { Actor } from '../actor.ts';
import { breakGlassAccounts } from '../break-glass/store.ts';
import { type IdentityDeps, later } from '../deps.ts';
import { allUsers, changeUser, lockUser, userById } from '../store-users.ts';
import type { Account } from '../user.ts';
import type { newReview, Review, ReviewDetail, reviewDecisions } from './contract.ts';
import { overdue } from './idle.ts';
import {
  closeReview,
  decideItem,
  insertReview,
  itemsOf,
  reviewById,
  reviews,
  reviewsOverdue,
  type StoredItem,
  type StoredReview,
} from './store.ts';

const access = systemAccess('review access');
const daySeconds = 24 * 60 * 60;
const rule = { kind: 'system', id: 'system', name: 'access review' } as const;

/** The provider sees every campaign, others those of their organisation. */
export function listReviews(deps: IdentityDeps, actor: Actor): Promise<Review[]> {
  return deps.records.transaction(access, async (tx) => {
    const found = await reviews(tx, actor.ofProvider ? undefined : actor.organisation);
    return Promise.all(found.map(async (review) => shown(review, await itemsOf(tx, review.id))));
  });
}

/** @throws {NotFound} */
export function showReview(deps: IdentityDeps, actor: Actor, id: string): Promise<ReviewDetail> {
  return deps.records.transaction(access, async (tx) => detail(tx, actor, await visible(tx, actor, id)));
}

/** Puts every account of an organisation, or of the community, before those who decide. @throws {NotFound} {Invalid} */
export function startReview(
  deps: IdentityDeps,
  actor: Actor,
  given: z.infer<typeof newReview>,
): Promise<ReviewDetail> {
  return deps.records.transaction(access, async (tx) => {
    const organisation = actor.ofProvider ? given.organisation : actor.organisation;
    const facts = await deps.directory.facts(tx);
    if (organisation !== null && !facts.organisations.has(organisation))
      throw new NotFound('organisation', organisation);
    const accounts = (await allUsers(tx, organisation ?? undefined)).filter(({ barred }) => !barred);
    if (accounts.length === 0) throw new Invalid('There is no account that could be reviewed.');
    const now = deps.clock.now();
    const review: StoredReview = {
      id: deps.ids.uuid(),
      name: given.name,
      organisation,
      startedBy: actor.name,
      startedAt: now,
      dueAt: later(now, given.days * daySeconds),
      closedAt: null,
    };
    await insertReview(
      tx,
      review,
      accounts.map(({ id, roles }) => ({ userId: id, roles })),
    );
    await deps.ledger.record(tx, {
      actor,
      action: 'review.started',
      subject: `review/${review.id}`,
      facts: { organisation, accounts: accounts.length, dueAt: review.dueAt.toISOString() },
    });
    return detail(tx, actor, review);
  });
}

/**
 * `keep` confirms the account for another year; `remove` suspends it at once.
 * @throws {NotFound} {Conflict} when it is closed {Invalid} for the own account: nobody confirms themselves
 */
export function decide(
  deps: IdentityDeps,
  actor: Actor,
  id: string,
  given: z.infer<typeof reviewDecisions>,
): Promise<ReviewDetail> {
  return deps.records.transaction(access, async (tx) => {
    const review = await visible(tx, actor, id);
    if (review.closedAt !== null) throw new Conflict('This review is closed. Start a new one.');
    if (given.users.includes(actor.id))
      throw new Invalid('Nobody decides about the own account. Ask a colleague to decide about yours.');
    const items = new Set((await itemsOf(tx, id)).map(({ userId }) => userId));
    const now = deps.clock.now();
    for (const userId of new Set(given.users)) {
      const account = items.has(userId) ? await lockUser(tx, userId) : undefined;
      if (account === undefined) throw new NotFound('user', userId);
      await decideItem(tx, id, userId, { ...given, by: actor.name, at: now });
      if (given.decision === 'keep') await changeUser(tx, userId, { reviewedAt: now });
      else if (!account.barred) await suspend(deps, tx, actor, account, 'review');
      await deps.ledger.record(tx, {
        actor,
        action: given.decision === 'keep' ? 'review.kept' : 'review.removed',
        subject: `user/${userId}`,
        facts: { review: id, reason: given.reason },
      });
    }
    return detail(tx, actor, review);
  });
}

/** Whoever nobody spoke for is suspended. @throws {NotFound} {Conflict} */
export function endReview(deps: IdentityDeps, actor: Actor, id: string): Promise<ReviewDetail> {
  return deps.records.transaction(access, async (tx) => {
    const review = await visible(tx, actor, id);
    if (review.closedAt !== null) throw new Conflict('This review is closed already.');
    await close(deps, tx, actor, review);
    return detail(tx, actor, { ...review, closedAt: deps.clock.now() });
  });
}

/**
 * What runs by itself: closes the campaigns that are due, and suspends accounts that were not used for 45 days or not
 * confirmed for a year. The last administrator is not spared: whoever has the machine lets an account in again
 * (`ironbark user unlock`).
 * @returns how many accounts were suspended
 */
export function sweepAccounts(deps: IdentityDeps): Promise<number> {
  return deps.records.transaction(access, async (tx) => {
    const now = deps.clock.now();
    let suspended = 0;
    for (const review of await reviewsOverdue(tx, now)) suspended += await close(deps, tx, rule, review);
    // Not being used is the lot of break-glass accounts.
    const glass = new Set((await breakGlassAccounts(tx)).map(({ userId }) => userId));
    for (const account of await allUsers(tx, undefined)) {
      const why = overdue(account, now);
      if (why === undefined || (why === 'idle' && glass.has(account.id))) continue;
      await suspend(deps, tx, rule, account, why);
      suspended++;
    }
    return suspended;
  });
}

async function close(
  deps: IdentityDeps,
  tx: Tx,
  by: Pick<Actor, 'kind' | 'id' | 'name'>,
  review: StoredReview,
): Promise<number> {
  let suspended = 0;
  for (const item of await itemsOf(tx, review.id)) {
    const account = item.decision === null ? await lockUser(tx, item.userId) : undefined;
    if (account === undefined || account.barred) continue;
    await suspend(deps, tx, by, account, 'unreviewed');
    suspended++;
  }
  await closeReview(tx, review.id, deps.clock.now());
  await deps.ledger.record(tx, {
    actor: by,
    action: 'review.closed',
    subject: `review/${review.id}`,
    facts: { suspended },
  });
  return suspended;
}

async function visible(tx: Tx, actor: Actor, id: string): Promise<StoredReview> {
  const review = await reviewById(tx, id);
  if (review === undefined || !(actor.ofProvider || review.organisation === actor.organisation))
    throw new NotFound('review', id);
  return review;
}

async function detail(tx: Tx, actor: Actor, review: StoredReview): Promise<ReviewDetail> {
  const items = await itemsOf(tx, review.id);
  const accounts = await Promise.all(items.map(({ userId }) => userById(tx, userId)));
  return {
    review: shown(review, items),
    items: items.flatMap((item, n) => {
      const account = accounts[n];
      return account === undefined ? [] : [shownItem(item, account, actor)];
    }),
  };
}

const shownItem = (item: StoredItem, account: Account, actor: Actor) => ({
  user: item.userId,
  name: account.name,
  email: account.email,
  organisation: account.organisation ?? '',
  roles: [...item.roles],
  lastSignInAt: account.lastSignInAt?.toISOString() ?? null,
  suspendedWhy: account.suspendedWhy,
  decision: item.decision,
  reason: item.reason,
  decidedBy: item.decidedBy,
  decidedAt: item.decidedAt?.toISOString() ?? null,
  own: item.userId === actor.id,
});

const shown = (review: StoredReview, items: readonly StoredItem[]): Review => ({
  id: review.id,
  name: review.name,
  organisation: review.organisation,
  startedBy: review.startedBy,
  startedAt: review.startedAt.toISOString(),
  dueAt: review.dueAt.toISOString(),
  closedAt: review.closedAt?.toISOString() ?? null,
  accounts: items.length,
  decided: items.filter(({ decision }) => decision !== null).length,
});
