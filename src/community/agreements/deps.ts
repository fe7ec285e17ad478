import { changed, tenancyIdOf } from '#community';
import { accountById, type Actor, type IdentityDeps } from '#identity';
import type { Json } from '#ledger';
import { Invalid, NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { Countersigner } from './countersign.ts';
import { moveOn } from './store-acceptances.ts';
import { type Place, places } from './store.ts';
import type { By } from './store-versions.ts';

/** What the use cases need: identity for the passkey, and the provider's own signature. */
export type AgreementDeps = IdentityDeps & { readonly countersigner: Countersigner };

/**
 * An organisation agrees before it has a tenancy, and a person without any scope may read and sign: so the work is the
 * system's own, and each use case holds its actor to their organisation.
 */
export const access = systemAccess('agreements');

export const byOf = (actor: Actor): By => ({ id: actor.userId ?? actor.id, name: actor.name });

/** The provider sees every organisation, others themselves. @throws {NotFound} */
export function mustSee(actor: Actor, organisation: string): void {
  if (!actor.ofProvider && actor.organisation !== organisation)
    throw new NotFound('organisation', organisation);
}

/** Whoever holds the machine could be either of two people, and so is neither. @throws {Invalid} */
export async function mustBePerson(deps: AgreementDeps, actor: Actor): Promise<void> {
  const id = actor.userId;
  const account =
    id === undefined ? undefined : await deps.records.transaction(access, (tx) => accountById(tx, id));
  if (account === undefined)
    throw new Invalid(
      'Confirming takes a person: sign in to the page, or set IRONBARK_TOKEN to a token of your own account.',
    );
}

/** One change: the ledger's entry, the caches' revision, the community's feed; in the caller's transaction. */
export async function record(
  deps: AgreementDeps,
  tx: Tx,
  actor: Actor,
  entry: { action: string; subject: string; place?: Place; facts: { readonly [name: string]: Json } },
): Promise<string> {
  const { place } = entry;
  await moveOn(tx, deps.clock.now());
  const recorded = await deps.ledger.record(tx, {
    actor,
    action: entry.action,
    subject: entry.subject,
    ...(place && { tenancy: tenancyIdOf(place.organisation, place.environment) }),
    facts: {
      ...entry.facts,
      ...(place && { organisation: place.organisation, environment: place.environment }),
    },
  });
  await tell(tx, place);
  // What identity and the pages watch.
  await deps.records.notify(tx, 'community', '');
  return recorded.id;
}

/** Without a place: the policy itself, and so every agreement. */
async function tell(tx: Tx, place: Place | undefined): Promise<void> {
  for (const { organisation, environment } of place === undefined ? await places(tx) : [place])
    await changed(tx, { kind: 'agreement', id: `${organisation}/${environment}` });
}

/** What was refused is recorded too; what throws afterwards does not undo it. */
export async function recordRefusal(
  deps: AgreementDeps,
  actor: Actor,
  place: Place,
  facts: { readonly [name: string]: Json },
): Promise<void> {
  await deps.records.transaction(access, async (tx) => {
    await deps.ledger.record(tx, {
      actor,
      action: 'agreement.refused',
      subject: `agreement/${place.organisation}/${place.environment}`,
      tenancy: tenancyIdOf(place.organisation, place.environment),
      facts,
    });
  });
}
