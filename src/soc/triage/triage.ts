import type { Clock } from '#platform/clock';
import type { Ids } from '#platform/ids';
import type { Records, Tx } from '#platform/records';
import { type ActDeps, act, undo } from './act.ts';
import type { Analyst, Recorder } from './actor.ts';
import type {
  AlertAction,
  AlertDetail,
  AlertFilter,
  AlertHistogram,
  AlertPage,
  CrossTenancyReads,
} from './contract.ts';
import { type CrossReads, crossReads } from './cross-reads.ts';
import type { DetectionRecord } from './detection.ts';
import { type AlertHub, alertHub } from './hub.ts';
import { detail, histogram, list } from './look.ts';
import { raiseSystemAlert, record, type SystemAlert } from './record.ts';
import * as readStore from './store-cross-reads.ts';

export type TriageDeps = {
  readonly records: Records;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly ledger: Recorder;
  readonly assignee: ActDeps['assignee'];
  /** The organisation that a tenancy belongs to; undefined when it is unknown. */
  readonly owner: (tenancy: string) => string | undefined;
  readonly isDemo: (tenancy: string) => boolean;
  /** Told of what failed behind live streams. */
  readonly failed: (error: unknown) => void;
};

export type Triage = {
  /** For the pipeline, in its checkpoint transaction. */
  record(tx: Tx, detections: readonly DetectionRecord[]): Promise<void>;
  raiseSystemAlert(tx: Tx, alert: SystemAlert): Promise<string>;
  list(
    actor: Analyst,
    filter: AlertFilter,
    page: { after?: string | undefined; limit: number },
  ): Promise<AlertPage>;
  detail(actor: Analyst, id: string): Promise<AlertDetail>;
  histogram(
    actor: Analyst,
    filter: AlertFilter & { from: string; to: string },
    buckets: number,
  ): Promise<AlertHistogram>;
  act(actor: Analyst, action: AlertAction): ReturnType<typeof act>;
  undo(actor: Analyst, token: string): ReturnType<typeof undo>;
  reads(actor: Analyst): Promise<CrossTenancyReads>;
  readonly crossReads: CrossReads;
  readonly hub: AlertHub;
  close(): Promise<void>;
};

const readsShown = 500;

export async function createTriage(deps: TriageDeps): Promise<Triage> {
  const reads = crossReads(deps);
  const look = { records: deps.records, crossReads: reads };
  const hub = await alertHub(deps.records, deps.failed);
  return {
    record: (tx, detections) => record(deps, tx, detections),
    raiseSystemAlert: (tx, alert) => raiseSystemAlert(deps, tx, alert),
    list: (actor, filter, page) => list(look, actor, filter, page),
    detail: (actor, id) => detail(look, actor, id),
    histogram: (actor, filter, buckets) => histogram(look, actor, filter, buckets),
    act: (actor, action) => act(deps, actor, action),
    undo: (actor, token) => undo(deps, actor, token),
    reads: async (actor) => {
      const rows = await deps.records.transaction(actor.scope, (tx) =>
        readStore.reads(tx, actor.scope, readsShown),
      );
      return {
        reads: rows.map(({ actorId, actorName, at, ...row }) => ({
          ...row,
          actor: { id: actorId, name: actorName },
          at: at.toISOString(),
        })),
      };
    },
    crossReads: reads,
    hub,
    close: () => hub.close(),
  };
}
