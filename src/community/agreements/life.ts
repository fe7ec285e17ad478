import { organisationById } from '#community/organisations';
import type { Actor } from '#identity';
import { Invalid, NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { access, type AgreementDeps, byOf, record } from './deps.ts';
import { AgreementClosed } from './errors.ts';
import { mustBeSigner } from './reading.ts';
import { type AgreementEvent, type AgreementState, stateAt } from './state.ts';
import { factsOf, markingOf, type Place } from './store.ts';
import { insertEvent } from './store-acceptances.ts';

type Step = {
  readonly from: readonly AgreementState['state'][];
  readonly event: (at: Date) => AgreementEvent;
  readonly action: string;
  readonly facts: { readonly [name: string]: string };
};

/** @throws {NotFound} {AgreementClosed} where it is in another state */
async function step(deps: AgreementDeps, actor: Actor, place: Place, given: Step): Promise<AgreementState> {
  return deps.records.transaction(access, async (tx) => {
    await mustExist(tx, place);
    const at = deps.clock.now();
    const { state } = stateAt(await factsOf(tx, place), at);
    if (!given.from.includes(state))
      throw new AgreementClosed(`The agreement is "${state}"; this goes from ${given.from.join(', ')}.`, {
        state,
      });
    await insertEvent(tx, { ...place, ...given.event(at), by: byOf(actor) });
    await record(deps, tx, actor, {
      action: given.action,
      subject: `agreement/${place.organisation}/${place.environment}`,
      place,
      facts: given.facts,
    });
    return stateAt(await factsOf(tx, place), at);
  });
}

async function mustExist(tx: Tx, place: Place): Promise<void> {
  const organisation = await organisationById(tx, place.organisation);
  // The provider agrees with itself by being it.
  if (organisation === undefined || organisation.kind === 'provider')
    throw new NotFound('customer or partner', place.organisation);
  if ((await markingOf(tx, place.environment)) === undefined)
    throw new NotFound('environment', place.environment);
}

/** By the provider; also after an agreement has ended. */
export const invite = (deps: AgreementDeps, actor: Actor, place: Place): Promise<AgreementState> =>
  step(deps, actor, place, {
    from: ['none', 'withdrawn', 'terminated'],
    event: (at) => ({ kind: 'invited', at }),
    action: 'agreement.invited',
    facts: {},
  });

/**
 * By the customer's CIO or CISO: notice, and how it will take its data out.
 * @param effectiveAt left out: at once @throws {NoAppointment} {Invalid} {AgreementClosed}
 */
export async function withdraw(
  deps: AgreementDeps,
  actor: Actor,
  place: Place,
  given: { reason: string; exitPlan: string; effectiveAt?: Date | undefined },
): Promise<AgreementState> {
  await mustBeSigner(deps, actor, place);
  const now = deps.clock.now();
  const effectiveAt = given.effectiveAt ?? now;
  if (effectiveAt < now) throw new Invalid('A withdrawal takes effect now or later.');
  return step(deps, actor, place, {
    from: ['accepted', 'superseded-in-grace', 'lapsed', 'suspended'],
    event: (at) => ({ kind: 'withdrawn', at, effectiveAt: effectiveAt < at ? at : effectiveAt }),
    action: 'agreement.withdrawn',
    facts: { reason: given.reason, exitPlan: given.exitPlan, effectiveAt: effectiveAt.toISOString() },
  });
}

/** By the provider, who has to say why. */
export const suspend = (
  deps: AgreementDeps,
  actor: Actor,
  place: Place,
  reason: string,
): Promise<AgreementState> =>
  step(deps, actor, place, {
    from: ['accepted', 'superseded-in-grace', 'lapsed'],
    event: (at) => ({ kind: 'suspended', at, reason }),
    action: 'agreement.suspended',
    facts: { reason },
  });

export const resume = (deps: AgreementDeps, actor: Actor, place: Place): Promise<AgreementState> =>
  step(deps, actor, place, {
    from: ['suspended'],
    event: (at) => ({ kind: 'resumed', at }),
    action: 'agreement.resumed',
    facts: {},
  });

/** The organisation has left. */
export const terminate = (
  deps: AgreementDeps,
  actor: Actor,
  place: Place,
  reason: string,
): Promise<AgreementState> =>
  step(deps, actor, place, {
    from: ['invited', 'reviewing', 'accepted', 'superseded-in-grace', 'lapsed', 'suspended', 'withdrawn'],
    event: (at) => ({ kind: 'terminated', at }),
    action: 'agreement.terminated',
    facts: { reason },
  });

/** The new CIO or CISO stands by what the one before signed. @throws {NoAppointment} */
export async function confirmSuccession(
  deps: AgreementDeps,
  actor: Actor,
  place: Place,
): Promise<AgreementState> {
  await mustBeSigner(deps, actor, place);
  return step(deps, actor, place, {
    from: ['accepted', 'superseded-in-grace'],
    event: (at) => ({ kind: 'confirmed', at }),
    action: 'agreement.confirmed',
    facts: {},
  });
}
