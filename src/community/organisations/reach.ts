import type { Actor } from '#identity';
import { NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { covers, tenancyId } from '#platform/scope';
import { tenancyStates } from './store.ts';

/** Whose people somebody may look at: everybody's, one organisation's, or nobody's. */
export type Reach = { readonly all: true } | { readonly all: false; readonly organisation: string | null };

/** A token that was given only some tenancies reaches its organisation only where it has one of its tenancies. */
export async function reachOf(tx: Tx, actor: Actor): Promise<Reach> {
  if (actor.ofProvider) return { all: true };
  const { scopeOrNone } = actor;
  if (actor.kind === 'token' && scopeOrNone !== undefined) {
    const own = await tenancyStates(tx, actor.organisation);
    if (!own.some(({ id }) => covers(scopeOrNone, tenancyId(id)))) return { all: false, organisation: null };
  }
  return { all: false, organisation: actor.organisation === '' ? null : actor.organisation };
}

export const reaches = (reach: Reach, organisation: string): boolean =>
  reach.all || reach.organisation === organisation;

/** As a store's list takes it: undefined for the whole community, a name that nobody has for nobody. */
export const listed = (reach: Reach): string | undefined =>
  reach.all ? undefined : (reach.organisation ?? '');

/** What is out of reach is told as what is not there. @throws {NotFound} */
export async function mustReach(
  tx: Tx,
  actor: Actor,
  organisation: string | undefined,
  what: { readonly kind: string; readonly id: string },
): Promise<void> {
  if (organisation === undefined || !reaches(await reachOf(tx, actor), organisation))
    throw new NotFound(what.kind, what.id);
}

/** Entries about an organisation stand in its first tenancy's view of the ledger, so that its own people see them. */
export async function ledgerTenancy(tx: Tx, organisation: string): Promise<string | undefined> {
  return (await tenancyStates(tx, organisation))[0]?.id;
}
