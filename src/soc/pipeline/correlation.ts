import {
  type CorrelationCounters,
  type CorrelationRule,
  type CorrelationState,
  type Correlator,
  correlate,
  type Fired,
} from '@ironbark/sigma';
import { sourceId, tenancyId } from '#platform/scope';
import type { BaseHit, RuleFactsOut } from '#soc/detect';
import type { DetectionRecord, entitiesOf } from '#soc/triage';
import { cleanText, eventText } from './detections.ts';

/** What of a hit is needed to feed it again after a restart. */
export type JournalHit = Pick<BaseHit, 'ruleId' | 'tenancy' | 'eventMs' | 'fields' | 'eventUid'>;

/** State is saved whole after this many hits; until then the hits are kept one by one. */
const journalHits = 5_000;
/** Per tenancy. What is beyond them is evicted, the stalest first, and counted. */
const bounds = { groups: 50_000, entries: 200_000, entriesPerGroup: 20_000 };

/**
 * The running correlations of all tenancies, in one place, fed in the order of the spool.
 * INVARIANT: state saved plus journal since then gives the state as of the checkpoint.
 */
export class Correlations {
  #correlator: Correlator;
  #journaled = 0;

  constructor(rules: readonly CorrelationRule[], saved: Uint8Array | null, journal: readonly JournalHit[]) {
    this.#correlator = correlate(rules, bounds);
    if (saved !== null) {
      const state: CorrelationState = JSON.parse(Buffer.from(saved).toString('utf8')); // written by `save`, in the same transaction as the journal
      this.#correlator.restore(state);
    }
    for (const hit of journal) this.#push(hit);
    this.#journaled = journal.length;
  }

  /** New rules take over the state of correlations that still ask the same. */
  reload(rules: readonly CorrelationRule[]): void {
    const next = correlate(rules, bounds);
    next.restore(this.#correlator.snapshot());
    this.#correlator = next;
    this.#journaled = journalHits;
  }

  /** @returns correlations that came true, each with the hit that made it so */
  feed(hits: readonly BaseHit[]): { fired: Fired; by: BaseHit }[] {
    this.#journaled += hits.length;
    return hits.flatMap((by) =>
      this.#push(by)
        .filter((fired) => fired.alone)
        .map((fired) => ({ fired, by })),
    );
  }

  /** The whole state, when it is time to save it; null: journal the hits instead. */
  due(): Uint8Array | null {
    if (this.#journaled < journalHits) return null;
    this.#journaled = 0;
    return Buffer.from(JSON.stringify(this.#correlator.snapshot()));
  }

  /** How much state is kept, and how much was given up for its bounds, all tenancies together. */
  get totals(): CorrelationCounters {
    return this.#correlator.totals();
  }

  #push(hit: JournalHit): readonly Fired[] {
    return this.#correlator.push(hit.tenancy, hit.ruleId, hit.eventMs, hit.fields, hit.eventUid);
  }
}

export const toJournal = ({ ruleId, tenancy, eventMs, fields, eventUid }: BaseHit): JournalHit => ({
  ruleId,
  tenancy,
  eventMs,
  fields,
  eventUid,
});

export function correlationDetection(
  { fired, by }: { fired: Fired; by: BaseHit },
  facts: RuleFactsOut,
  version: string,
  entities: typeof entitiesOf,
): DetectionRecord {
  const seconds = Math.round((fired.at - fired.from) / 1000);
  const window = {
    selection: fired.rule.type,
    field: null,
    test: `within ${Math.round(fired.rule.timespanMs / 1000)} s`,
    value: `${fired.events} events in ${seconds} s`,
  };
  const groups = Object.entries(fired.group).map(([field, value]) => ({
    selection: 'group-by',
    field,
    test: 'the same',
    value: cleanText(value, 2048),
  }));
  return {
    tenancy: tenancyId(fired.tenancy),
    source: sourceId(by.source),
    rule: { ...facts, version },
    eventAt: new Date(fired.at),
    receivedAt: new Date(by.receivedMs),
    eventUids: fired.refs.length > 0 ? fired.refs : [by.eventUid],
    reasons: [window, ...groups],
    entities: entities((name) => by.about[name], by.source).map(({ kind, value }) => ({
      kind,
      value: cleanText(value, 512),
    })),
    eventJson: eventText(by.eventJson),
  };
}
