import { canonical } from '#ledger';
import type { Actor } from '#identity';
import { Invalid, NotFound } from '#platform/errors';
import { covers, tenancyId } from '#platform/scope';
import type { z } from 'zod';
import { access, keep, lockedSession, personOf, stepped, system, tell } from './change.ts';
import type { newSession } from './contract.ts';
import type { SupportDeps } from './deps.ts';
import { MayNotApprove } from './errors.ts';
import { tellOfficers } from './notices.ts';
import { maxMinutes, unusedHours } from './session.ts';
import { insertSession, standingOf } from './store.ts';
import { minutesLater, type Person, type Session, sha256 } from './support.ts';

type Request = z.output<typeof newSession>;

/**
 * Asks for a session. Nothing is open by it: both sides have yet to approve.
 * Break glass where a standing approval of the customer's is in force takes that for the customer's; both security
 * officers are told at once, in the same transaction.
 *
 * @throws {NotFound} for a tenancy outside the scope @throws {Invalid}
 */
export async function requestSession(deps: SupportDeps, actor: Actor, given: Request): Promise<Session> {
  const { scope } = actor;
  if (!covers(scope, tenancyId(given.tenancy))) throw new NotFound('tenancy', given.tenancy);
  if (given.minutes > maxMinutes[given.kind])
    throw new Invalid(`A ${given.kind} session lasts at most ${maxMinutes[given.kind]} minutes.`);
  if (new Set(given.systems.map(({ name }) => name)).size < given.systems.length)
    throw new Invalid('Give each system a name of its own.');
  return deps.records.transaction(scope, async (tx) => {
    const facts = await deps.directory.facts(tx);
    const tenancy = facts.tenancies.find(({ id }) => id === given.tenancy);
    if (tenancy === undefined || facts.provider === null) throw new NotFound('tenancy', given.tenancy);
    if (tenancy.internal)
      throw new Invalid(
        "This is the provider's own network: remote support sessions are for customers' tenancies.",
      );
    const named = new Map((await deps.people.engineers(tx)).map((person) => [person.id, person.name]));
    const engineers: Person[] = [];
    for (const user of new Set(given.engineers)) {
      const name = named.get(user);
      if (name === undefined) throw new Invalid(`"${user}" is not one of the provider's support engineers.`);
      engineers.push({ user, person: await deps.people.personOf(tx, user), name });
    }
    const now = deps.clock.now();
    const requester = await personOf(deps, tx, actor);
    if (given.kind === 'break-glass' && engineers.some(({ user }) => user === requester.user))
      throw new Invalid('Who declares break glass does not use it: name another engineer.');
    const id = deps.ids.uuid();
    const record = canonical({
      type: 'ironbark.support-request.v1',
      id,
      kind: given.kind,
      tenancy: tenancy.id,
      organisation: tenancy.organisation,
      environment: tenancy.environment,
      reason: given.reason,
      ticket: given.ticket,
      minutes: given.minutes,
      systems: given.systems,
      engineers: engineers.map(({ user, name }) => ({ user, name })),
      requester: { user: requester.user, name: requester.name },
      recordInput: given.recordInput,
      requestedAt: now.toISOString(),
    });
    const standing =
      given.kind === 'break-glass'
        ? (await standingOf(tx, [tenancy.id])).find((one) => one.withdrawnAt === null && now < one.expiresAt)
        : undefined;
    const session: Session = {
      id,
      tenancy: tenancy.id,
      kind: given.kind,
      // INVARIANT: without the customer's signature, given now or beforehand, it does not get past here.
      state: standing === undefined ? 'requested' : 'customer-approved',
      record,
      digest: sha256(record).toString('hex'),
      organisation: tenancy.organisation,
      environment: tenancy.environment,
      reason: given.reason,
      ticket: given.ticket,
      minutes: given.minutes,
      systems: given.systems,
      recordInput: given.recordInput,
      requester,
      engineers,
      customerApproval:
        standing === undefined ? null : { ...standing.approval, at: now, standing: standing.id },
      providerApproval: null,
      requestedAt: now,
      expiresAt: minutesLater(now, unusedHours * 60),
      startedAt: null,
      startedBy: null,
      endsAt: null,
      endedAt: null,
      end: null,
      summary: null,
      countersignature: null,
      reviewDueAt: null,
      reviewedAt: null,
      review: null,
    };
    await insertSession(tx, session);
    if (session.kind === 'break-glass')
      await tellOfficers(
        deps,
        tx,
        session,
        facts.provider.id,
        `asked for by ${requester.name}: ${given.reason}`,
      );
    await tell(deps, tx, session, {
      actor,
      action: 'support.requested',
      facts: {
        kind: session.kind,
        digest: session.digest,
        minutes: session.minutes,
        engineers: engineers.map(({ name }) => name),
        systems: given.systems.map(({ name }) => name),
        standing: standing?.id ?? null,
      },
    });
    return session;
  });
}

/** By who asked for it, or for the provider. @throws {SupportStep} */
export function cancelSession(deps: SupportDeps, actor: Actor, id: string): Promise<Session> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const session = await lockedSession(tx, id, actor.scope);
    if (!actor.ofProvider)
      throw new MayNotApprove('Only the provider can take back what it asked for. Refuse it instead.');
    const state = stepped(session, 'cancel');
    return keep(deps, tx, { ...session, state }, { actor, action: 'support.cancelled', facts: {} });
  });
}

/** What nobody used in time is worth nothing any more. @returns how many */
export async function expireUnused(deps: SupportDeps, due: readonly Session[]): Promise<number> {
  let count = 0;
  for (const { id } of due) {
    await deps.records.transaction(access, async (tx) => {
      const session = await lockedSession(tx, id, undefined);
      if (!isUnused(session, deps.clock.now())) return;
      const state = stepped(session, 'expire');
      await keep(deps, tx, { ...session, state }, { actor: system, action: 'support.expired', facts: {} });
      count++;
    });
  }
  return count;
}

/** Good while now is before the end, not at it. */
export const isUnused = (session: Session, now: Date): boolean =>
  ['requested', 'customer-approved', 'provider-approved'].includes(session.state) && now >= session.expiresAt;
