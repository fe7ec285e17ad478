import type { Clock } from '#platform/clock';
import { NotFound } from '#platform/errors';
import type { Records } from '#platform/records';
import { sourceId } from '#platform/scope';
import type { Spool, Wire } from '#platform/spool';
import type { Operator, Recorder } from './operator.ts';
import * as store from './store.ts';
import * as countStore from './store-counts.ts';

/** Undefined: the door lets it in. */
export type Recheck = (wire: Wire, bytes: Buffer) => { code: string; reason: string } | undefined;

const atOnce = 1000;

/**
 * Puts rejected items back into the spool, where they get new sequences; what a door would still refuse stays.
 * The items are in the spool before they are marked: a crash between the two replays them again rather than never.
 */
export async function replay(
  deps: {
    readonly records: Pick<Records, 'transaction'>;
    readonly spool: Pick<Spool, 'append'>;
    readonly clock: Clock;
    readonly ledger: Recorder;
    readonly recheck: Recheck;
  },
  actor: Operator,
  id: string,
  ids: readonly string[],
): Promise<{ replayed: number; rejectedAgain: number }> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const counted = await store.find(tx, actor.scope, id);
    if (counted === undefined) throw new NotFound('source', id);
    const items = await countStore.toReplay(tx, actor.scope, id, ids, atOnce);
    const good = items.filter(
      ({ wire, bytes, sizeBytes }) => bytes.length === sizeBytes && deps.recheck(wire, bytes) === undefined,
    );
    for (const [, group] of Map.groupBy(good, ({ wire, peer }) => `${wire} ${peer}`)) {
      const [first] = group;
      if (first === undefined) continue;
      await deps.spool.append({
        source: sourceId(id),
        wire: first.wire,
        peer: first.peer,
        receivedAt: deps.clock.now(),
        items: group.map(({ bytes }) => bytes),
        clientIds: group.map(({ clientId }) => clientId),
      });
    }
    const replayed = good.map((item) => item.id);
    if (replayed.length > 0) {
      await countStore.markReplayed(tx, actor.scope, replayed, deps.clock.now());
      await deps.ledger.record(tx, {
        actor,
        action: 'source.rejected-replayed',
        subject: `source/${id}`,
        tenancy: counted.source.tenancy,
        facts: { items: replayed.length },
      });
    }
    return { replayed: replayed.length, rejectedAgain: items.length - replayed.length };
  });
}
