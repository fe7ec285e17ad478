import type { CommunityFacts, Directory } from '#identity';
import type { Clock } from '#platform/clock';
import type { Tx } from '#platform/records';
import { type AgreementEvent, inForce, type PublishedVersion, stateAt } from './state.ts';
import { agreementEvents, publishedVersions, standing } from './store.ts';

type Known = {
  readonly revision: number;
  readonly versions: readonly PublishedVersion[];
  readonly events: ReadonlyMap<string, readonly AgreementEvent[]>;
};

/**
 * The community as identity asks for it, with the tenancies that have no agreement in force. Asked for with each request, so
 * that a withdrawal, a suspension and a lapse hold for live sessions and tokens from the next one on. What happened is read
 * again when its revision has changed; what the time does to it is worked out each time.
 * While no version of the policy is published, there is nothing to agree to, and nothing is narrowed.
 */
export function withAgreements(base: Directory, clock: Clock): Directory {
  let known: Known | undefined;
  return {
    ...base,
    async facts(tx) {
      const facts = await base.facts(tx);
      const { revision, seenUntil } = await standing(tx);
      if (known?.revision !== revision) known = await read(tx, revision);
      return { ...facts, unserviced: unservicedIn(facts, known, clock.now(), seenUntil) };
    },
  };
}

async function read(tx: Tx, revision: number): Promise<Known> {
  const events = await agreementEvents(tx);
  return {
    revision,
    versions: await publishedVersions(tx),
    events: Map.groupBy(events, ({ organisation, environment }) => `${organisation}/${environment}`),
  };
}

function unservicedIn(
  { tenancies }: CommunityFacts,
  { versions, events }: Known,
  at: Date,
  seenUntil: Date,
): CommunityFacts['unserviced'] {
  if (versions.length === 0) return undefined;
  const without = new Map<string, 'not-yet' | 'ended'>();
  for (const { id, organisation, environment, internal } of tenancies) {
    if (internal) continue;
    const own = events.get(`${organisation}/${environment}`) ?? [];
    const state = stateAt({ events: own, versions, seenUntil }, at);
    if (!inForce(state))
      without.set(id, ['none', 'invited', 'reviewing'].includes(state.state) ? 'not-yet' : 'ended');
  }
  return without;
}
