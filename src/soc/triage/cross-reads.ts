import type { Clock } from '#platform/clock';
import type { Tx } from '#platform/records';
import { tenancyId } from '#platform/scope';
import type { Analyst, Recorder } from './actor.ts';
import * as store from './store-cross-reads.ts';

export type ReadKind = 'alert' | 'event';

export type CrossReads = {
  /**
   * Notes in `tx` that somebody looks at what belongs to another organisation: before they are shown it, so that what
   * can't be noted isn't shown. Once an hour per person, tenancy and kind; cheap in between.
   */
  note(tx: Tx, actor: Analyst, tenancies: readonly string[], what: ReadKind): Promise<void>;
  /** Of `tenancies`, those whose reading by `actor` must still be noted this hour. */
  missing(actor: Analyst, tenancies: readonly string[], what: ReadKind): string[];
};

/**
 * @param owner the organisation whose tenancy it is; undefined when nobody knows: then the read is noted
 */
export function crossReads(deps: {
  clock: Clock;
  ledger: Recorder;
  owner: (tenancy: string) => string | undefined;
}): CrossReads {
  let hour = 0;
  const noted = new Set<string>();
  const keyOf = (actor: Analyst, tenancy: string, what: ReadKind): string =>
    `${actor.id}\n${tenancy}\n${what}`;

  const missing = (actor: Analyst, tenancies: readonly string[], what: ReadKind): string[] => {
    const current = Math.floor(deps.clock.now().getTime() / 3_600_000);
    if (current !== hour) {
      hour = current;
      noted.clear();
    }
    // The program itself; the administrator of the machine is somebody.
    if (actor.id === 'system') return [];
    return tenancies.filter(
      (tenancy) => deps.owner(tenancy) !== actor.organisation && !noted.has(keyOf(actor, tenancy, what)),
    );
  };

  return {
    missing,
    note: async (tx, actor, tenancies, what) => {
      const now = deps.clock.now();
      for (const tenancy of missing(actor, tenancies, what)) {
        const first = await store.noteRead(tx, {
          actor,
          tenancy,
          what,
          hour: new Date(hour * 3_600_000),
          at: now,
        });
        if (first) {
          await deps.ledger.record(tx, {
            actor,
            action: `${what}.read-across`,
            subject: `tenancy/${tenancy}`,
            tenancy: tenancyId(tenancy),
            facts: { organisation: actor.organisation },
          });
        }
        noted.add(keyOf(actor, tenancy, what));
      }
    },
  };
}
