import { directory } from '#community';
import type { Actor } from '#identity';
import type { Json, Ledger } from '#ledger';
import type { Clock } from '#platform/clock';
import { NotFound } from '#platform/errors';
import type { Ids } from '#platform/ids';
import type { Records, Tx } from '#platform/records';
import { covers, type Scope, tenancyId } from '#platform/scope';
import type { Asked, Read } from './read-apart.ts';

export type AssetDeps = {
  readonly records: Records;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly ledger: Ledger;
  /** Told, in the change's transaction, that what rests on the inventory of an environment is to be looked at again. */
  readonly onChange?: (tx: Tx, change: { environment: string; now: Date }) => Promise<void>;
  /** Reads a file; left out: in a thread of its own. Tests save the thread. */
  readonly read?: (asked: Asked) => Promise<Read>;
  /** Days after which what no source has seen is stale. */
  readonly staleAfterDays?: number;
};

export const staleAfter = (deps: Pick<AssetDeps, 'staleAfterDays'>): number => deps.staleAfterDays ?? 30;

/** @throws {NotFound} where the tenancy is not there, or out of scope */
export async function environmentOf(tx: Tx, scope: Scope, tenancy: string): Promise<string> {
  const found = covers(scope, tenancyId(tenancy))
    ? (await directory.facts(tx)).tenancies.find(({ id }) => id === tenancy)
    : undefined;
  if (found === undefined) throw new NotFound('tenancy', tenancy);
  return found.environment;
}

export const actorIn = ({ kind, id, name }: Actor) => ({ kind, id, name });

/** The ledger's entry and the word to those whose findings rest on it; in the caller's transaction. */
export async function record(
  deps: AssetDeps,
  tx: Tx,
  actor: Actor,
  entry: {
    action: string;
    subject: string;
    tenancy: string;
    environments: Iterable<string>;
    facts: { readonly [name: string]: Json };
  },
): Promise<void> {
  await deps.ledger.record(tx, {
    actor: actorIn(actor),
    action: entry.action,
    subject: entry.subject,
    tenancy: entry.tenancy,
    facts: entry.facts,
  });
  const now = deps.clock.now();
  for (const environment of new Set(entry.environments)) await deps.onChange?.(tx, { environment, now });
}
